import { useMessages } from "../i18n/language.ts";
import { CopyCommand } from "./copy-command.tsx";

/** Nothing registered yet: the two commands that change it. The board fills by itself once they have run. */
export function EmptyBoard() {
  const messages = useMessages();
  const { empty } = messages;
  return (
    <main className="page empty" id="content">
      <div className="empty-card">
        <span className="empty-mark" aria-hidden="true" />
        <h1>{empty.title}</h1>
        <p className="lead">{empty.lead}</p>
        <h2>{empty.step1}</h2>
        <CopyCommand command={addCommand(location.origin)} />
        <h2>{empty.step2}</h2>
        <CopyCommand command={publishCommand(location.hostname)} />
        <p className="hint">{empty.step2Hint}</p>
        <p className="waiting">
          <span className="live-dot" aria-hidden="true" />
          {empty.waiting}
        </p>
      </div>
    </main>
  );
}

function addCommand(server: string): string {
  return [
    `npx unbroken device add --server ${server} --token TOKEN \\`,
    "  --organisation demo --device probe-1 --space room-1 --profile chilled.cn",
  ].join("\n");
}

function publishCommand(host: string): string {
  return [
    `mosquitto_pub -h ${host} -p 1883 -q 1 -u USERNAME -P PASSWORD \\`,
    `  -t unbroken/v1/demo/probe-1/up -m '{"temperature_c":4.2}'`,
  ].join("\n");
}
