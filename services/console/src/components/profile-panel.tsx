import { useState } from "react";
import type { ProfileView, SpaceNow } from "@unbroken/model";
import { profileTitle } from "../board/statement.ts";
import { codeOf, postJson } from "../data/api.ts";
import { spanText } from "../format/span.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { CopyCommand } from "./copy-command.tsx";
import { Icon } from "./icons.tsx";

/** Which rules judge the space, where they come from and whose claim they are; the version by its hash. */
export function ProfilePanel({ space }: { readonly space: SpaceNow }) {
  const messages = useMessages();
  const language = useLanguage();
  const { space: words } = messages;
  const { profile } = space;
  return (
    <section className="panel" aria-labelledby="profile-title">
      <div className="panel-head">
        <h2 id="profile-title">{words.profile}</h2>
      </div>
      {profile === null ? (
        <>
          <p className="quiet-text">{words.noProfile}</p>
          <p className="quiet-text">{words.noProfileHint}</p>
          <CopyCommand command={assignCommand(space)} />
        </>
      ) : (
        <>
          <p className="profile-name">{profileTitle(profile, language)}</p>
          <Confidence space={space} profile={profile} />
          <dl className="facts">
            {profile.source === null ? null : (
              <div>
                <dt>{words.source}</dt>
                <dd>{profile.source}</dd>
              </div>
            )}
            {profile.edition === null ? null : (
              <div>
                <dt>{words.edition}</dt>
                <dd>{profile.edition}</dd>
              </div>
            )}
            <div>
              <dt>{words.cadence}</dt>
              <dd className="number">{spanText(profile.cadence_ms, messages.span)}</dd>
            </div>
            <div>
              <dt>{words.gapAfter}</dt>
              <dd className="number">{spanText(profile.gap_ms, messages.span)}</dd>
            </div>
            <div>
              <dt>{words.version}</dt>
              <dd>
                <code title={profile.hash}>
                  {profile.id}@{profile.hash.slice(0, 8)}
                </code>
              </dd>
            </div>
          </dl>
        </>
      )}
    </section>
  );
}

type Confirming = "no" | "busy" | "done" | { readonly code: string };

/** A template's numbers are nobody's claim until an operator confirms them. */
function Confidence({
  space,
  profile,
}: {
  readonly space: SpaceNow;
  readonly profile: ProfileView;
}) {
  const { space: words } = useMessages();
  const [state, setState] = useState<Confirming>("no");
  if (profile.confidence !== "template") return null;
  if (profile.confirmed || state === "done")
    return (
      <p className="confirmed" role="status">
        <Icon name="check" />
        {words.confirmed}
      </p>
    );
  const confirm = () => {
    if (state === "busy") return;
    setState("busy");
    const path = `/organisations/${encodeURIComponent(space.organisation)}/profiles/${profile.hash}/confirmation`;
    postJson(path, {}).then(
      () => setState("done"),
      (problem: unknown) => setState({ code: codeOf(problem) }),
    );
  };
  return (
    <div className="template">
      <p>
        <b>{words.confidence}</b>
      </p>
      <p>{words.confidenceHint}</p>
      <button type="button" className="button" aria-disabled={state === "busy"} onClick={confirm}>
        {state === "busy" ? words.confirming : words.confirm}
      </button>
      {typeof state === "object" ? <p role="alert">{words.confirmFailed(state.code)}</p> : null}
    </div>
  );
}

function assignCommand({ organisation, space }: SpaceNow): string {
  return [
    `curl -X PUT ${location.origin}/api/v1/organisations/${organisation}/spaces/${space}/profile \\`,
    `  -H 'authorization: Bearer TOKEN' -H 'content-type: application/json' -d '{"profile":"chilled.cn"}'`,
  ].join("\n");
}
