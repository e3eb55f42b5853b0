import type {
  EnvelopeBucket,
  ExcursionEntry,
  ExcursionView,
  ForecastNow,
  SensorNow,
  SpaceNow,
} from "@unbroken/model";
import { alertsOf } from "./fixture-alerts.ts";
import type { Room } from "./fixture-rooms.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

type Class = SpaceNow["timeline"][number]["class"];

/** The life of one room up to `now`: what its probes read, and what a judge makes of it. For looking at designs only. */
export class Life {
  readonly room: Room;
  readonly now: number;
  readonly cadence: number;

  constructor(room: Room, now: number) {
    this.room = room;
    this.now = now;
    this.cadence = room.profile?.cadence_ms ?? 5 * MINUTE;
  }

  sensorNames(): readonly string[] {
    return Array.from(
      { length: this.room.sensors },
      (_, i) => `${this.room.space}-logger/p${i + 1}`,
    );
  }

  valueAt(sensor: number, at: number): number | null {
    const { room } = this;
    const ago = (this.now - at) / MINUTE;
    if (room.silences.some(([from, to]) => ago < from && ago > to - 0.001)) return null;
    if (room.deadProbe && ago < 200) return null;
    let value = room.set + room.swing * Math.sin(at / (7 * MINUTE) + sensor) + sensor * 0.3;
    for (const spell of room.spells) {
      if (ago > spell.from) continue;
      const warm = (minutes: number) => 1 - Math.exp(-minutes / spell.tau);
      const lasted = spell.from - Math.max(ago, spell.to);
      const cooled = ago < spell.to ? Math.exp(-(spell.to - ago) / (spell.tau * 0.6)) : 1;
      value += spell.by * warm(lasted) * cooled;
    }
    return Math.round((value + noise(at, sensor) * 0.12) * 100) / 100;
  }

  times(from: number, to: number): readonly number[] {
    const shift = (this.room.space.length * 7_919) % this.cadence;
    const times: number[] = [];
    const first = Math.ceil((from - shift) / this.cadence) * this.cadence + shift;
    for (let at = first; at < Math.min(to, this.now); at += this.cadence) times.push(at);
    return times;
  }

  classAt(at: number): Class {
    if (this.room.outOfService !== null && at >= this.offFrom()) return "off";
    const values = this.sensorNames().map((_, i) => this.valueAt(i, at));
    const limits = this.room.profile?.limits ?? [];
    for (const limit of limits) {
      const isOut = (value: number | null) =>
        value !== null && (limit.side === "high" ? value > limit.limit : value < limit.limit);
      if (values.some(isOut)) return limit.side;
    }
    return values.length === 0 || values.includes(null) ? "unproven" : "in";
  }

  timeline(from: number, to: number): SpaceNow["timeline"] {
    const stretches: { from: string; to: string | null; class: Class }[] = [];
    if (!this.room.heard) return [];
    for (const at of this.times(from - this.cadence, to)) {
      const what = this.classAt(at);
      const last = stretches.at(-1);
      if (last?.class === what) continue;
      if (last !== undefined) last.to = iso(at);
      stretches.push({ from: iso(Math.max(at, from)), to: null, class: what });
    }
    return stretches;
  }

  envelope(sensor: number, from: number, to: number, count: number): readonly EnvelopeBucket[] {
    const width = (to - from) / count;
    const buckets = new Map<number, { at: number; value: number }[]>();
    for (const at of this.room.heard ? this.times(from, to) : []) {
      const value = this.valueAt(sensor, at);
      if (value === null) continue;
      const slot = Math.floor((at - from) / width);
      buckets.set(slot, [...(buckets.get(slot) ?? []), { at, value }]);
    }
    return [...buckets].map(([slot, readings]) => {
      const values = readings.map(({ value }) => value);
      return {
        from: iso(from + slot * width),
        to: iso(from + (slot + 1) * width),
        count: values.length,
        min: Math.min(...values),
        max: Math.max(...values),
        mean: Math.round((values.reduce((a, b) => a + b, 0) / values.length) * 1_000) / 1_000,
        first_at: iso(readings[0]?.at ?? from),
        last_at: iso(readings.at(-1)?.at ?? from),
        faults: 0,
      };
    });
  }

