import type { Mark } from "../board/marks.ts";
import type { Range } from "../data/envelope.ts";
import { useMessages } from "../i18n/language.ts";

export type MarkKind = "door" | "defrost" | "phase" | "service";
export type Marks = Readonly<Record<MarkKind, readonly Mark[]>>;
export const markKinds: readonly MarkKind[] = ["door", "defrost", "phase", "service"];

/** Below the evidence, on the same axis of time: what happened to the room. A kind of which there is none has no row. */
export function MarksRail({ marks, range }: { readonly marks: Marks; readonly range: Range }) {
  const messages = useMessages();
  const shown = markKinds.filter((kind) => marks[kind].length > 0);
  const share = (at: number) => ((at - range.from) / (range.to - range.from)) * 100;
  return shown.map((kind) => (
    <div className="rail" key={kind}>
      <span className="rail-label">{messages.space.marks[kind]}</span>
      <span
        className={`marks ${kind}`}
        role="img"
        aria-label={messages.space.markBar(messages.space.marks[kind], marks[kind].length)}
      >
        {marks[kind].map(({ from, to, label }) => (
          <span
            key={`${from} ${label}`}
            className="one-mark"
            title={label}
            style={{ left: `${share(from)}%`, width: `${share(to) - share(from)}%` }}
          >
            <span className="mark-label">{label}</span>
          </span>
        ))}
      </span>
    </div>
  ));
}
