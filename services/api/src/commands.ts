import { createHash, randomBytes } from "node:crypto";
import {
  ALWAYS,
  keyOf,
  momentOf,
  upTopic,
  type DeclareSite,
  type DeclareSpace,
  type DeclareVehicle,
  type DeviceCredentials,
  type PlaceSensor,
  type RegisterDevice,
  type Statement,
} from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { z } from "zod";
import type { FactBook, NewFact } from "./fact-book.ts";
import { RequestRefused } from "./http/problem.ts";
import {
  documentOf,
  documentOfHash,
  isConfirmed,
  statedDocument,
  type NamedDocument,
} from "./profile-library.ts";
import type { ConfirmProfile } from "./routes/api-schemas.ts";

type ProfileText = z.output<typeof DeclareSpace>["profile"];

/**
 * What people state, as facts. Each command looks up, states and is visible before the next one starts; a statement
 * that changes nothing is not stated again. All return the ids of the facts.
 */
export class Commands {
  readonly #book: FactBook;
  readonly #now: () => EpochMs;

  constructor(book: FactBook, now: () => EpochMs) {
    this.#book = book;
    this.#now = now;
  }

  declareSite(
    organisation: string,
    site: string,
    stated: z.output<typeof DeclareSite>,
    by: string,
  ): Promise<readonly string[]> {
    refuseUnknownZone(stated.zone);
    return this.#book.exclusive(() => {
      const known = this.#book.registry.sites.get(keyOf(organisation, site));
      const { name, zone, region } = stated;
      if (known?.name === name && known.zone === zone && known.region === (region ?? null))
        return Promise.resolve([]);
      return this.#state(organisation, [{ kind: "site-declared", site, ...stated }], by);
    });
  }

  declareVehicle(
    organisation: string,
    vehicle: string,
    stated: z.output<typeof DeclareVehicle>,
    by: string,
  ): Promise<readonly string[]> {
    refuseUnknownZone(stated.zone);
    return this.#book.exclusive(() => {
      const known = this.#book.registry.vehicles.get(keyOf(organisation, vehicle));
      const { name, zone, plate } = stated;
      if (known?.name === name && known.zone === zone && known.plate === (plate ?? null))
        return Promise.resolve([]);
      return this.#state(organisation, [{ kind: "vehicle-declared", vehicle, ...stated }], by);
    });
  }

  /** @throws UB_REQUEST_INVALID if site or vehicle are not declared, or both are named; UB_PROFILE_… */
  declareSpace(
    organisation: string,
    space: string,
    { profile, ...stated }: z.output<typeof DeclareSpace>,
    by: string,
  ): Promise<readonly string[]> {
    return this.#book.exclusive(() => {
      this.#refuseUndeclared(organisation, stated);
      const known = this.#book.registry.spaces.get(keyOf(organisation, space));
      const same =
        known?.name === stated.name &&
        known.site === (stated.site ?? null) &&
        known.vehicle === (stated.vehicle ?? null);
      const declared: Statement = { kind: "space-declared", space, ...stated };
      return this.#book.state(
        [
          ...(same ? [] : [this.#fromNow(organisation, declared)]),
          ...this.#assignment(organisation, space, profile),
        ],
        by,
      );
    });
  }

  /** From the beginning of all time where the space has none yet, else from now on. @throws UB_NOT_FOUND, UB_PROFILE_… */
  assignProfile(
    organisation: string,
    space: string,
    profile: NonNullable<ProfileText>,
    by: string,
  ): Promise<readonly string[]> {
    return this.#book.exclusive(() => {
      if (!this.#book.registry.spaces.has(keyOf(organisation, space)))
        throw new RequestRefused("UB_NOT_FOUND", `no space is called ${space}`);
      return this.#book.state(this.#assignment(organisation, space, profile), by);
    });
  }

  /** @throws UB_PROFILE_INVALID */
  stateProfile(
    organisation: string,
    document: Readonly<Record<string, unknown>>,
    by: string,
  ): Promise<{ readonly hash: string; readonly facts: readonly string[] }> {
    const named = statedDocument(document, "");
    return this.#book.exclusive(async () => ({
      hash: named.hash,
      facts: await this.#book.state(this.#profileStated(organisation, named), by),
    }));
  }

  /** Confirming twice is confirming once. @throws UB_NOT_FOUND */
  confirmProfile(
    organisation: string,
    hash: string,
    { note }: z.output<typeof ConfirmProfile>,
    by: string,
  ): Promise<readonly string[]> {
    return this.#book.exclusive(() => {
      const { registry } = this.#book;
      const named = documentOfHash(registry, organisation, hash);
      if (named === null)
        throw new RequestRefused("UB_NOT_FOUND", `no profile has the hash ${hash}`);
      if (isConfirmed(registry, organisation, hash)) return Promise.resolve([]);
      const said = note === undefined ? {} : { note };
      const confirmed: Statement = { kind: "profile-confirmed", profile: named.id, hash, ...said };
      return this.#book.state(
        [...this.#profileStated(organisation, named), this.#fromNow(organisation, confirmed)],
        by,
      );
    });
  }

  /** @throws UB_CONFLICT if the device exists and is not revoked; UB_REQUEST_INVALID, UB_PROFILE_… */
  async registerDevice(
    organisation: string,
    device: string,
    { name, space, profile }: z.output<typeof RegisterDevice>,
    by: string,
  ): Promise<DeviceCredentials> {
    if (space === undefined && profile !== undefined)
      throw new RequestRefused("UB_REQUEST_INVALID", "/profile: a profile belongs to a space", [
        { pointer: "/profile", detail: "a profile belongs to a space: name it" },
      ]);
    // 32 random bytes need no slow hash: SHA-256 of them cannot be guessed.
    const password = randomBytes(32).toString("base64url");
    const tokenSha256 = createHash("sha256").update(password).digest("hex");
    await this.#book.exclusive(() => {
      const { registry } = this.#book;
      const known = registry.devices.get(keyOf(organisation, device));
      if (known !== undefined && !known.revoked)
        throw new RequestRefused("UB_CONFLICT", `the device ${device} exists; revoke it first`);
      const named = name === undefined ? {} : { name };
      const facts: NewFact[] = [
        this.#fromNow(organisation, { kind: "device-registered", device, ...named, tokenSha256 }),
      ];
      if (space !== undefined) {
        if (!registry.spaces.has(keyOf(organisation, space)))
          facts.push(this.#fromNow(organisation, { kind: "space-declared", space, name: space }));
        facts.push(...this.#assignment(organisation, space, profile));
        facts.push(this.#firstPlacement(organisation, device, space));
      }
      return this.#book.state(facts, by);
    });
    const username = `${organisation}/${device}`;
    return { organisation, device, username, password, topic: upTopic(organisation, device) };
  }

  /** Revoking twice is revoking once. @throws UB_NOT_FOUND */
  revokeDevice(organisation: string, device: string, by: string): Promise<readonly string[]> {
    return this.#book.exclusive(() =>
      this.#deviceOf(organisation, device).revoked
        ? Promise.resolve([])
        : this.#state(organisation, [{ kind: "device-revoked", device }], by),
    );
  }

  /** @throws UB_NOT_FOUND for the device, UB_REQUEST_INVALID for a space that is not declared */
  placeSensor(
    organisation: string,
    device: string,
    { space, probe, effective_from }: z.output<typeof PlaceSensor>,
    by: string,
  ): Promise<readonly string[]> {
    return this.#book.exclusive(() => {
      this.#deviceOf(organisation, device);
      if (!this.#book.registry.spaces.has(keyOf(organisation, space)))
        throw undeclared("space", space);
      const named = probe === undefined ? {} : { probe };
      const statement: Statement = { kind: "sensor-placed", device, ...named, space };
      const effectiveFrom = effective_from === undefined ? this.#now() : momentOf(effective_from);
      return this.#book.state([{ organisation, effectiveFrom, statement }], by);
    });
  }

  #state(
    organisation: string,
    statements: readonly Statement[],
    by: string,
  ): Promise<readonly string[]> {
    return this.#book.state(
      statements.map((statement) => this.#fromNow(organisation, statement)),
      by,
    );
  }

  #fromNow(organisation: string, statement: Statement): NewFact {
    return { organisation, effectiveFrom: this.#now(), statement };
  }

  /** Back-filled history counts for the space that a new device stands in; a moved one keeps its past. */
  #firstPlacement(organisation: string, device: string, space: string): NewFact {
    const isNew = !this.#book.registry.placements.has(keyOf(organisation, device));
    return {
      organisation,
      effectiveFrom: isNew ? ALWAYS : this.#now(),
      statement: { kind: "sensor-placed", device, space },
    };
  }

  #assignment(organisation: string, space: string, profile: ProfileText): readonly NewFact[] {
    if (profile === undefined) return [];
    const { registry } = this.#book;
    const named = documentOf(registry, organisation, profile);
    const { hash } = named;
    const assigned = registry.assignments.get(keyOf(organisation, space)) ?? [];
    const now = this.#now();
    if (assigned.findLast(({ from }) => from <= now)?.hash === hash) return [];
    const facts: NewFact[] = [...this.#profileStated(organisation, named)];
    facts.push({
      organisation,
      effectiveFrom: assigned.length === 0 ? ALWAYS : now,
      statement: { kind: "profile-assigned", space, hash },
    });
    return facts;
  }

  #profileStated(organisation: string, { id, hash, document }: NamedDocument): readonly NewFact[] {
    if (this.#book.registry.profiles.has(keyOf(organisation, hash))) return [];
    return [
      this.#fromNow(organisation, {
        kind: "profile-stated",
        profile: id,
        hash,
        document: document as never,
      }),
    ];
  }

  #deviceOf(organisation: string, device: string): { readonly revoked: boolean } {
    const known = this.#book.registry.devices.get(keyOf(organisation, device));
    if (known === undefined)
      throw new RequestRefused("UB_NOT_FOUND", `no device is called ${device}`);
    return known;
  }

  #refuseUndeclared(
    organisation: string,
    { site, vehicle }: { site?: string | undefined; vehicle?: string | undefined },
  ): void {
    if (site !== undefined && vehicle !== undefined)
      throw new RequestRefused(
        "UB_REQUEST_INVALID",
        "/vehicle: a space is in a site or a vehicle",
        [{ pointer: "/vehicle", detail: "a space is in a site or in a vehicle, not in both" }],
      );
    const { sites, vehicles } = this.#book.registry;
    if (site !== undefined && !sites.has(keyOf(organisation, site))) throw undeclared("site", site);
    if (vehicle !== undefined && !vehicles.has(keyOf(organisation, vehicle)))
      throw undeclared("vehicle", vehicle);
  }
}

function undeclared(what: "site" | "vehicle" | "space", id: string): RequestRefused {
  const detail = `no ${what} is called ${id}; declare it first`;
  return new RequestRefused("UB_REQUEST_INVALID", `/${what}: ${detail}`, [
    { pointer: `/${what}`, detail },
  ]);
}

/** The zone table is the runtime's (ECMA-402 §6.5). @throws UB_REQUEST_INVALID */
function refuseUnknownZone(zone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    throw new RequestRefused("UB_REQUEST_INVALID", `/zone: no time zone is called ${zone}`, [
      { pointer: "/zone", detail: `no time zone is called ${zone}` },
    ]);
  }
}
