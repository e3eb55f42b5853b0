import { setImmediate } from "node:timers/promises";
import type { AcceptedCommit, OutputReader } from "@unbroken/event-log";
import {
  deviceOfSensor,
  keyOf,
  outOfServiceAt,
  staysOf,
  type EvidenceStretch,
  type Excursion,
  type ExcursionView,
  type Fact,
  type JudgementRecord,
  type QuarantineRecord,
  type Reading,
  type Registry,
  type SpaceNow,
} from "@unbroken/model";
import type { TimeSeries } from "@unbroken/time-series";
import type { EpochMs } from "@unbroken/units";
import type { AlertShelf } from "../alerts/alert-shelf.ts";
import { alertView } from "../alerts/alert-view.ts";
import { isConfirmed, modeOfExcursion } from "../profile-library.ts";
import { profileNow } from "../profile-now.ts";
import { excursionView } from "../views.ts";
import { loadBoard } from "./load-board.ts";
import { QuarantineCount } from "./quarantine-count.ts";
import { tracked, type SensorTrack } from "./sensor-track.ts";
import { conditionNow, spaceNow, type SpaceFacts } from "./space-now.ts";
import { cut, replaced } from "./timeline.ts";

export type ExcursionChange = "opened" | "amended" | "closed" | "retracted";

/** What the board tells whoever follows it; called in the same turn in which it is seen. */
export interface BoardListener {
  excursion(change: ExcursionChange, excursion: ExcursionView): void;
  changed(organisation: string, space: string): void;
  quarantined(organisation: string): void;
}

export interface BoardDeps {
  readonly registry: Registry;
  readonly outputs: OutputReader;
  readonly series: TimeSeries;
  readonly partitions: number;
  readonly shelf: AlertShelf;
  readonly now: () => EpochMs;
}

/** An open excursion and where its state is kept, to look it up again while it grows. */
export interface OpenExcursion {
  readonly excursion: Excursion;
  readonly partition: number;
}

const SPACES_AT_ONCE = 100;
const TIMELINE_KEPT_MS = 48 * 3_600_000;

/**
 * The present of every space, in memory: a projection of facts and of the processor's outputs, which can be built anew
 * from them at any time. Keys are `organisation/space`, `organisation/sensor`, `organisation/device`.
 */
export class Board {
  readonly #deps: BoardDeps;
  readonly #tracks = new Map<string, SensorTrack>();
  readonly #heard = new Map<string, number>();
  readonly #open = new Map<string, Map<string, OpenExcursion>>();
  readonly #revisions = new Map<string, number>();
  readonly #timelines = new Map<string, readonly EvidenceStretch[]>();
  readonly #sensorsOf = new Map<string, Set<string>>();
  readonly #warming = new Map<string, number>();
  /** As of the last refresh. */
  readonly #conditions = new Map<string, SpaceNow["condition"]>();
  /** When the next placement that was stated ahead takes effect. */
  #nextMove = Number.POSITIVE_INFINITY;
  readonly #quarantine = new QuarantineCount();
  readonly #listeners = new Set<BoardListener>();

  constructor(deps: BoardDeps) {
    this.#deps = deps;
    deps.shelf.listen((organisation, space) => this.#changed(keyOf(organisation, space)));
  }

  listen(listener: BoardListener): void {
    this.#listeners.add(listener);
  }

  /** Takes up the processor's state as it stands. @returns the sequence to follow on from, by partition. */
  async load(): Promise<readonly number[]> {
    const loaded = await loadBoard(this.#deps);
    for (const track of loaded.tracks)
      this.#tracks.set(keyOf(track.organisation, track.sensor), track);
    for (const { organisation, sensor, receivedAt } of loaded.heard)
      this.#hear(organisation, sensor, receivedAt);
    for (const [key, stretches] of loaded.timelines) this.#timelines.set(key, stretches);
    for (const { organisation, excursion, partition } of loaded.open) {
      this.#revisions.set(keyOf(organisation, excursion.id), excursion.revision);
      this.#openIn(keyOf(organisation, excursion.space)).set(excursion.id, {
        excursion,
        partition,
      });
    }
    for (const { organisation, receivedAt } of loaded.quarantined)
      this.#quarantine.add(organisation, receivedAt);
    this.#placeAll();
    return loaded.next;
  }

