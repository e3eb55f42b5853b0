import { useEffect, useRef } from "react";
import { useMessages } from "../i18n/language.ts";
import { Icon } from "./icons.tsx";

/** Lists the keys. A native dialog: it keeps the focus, and Esc closes it. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const messages = useMessages();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { keys } = messages;
  const rows: readonly (readonly [keys: readonly string[], what: string])[] = [
    [["↑", "↓", "←", "→", "j", "k"], keys.move],
    [["Enter"], keys.enter],
    [["a"], keys.acknowledge],
    [["/"], keys.filter],
    [["Esc"], keys.back],
    [["w"], keys.wall],
    [["t"], keys.theme],
    [["l"], keys.language],
    [["?"], keys.help],
  ];
  return (
    <dialog ref={dialog} className="dialog" onClose={onClose} aria-labelledby="keys-title">
      <div className="dialog-head">
        <h2 id="keys-title">{keys.title}</h2>
        <button
          type="button"
          className="button quiet icon"
          aria-label={keys.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <dl className="keys">
        {rows.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
