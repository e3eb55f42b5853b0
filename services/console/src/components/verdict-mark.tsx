import type { VerdictAnswer } from "../data/verdict.ts";

/** The three answers, each with a shape of its own: a closed ring with a tick, a torn octagon, a hatched square. */
export function VerdictMark({
  verdict,
  size = 16,
}: {
  readonly verdict: VerdictAnswer["verdict"];
  readonly size?: number;
}) {
  return (
    <svg
      className={`mark verdict-${verdict}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {shapes[verdict]}
    </svg>
  );
}

const shapes = {
  intact: (
    <>
      <circle className="fill" cx="8" cy="8" r="7.500" />
      <path className="on" d="m4.700 8.300 2.300 2.300 4.300-4.800" />
    </>
  ),
  broken: (
    <>
      <path
        className="fill"
        d="M5.200.500h5.600L15.500 5.200v5.600l-4.700 4.700H5.200L.500 10.800V5.200z"
      />
      <path className="on" d="M8 4v4.600M8 11.600v.1" />
    </>
  ),
  unproven: (
    <>
      <rect className="edge thin" x="1.500" y="1.500" width="13" height="13" rx="2" />
      <path className="edge thin" d="M2 8l6-6M2.500 13.500l11-11M8 14l6-6" />
    </>
  ),
} as const;