  spaces(): readonly SpaceNow[] {
    return [...this.#deps.registry.spaces.keys()].sort().flatMap((key) => this.#space(key) ?? []);
  }

  space(organisation: string, space: string): SpaceNow | null {
    return this.#space(keyOf(organisation, space));
  }

  lastReceivedAt(organisation: string, device: string): number | null {
    return this.#heard.get(keyOf(organisation, device)) ?? null;
  }

  /** Of the last 24 hours. */
  quarantined(organisation: string | null): number {
    return this.#quarantine.count(organisation, this.#deps.now());
  }

  openExcursions(): readonly { readonly organisation: string; readonly excursion: Excursion }[] {
    return [...this.#open].flatMap(([key, open]) =>
      [...open.values()].map(({ excursion }) => ({
        organisation: key.slice(0, key.indexOf("/")),
        excursion,
      })),
    );
  }

  apply(commit: AcceptedCommit): void {
    for (const output of commit.outputs) {
      const text = Buffer.from(output.body).toString();
      // Our own processor wrote these, and the log holds a checksum over them: types are asserted, not parsed.
      if (output.topic === "readings")
        for (const reading of (JSON.parse(text) as { readings: Reading[] }).readings)
          this.#read(reading);
      else if (output.topic === "judgements")
        this.#judge(JSON.parse(text) as JudgementRecord, commit.partition);
      else {
        const { organisation, receivedAt } = JSON.parse(text) as QuarantineRecord;
        this.#quarantine.add(organisation, receivedAt);
        for (const listener of this.#listeners) listener.quarantined(organisation);
      }
    }
  }

  applyFacts(facts: readonly Fact[]): void {
    let placed = false;
    for (const { organisation, statement } of facts) {
      if (statement.kind === "sensor-placed") placed = true;
      if (statement.kind !== "sensor-placed" && "space" in statement)
        this.#changed(keyOf(organisation, statement.space));
      if (statement.kind === "profile-confirmed") this.#changedAll(organisation);
      if (statement.kind === "site-declared" || statement.kind === "vehicle-declared")
        this.#changedAll(organisation);
    }
    if (placed) this.#placeAll();
  }

  /** Looks again at what changes with time alone: silence, placements ahead, open excursions that grow. */
  async refresh(): Promise<void> {
    if (this.#deps.now() >= this.#nextMove) this.#placeAll();
    let looked = 0;
    for (const key of [...this.#deps.registry.spaces.keys()]) {
      // An excursion that comes meanwhile must not wait until all spaces have been looked at.
      if (++looked % SPACES_AT_ONCE === 0) await setImmediate();
      const facts = this.#factsOf(key);
      if (facts === null) continue;
      const condition = conditionNow(facts, this.#deps.now());
      if (condition === this.#conditions.get(key)) continue;
      this.#conditions.set(key, condition);
      this.#changed(key);
    }
    for (const [key, open] of this.#open)
      for (const { excursion, partition } of [...open.values()])
        await this.#lookAgain(key, excursion, partition);
  }

  #read(reading: Reading): void {
    const { organisation, sensor } = reading;
    this.#hear(organisation, sensor, reading.receivedAt);
    if (reading.quantity !== "temperature") return;
    const key = keyOf(organisation, sensor);
    const before = this.#tracks.get(key) ?? null;
    const track = tracked(before, reading);
    if (track === before) return;
    this.#tracks.set(key, track);
    if (before === null) this.#place(organisation, sensor);
    const space = this.#spaceOf(organisation, sensor);
    if (space !== null) this.#changed(keyOf(organisation, space));
  }

  #judge({ organisation, judgement }: JudgementRecord, partition: number): void {
    switch (judgement.kind) {
      case "excursion-opened":
        this.#excursion("opened", organisation, judgement.excursion, partition);
        return;
      case "excursion-amended":
        this.#excursion("amended", organisation, judgement.excursion, partition);
        return;
      case "excursion-closed":
        this.#excursion("closed", organisation, judgement.excursion, partition);
        return;
      case "excursion-retracted":
        this.#excursion("retracted", organisation, judgement.excursion, partition);
        return;
      case "timeline-changed": {
        const key = keyOf(organisation, judgement.space);
        const timeline = replaced(
          this.#timelines.get(key) ?? [],
          judgement.from,
          judgement.stretches,
        );
        const from = this.#deps.now() - TIMELINE_KEPT_MS;
        this.#timelines.set(key, cut(timeline, from, Number.POSITIVE_INFINITY));
        this.#changed(key);
        return;
      }
      case "gap-opened":
      case "gap-closed":
        this.#changed(keyOf(organisation, judgement.space));
        return;
      case "fault-opened":
      case "fault-closed":
      case "clock-doubt-opened":
      case "clock-doubt-closed":
      case "reading-conflict":
        return;
    }
  }

  #excursion(
    change: ExcursionChange,
    organisation: string,
    excursion: Excursion,
    partition: number,
  ): void {
    const id = keyOf(organisation, excursion.id);
    // What the state already told when the board was loaded comes by once more.
    if (excursion.revision <= (this.#revisions.get(id) ?? 0)) return;
    const key = keyOf(organisation, excursion.space);
    if (excursion.until === null && !excursion.retracted) {
      this.#revisions.set(id, excursion.revision);
      this.#openIn(key).set(excursion.id, { excursion, partition });
    } else {
      this.#revisions.delete(id);
      this.#openIn(key).delete(excursion.id);
    }
    const { registry } = this.#deps;
    const view = excursionView(excursion, {
      organisation,
      spaceName: registry.spaces.get(key)?.name ?? excursion.space,
      mode: modeOfExcursion(registry, organisation, excursion),
    });
    for (const listener of this.#listeners) listener.excursion(change, view);
    this.#changed(key);
  }

  async #lookAgain(key: string, known: Excursion, partition: number): Promise<void> {
    const since = String(known.since).padStart(16, "0");
    const row = await this.#deps.outputs.getState(
      partition,
      `excursion/${key}/${since}/${known.rule}/${known.side}`,
    );
    const open = this.#openIn(key);
    if (row === null || open.get(known.id)?.excursion !== known) return;
    const excursion = JSON.parse(Buffer.from(row).toString()) as Excursion;
    if (excursion.until !== null || excursion.retracted) return;
    if (excursion.provenMs === known.provenMs && excursion.peak === known.peak) return;
    open.set(known.id, { excursion, partition });
    this.#changed(key);
  }

  #hear(organisation: string, sensor: string, receivedAt: number): void {
    const key = keyOf(organisation, deviceOfSensor(sensor));
    if (receivedAt > (this.#heard.get(key) ?? Number.NEGATIVE_INFINITY))
      this.#heard.set(key, receivedAt);
  }

  #openIn(key: string): Map<string, OpenExcursion> {
    const open = this.#open.get(key) ?? new Map<string, OpenExcursion>();
    this.#open.set(key, open);
    return open;
  }

  #spaceOf(organisation: string, sensor: string): string | null {
    const now = this.#deps.now();
    const stay = staysOf(this.#deps.registry, organisation, sensor).find(
      ({ from, to }) => from <= now && (to === null || to > now),
    );
    return stay?.space ?? null;
  }

  #place(organisation: string, sensor: string): void {
    const space = this.#spaceOf(organisation, sensor);
    if (space === null) return;
    const key = keyOf(organisation, space);
    const sensors = this.#sensorsOf.get(key) ?? new Set<string>();
    this.#sensorsOf.set(key, sensors);
    sensors.add(sensor);
  }

  #placeAll(): void {
    const before = new Map([...this.#sensorsOf].map(([key, set]) => [key, [...set].sort().join()]));
    this.#sensorsOf.clear();
    const now = this.#deps.now();
    const ahead = [...this.#deps.registry.placements.values()].flat().map(({ from }) => from);
    this.#nextMove = ahead.reduce<number>(
      (next, from) => (from > now && from < next ? from : next),
      Number.POSITIVE_INFINITY,
    );
    for (const { organisation, sensor } of this.#tracks.values()) this.#place(organisation, sensor);
    for (const key of new Set([...before.keys(), ...this.#sensorsOf.keys()]))
      if (before.get(key) !== [...(this.#sensorsOf.get(key) ?? [])].sort().join())
        this.#changed(key);
  }

  #changedAll(organisation: string): void {
    for (const entry of this.#deps.registry.spaces.values())
      if (entry.organisation === organisation) this.#changed(keyOf(organisation, entry.space));
  }

  #changed(key: string): void {
    const at = key.indexOf("/");
    for (const listener of this.#listeners) listener.changed(key.slice(0, at), key.slice(at + 1));
  }

  #space(key: string): SpaceNow | null {
    const facts = this.#factsOf(key);
    if (facts === null) return null;
    const now = this.#deps.now();
    if (conditionNow(facts, now) !== "warming") {
      this.#warming.delete(key);
      return spaceNow(facts, now);
    }
    const since =
      facts.warmingSince ?? Math.max(...facts.tracks.map(({ measuredAt }) => measuredAt));
    this.#warming.set(key, since);
    return spaceNow({ ...facts, warmingSince: since }, now);
  }

  #factsOf(key: string): SpaceFacts | null {
    const { registry } = this.#deps;
    const space = registry.spaces.get(key);
    if (space === undefined) return null;
    const { organisation, site, vehicle } = space;
    const now = this.#deps.now();
    const profile = profileNow(registry, organisation, space.space, now);
    return {
      space,
      site: site === null ? null : (registry.sites.get(keyOf(organisation, site)) ?? null),
      vehicle:
        vehicle === null ? null : (registry.vehicles.get(keyOf(organisation, vehicle)) ?? null),
      profile,
      confirmed: profile !== null && isConfirmed(registry, organisation, profile.hash),
      tracks: [...(this.#sensorsOf.get(key) ?? [])]
        .sort()
        .flatMap((sensor) => this.#tracks.get(keyOf(organisation, sensor)) ?? []),
      open: [...(this.#open.get(key)?.values() ?? [])].map(({ excursion }) => excursion),
      modeOf: (excursion) => modeOfExcursion(registry, organisation, excursion),
      alerts: this.#deps.shelf
        .openOf(organisation, space.space)
        .map((alert) => alertView(alert, space.name)),
      timeline: this.#timelines.get(key) ?? [],
      warmingSince: this.#warming.get(key) ?? null,
      outOfService: outOfServiceAt(registry, organisation, space.space, now),
      timeConstant:
        registry.thermals.get(key)?.findLast(({ from }) => from <= now)?.timeConstant ?? null,
    };
  }
}