  /** With their lineage: those that are over were two until late readings joined them. */
  excursions(from: number, to: number): readonly ExcursionEntry[] {
    return this.views(from, to).map((view) => {
      const { space, rule, side, since, until } = view;
      const other = `${space}|${rule}|${side}|${Date.parse(since) + 1_800_000}`;
      return { ...view, replaces: until === null ? [] : [other], replaced_by: [] };
    });
  }

  private views(from: number, to: number): readonly ExcursionView[] {
    const found: ExcursionView[] = [];
    const stretches = this.timeline(this.now - 30 * 24 * HOUR, this.now);
    for (const { from: since, to: until, class: what } of stretches) {
      if (what !== "high" && what !== "low") continue;
      const limit = this.room.profile?.limits.find(({ side }) => side === what);
      const [start, end] = [Date.parse(since), until === null ? this.now : Date.parse(until)];
      if (limit === undefined || end - start < limit.hold_ms || start > to || end < from) continue;
      found.push(this.excursion(limit, start, until === null ? null : end));
    }
    return found;
  }

  private excursion(limit: ExcursionLimit, since: number, until: number | null): ExcursionView {
    const end = until ?? this.now;
    const peaks = this.sensorNames().flatMap((sensor, i) =>
      this.times(since, end).map((at) => ({
        sensor,
        at,
        value: this.valueAt(i, at) ?? limit.limit,
      })),
    );
    const high = limit.side === "high";
    const peak = peaks.reduce((a, b) => ((high ? b.value > a.value : b.value < a.value) ? b : a));
    return {
      organisation: "demo",
      id: `${this.room.space}|${limit.rule}|${limit.side}|${since}`,
      space: this.room.space,
      space_name: this.room.name,
      rule: limit.rule,
      quantity: limit.quantity,
      mode: limit.mode,
      side: limit.side,
      severity: "break",
      since: iso(since),
      until: until === null ? null : iso(until),
      ended: until === null ? null : "in-range",
      minutes: Math.round((end - since) / MINUTE),
      unit: limit.unit,
      peak: peak.value,
      peak_c: peak.value,
      peak_at: iso(peak.at),
      peak_sensor: peak.sensor,
      limit: limit.limit,
      limit_c: limit.limit_c,
      hold_ms: limit.hold_ms,
      revision: until === null ? 2 : 3,
      retracted: false,
      profile_hash: this.room.profile?.hash ?? "",
      engine: "detection/1",
    };
  }

  spaceNow(): SpaceNow {
    const { room, now } = this;
    const sensors = this.sensorsNow();
    const worst = this.worstOf(sensors);
    const timeline = this.timeline(now - 24 * HOUR, now);
    const open = this.views(now, now).filter(({ until }) => until === null);
    const trend = this.trend(sensors.findIndex((one) => one === worst));
    const last = timeline.at(-1);
    const condition = this.conditionOf(open.length > 0, last?.class ?? "unproven", trend, worst);
    return {
      organisation: "demo",
      space: room.space,
      name: room.name,
      site: room.site?.[0] ?? null,
      site_name: room.site?.[1] ?? null,
      vehicle: room.vehicle?.[0] ?? null,
      vehicle_name: room.vehicle?.[1] ?? null,
      zone: room.site?.[0] === "rotterdam" ? "Europe/Amsterdam" : "Asia/Shanghai",
      profile: room.profile,
      condition,
      since: open[0]?.since ?? last?.from ?? null,
      worst,
      sensors,
      trend_c_per_h: trend,
      forecast: this.forecast(trend, worst),
      out_of_service:
        room.outOfService === null
          ? null
          : { since: iso(this.offFrom()), until: null, reason: room.outOfService.reason },
      open: [...open],
      alerts: [...alertsOf(room, now)],
      timeline,
    };
  }

