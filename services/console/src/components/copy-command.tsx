import { useEffect, useState } from "react";
import { useMessages } from "../i18n/language.ts";
import { Icon } from "./icons.tsx";

/** A command to take away: shown whole, copied with one button. */
export function CopyCommand({ command }: { readonly command: string }) {
  const messages = useMessages();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 2_000);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(command).then(
      () => setCopied(true),
      // Refused without a secure context: the text can still be selected by hand.
      () => setCopied(false),
    );
  };
  return (
    <div className="command">
      <pre tabIndex={0}>
        <code>{command}</code>
      </pre>
      <button type="button" className="button" onClick={copy}>
        <Icon name={copied ? "check" : "copy"} />
        <span aria-live="polite">{copied ? messages.empty.copied : messages.empty.copy}</span>
      </button>
    </div>
  );
}
