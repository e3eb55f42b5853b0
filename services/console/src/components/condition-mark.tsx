import type { Condition } from "../board/urgency.ts";

/** A shape of its own for each condition, so that none is told by colour alone. */
export function ConditionMark({
  condition,
  side = "high",
  size = 16,
}: {
  readonly condition: Condition;
  readonly side?: "high" | "low";
  readonly size?: number;
}) {
  return (
    <svg
      className={`mark ${condition} ${side}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {shapeOf(condition, side)}
    </svg>
  );
}

function shapeOf(condition: Condition, side: "high" | "low") {
  switch (condition) {
    // A link torn apart.
    case "broken":
      return (
        <>
          <path
            className="fill"
            d="M5.200.500h5.600L15.500 5.200v5.600l-4.700 4.700H5.200L.500 10.800V5.200z"
          />
          <path className="on" d="M8 4v4.600M8 11.600v.1" />
        </>
      );
    case "out":
      return (
        <>
          <path className="edge" d={side === "high" ? "M8 1.500 15 14H1z" : "M8 14.500 1 2h14z"} />
          <path
            className="dot"
            d={side === "high" ? "M8 6v3.600M8 11.800v.1" : "M8 4v3.600M8 9.800v.1"}
          />
        </>
      );
    case "warming":
      return (
        <path
          className="edge"
          d={side === "high" ? "M2 12.500 6 8l3 3 5-7M10 4h4v4" : "M2 3.500 6 8l3-3 5 7M10 12h4V8"}
        />
      );
    case "unproven":
      return (
        <>
          <rect className="edge thin" x="1.500" y="1.500" width="13" height="13" rx="2" />
          <path className="edge thin" d="M2 8l6-6M2.500 13.500l11-11M8 14l6-6" />
        </>
      );
    // A pause: nothing is judged.
    case "out-of-service":
      return <path className="edge" d="M5.500 4v8M10.500 4v8" />;
    case "in-range":
      return <circle className="fill" cx="8" cy="8" r="4.500" />;
  }
}