  private sensorsNow(): SensorNow[] {
    if (!this.room.heard) return [];
    return this.sensorNames().map((sensor, i) => {
      const dead = this.room.deadProbe;
      const at = this.times(this.now - 3 * 24 * HOUR, this.now).findLast(
        (time) => dead || this.valueAt(i, time) !== null,
      );
      const time = at ?? this.now;
      return {
        sensor,
        value_c: dead ? null : this.valueAt(i, time),
        fault: dead ? "open-circuit" : null,
        measured_at: iso(time),
        received_at: iso(time + 800),
      };
    });
  }

  private worstOf(sensors: readonly SensorNow[]): SensorNow | null {
    const low = this.room.spells.some(({ by, to }) => to === 0 && by < 0);
    return (
      sensors.toSorted((a, b) => ((b.value_c ?? 0) - (a.value_c ?? 0)) * (low ? -1 : 1))[0] ?? null
    );
  }

  private trend(sensor: number): number | null {
    if (sensor < 0 || this.room.silences.some(([, to]) => to === 0)) return null;
    const [first, last] = [this.now - 20 * MINUTE, this.now];
    const spell = this.room.spells.find(({ to }) => to === 0);
    if (spell === undefined) return Math.round(noise(last, sensor) * 3) / 10;
    const rise = (at: number) =>
      spell.by * (1 - Math.exp(-(spell.from - (this.now - at) / MINUTE) / spell.tau));
    return Math.round((rise(last) - rise(first)) * 30) / 10;
  }

  private offFrom(): number {
    return this.now - (this.room.outOfService?.since ?? 0) * MINUTE;
  }

  /** A straight line is enough to look at. */
  private forecast(trend: number | null, worst: SensorNow | null): ForecastNow {
    const value = worst?.value_c ?? null;
    if (trend === null || value === null) return { kind: "none", reason: "too-few" };
    if (Math.abs(trend) < 1) return { kind: "none", reason: "no-trend" };
    const side = trend > 0 ? "high" : "low";
    const limit = this.room.profile?.limits.find((one) => one.side === side);
    if (limit === undefined) return { kind: "none", reason: "no-limit" };
    const minutes = Math.round(((limit.limit - value) / trend) * 60);
    if (minutes <= 0) return { kind: "none", reason: "beyond-already" };
    return {
      kind: "forecast",
      rule: limit.rule,
      side,
      limit_c: limit.limit,
      as_of: iso(this.now),
      likely_min: minutes,
      low_min: Math.round(minutes * 0.7),
      high_min: this.room.space === "chill-11" ? null : Math.round(minutes * 1.6) + 1,
    };
  }

  private conditionOf(
    broken: boolean,
    last: Class,
    trend: number | null,
    worst: SensorNow | null,
  ): SpaceNow["condition"] {
    if (broken) return "broken";
    if (this.room.outOfService !== null) return "out-of-service";
    if (this.room.profile === null) return "unproven";
    if (last === "high" || last === "low") return "out";
    if (last === "unproven") return "unproven";
    const value = worst?.value_c ?? null;
    const limits = this.room.profile.limits;
    const meets = limits.some((limit) => {
      if (trend === null || value === null || Math.abs(trend) < 1) return false;
      const hours = (limit.limit - value) / trend;
      return hours > 0 && hours < 1 && (limit.side === "high") === trend > 0;
    });
    return meets ? "warming" : "in-range";
  }
}

type ExcursionLimit = NonNullable<Room["profile"]>["limits"][number];

/** Between −1 and 1, the same for the same moment. */
function noise(at: number, sensor: number): number {
  const x = Math.sin(at / 60_000 + sensor * 77.7) * 43_758.5453;
  return (x - Math.floor(x)) * 2 - 1;
}
