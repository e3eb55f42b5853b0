import type { ReactNode } from "react";

/** Paths on a 16 × 16 grid, stroked in the colour of the text. */
const shapes = {
  board: (
    <path d="M2.5 2.500h4.500v4.500h-4.500zM9 2.500h4.500v4.500h-4.500zM2.500 9h4.500v4.500h-4.500zM9 9h4.500v4.500h-4.500z" />
  ),
  inbox: <path d="M2 9.500 4 3h8l2 6.500v3.500h-12zM2 9.500h3.500l1 1.750h3l1-1.750H14" />,
  search: <path d="M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9M10.500 10.500 14 14" />,
  wall: <path d="M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10" />,
  sun: (
    <path d="M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1.100 1.100M11.900 11.900 13 13M13 3l-1.100 1.100M4.100 11.900 3 13" />
  ),
  moon: <path d="M13.500 9.600A5.800 5.800 0 0 1 6.400 2.500a5.800 5.800 0 1 0 7.100 7.100z" />,
  auto: (
    <>
      <circle cx="8" cy="8" r="5.500" />
      <path d="M8 2.500v11a5.500 5.500 0 0 0 0-11z" fill="currentColor" />
    </>
  ),
  keys: (
    <path d="M1.500 4h13v8h-13zM4 6.700h.01M6.700 6.700h.01M9.300 6.700h.01M12 6.700h.01M5 9.500h6" />
  ),
  leave: <path d="M6.500 2.500h-4v11h4M6 8h8M11 5l3 3-3 3" />,
  back: <path d="M9.500 3 4.500 8l5 5" />,
  alert: <path d="M8 1.800 15 14H1zM8 6v3.600M8 11.800v.1" />,
  bell: (
    <path d="M3 11.500h10c-1.200-1.100-1.500-2.300-1.500-4.500a3.500 3.500 0 0 0-7 0c0 2.200-.3 3.400-1.500 4.500zM6.700 14h2.600" />
  ),
  copy: <path d="M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z" />,
  check: <path d="m2.500 8.500 3.500 3.500 7.500-8" />,
  close: <path d="m3 3 10 10M13 3 3 13" />,
  more: <path d="m3.500 6 4.500 4.500L12.500 6" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

/** Decoration beside a word or a name for screen readers; says nothing by itself. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.500"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  );
}

/** Two links that hold each other. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--cold)" />
      <g fill="none" stroke="var(--on-cold)" strokeWidth="3" strokeLinecap="round">
        <path d="M14.500 21.500h-2a5.500 5.500 0 0 1 0-11h5" />
        <path d="M17.500 10.500h2a5.500 5.500 0 0 1 0 11h-5" />
        <path d="M12.500 16h7" />
      </g>
    </svg>
  );
}
