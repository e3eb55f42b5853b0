import type { SpaceNow } from "@unbroken/model";
import { rangeSign } from "../board/limits.ts";
import { formatLimit, unitText } from "../format/number.ts";
import { spanText } from "../format/span.ts";
import { useMessages } from "../i18n/language.ts";
import { CopyCommand } from "./copy-command.tsx";

/** The rules that judge the space, each with the clause it comes from, and the version by its hash. */
export function ProfilePanel({ space }: { readonly space: SpaceNow }) {
  const messages = useMessages();
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
          <p className="profile-name">{profile.title}</p>
          <ul className="limits">
            {profile.limits.map((limit) => (
              <li key={limit.rule}>
                <span className="limit number">
                  {rangeSign(limit.comparison)} {formatLimit(limit.limit)}
                  <span className="unit">{unitText(limit.unit)}</span>
                </span>
                <span>
                  {limit.hold_ms === 0
                    ? words.instant
                    : words.hold(spanText(limit.hold_ms, messages.span))}
                  {limit.clause === null ? null : (
                    <span className="clause">
                      {words.clause} {limit.clause}
                    </span>
                  )}
                </span>
              </li>
            ))}
          </ul>
          <dl className="facts">
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

function assignCommand({ organisation, space }: SpaceNow): string {
  return [
    `curl -X PUT ${location.origin}/api/v1/organisations/${organisation}/spaces/${space}/profile \\`,
    `  -H 'authorization: Bearer TOKEN' -H 'content-type: application/json' -d '{"profile":"chilled.cn"}'`,
  ].join("\n");
}
