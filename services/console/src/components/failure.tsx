import { useMessages } from "../i18n/language.ts";

/** What happened, what was kept, and what to do. */
export function Failure({ code, onRetry }: { readonly code: string; onRetry: () => void }) {
  const { failure } = useMessages();
  return (
    <div className="failure" role="alert">
      <div>
        <strong>{failure.title}</strong>{" "}
        <span>{code === "network" ? failure.network : failure.server(code)}</span>
      </div>
      <button type="button" className="button" onClick={onRetry}>
        {failure.retry}
      </button>
    </div>
  );
}
