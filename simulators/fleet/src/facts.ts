import { createHash } from "node:crypto";
import { ALWAYS, canonicalJson, type Fact, type Json, type Statement } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import {
  sendersOf,
  type Scenario,
  type SpacePlan,
  type StatedProfileDocument,
} from "./scenario.ts";

/** No token has this SHA-256 as far as anyone knows: whoever reads these facts in can log in as none of the devices. */
const NO_TOKEN = "0".repeat(64);
const ZONE = "Asia/Shanghai";

/** All that must be stated before the messages mean something, in an order in which each fact's subject exists. */
export function factsOf(scenario: Scenario, statedAt: number): readonly Fact[] {
  return statementsOf(scenario).map((statement, i) => ({
    id: `${scenario.name}-${String(i + 1).padStart(4, "0")}`,
    organisation: scenario.organisation,
    effectiveFrom: ALWAYS,
    statedAt: EpochMs(statedAt),
    statedBy: "fleet-simulator",
    statement,
  }));
}

function statementsOf(scenario: Scenario): readonly Statement[] {
  const hashes = new Map(scenario.profiles.map((profile) => [profile.id, profileHash(profile)]));
  const hashOf = (profile: string): string => {
    const hash = hashes.get(profile);
    if (hash === undefined) throw new RangeError(`${scenario.name} has no profile ${profile}`);
    return hash;
  };
  return [
    ...scenario.sites.map((site): Statement => ({ kind: "site-declared", zone: ZONE, ...site })),
    ...scenario.vehicles.map((vehicle): Statement => ({
      kind: "vehicle-declared",
      zone: ZONE,
      ...vehicle,
    })),
    ...scenario.profiles.map((document): Statement => ({
      kind: "profile-stated",
      profile: document.id,
      hash: hashOf(document.id),
      document: document as Json as Extract<Statement, { kind: "profile-stated" }>["document"],
    })),
    ...scenario.spaces.flatMap(({ space, name, home, profile }): Statement[] => [
      { kind: "space-declared", space, name, ...home },
      { kind: "profile-assigned", space, hash: hashOf(profile) },
    ]),
    ...sendersOf(scenario).flatMap(({ device, name, space }): Statement[] => [
      { kind: "device-registered", device, name, tokenSha256: NO_TOKEN },
      { kind: "sensor-placed", device, space },
    ]),
    ...scenario.spaces.flatMap((space) => physicsOf(space)),
    ...scenario.devices.flatMap(({ device, accuracyC }): Statement[] =>
      accuracyC === undefined
        ? []
        : [{ kind: "sensor-described", device, accuracyMilli: Math.round(accuracyC * 1_000) }],
    ),
  ];
}

function physicsOf({ space, knownPhysics }: SpacePlan): readonly Statement[] {
  if (knownPhysics === undefined) return [];
  const { timeConstant, ambientC, coldestC } = knownPhysics;
  return [
    {
      kind: "thermal-stated",
      space,
      timeConstantMs: timeConstant,
      ambientMilli: Math.round(ambientC * 1_000),
      ...(coldestC === undefined ? {} : { coldestMilli: Math.round(coldestC * 1_000) }),
    },
  ];
}

/** SHA-256 of the document as stated, in canonical JSON (RFC 8785), hex. */
export function profileHash(document: StatedProfileDocument): string {
  return createHash("sha256")
    .update(canonicalJson(document as Json))
    .digest("hex");
}
