import { formatCelsius } from "../format/number.ts";

/** A temperature: the figure large, the unit small. A missing value is a dash, never a zero. */
export function Temperature({ value }: { readonly value: number | null }) {
  if (value === null)
    return (
      <span className="number no-value" aria-hidden="true">
        –
      </span>
    );
  return (
    <span className="number">
      {formatCelsius(value)}
      <span className="unit">°C</span>
    </span>
  );
}
