import { timeOfDay, weatherOf } from "./climate.ts";
import { Prng } from "./prng.ts";
import type { SpacePlan, Story } from "./scenario.ts";
import { SpaceLife } from "./space-life.ts";
import { isDefrosting, load, settled, step, type ThermalState } from "./thermal-model.ts";

const HOUR_MS = 3_600_000;
const OPENS_MS = 8 * HOUR_MS;
const SHUTS_MS = 18 * HOUR_MS;
/** Stored produce keeps the air at about 88 %RH; the air outside has 60 (typical of Kunming's dry season). */
const HUMIDITY_INSIDE_PCT = 88;
const HUMIDITY_OUTSIDE_PCT = 60;
const HUMIDITY_TAU_S = 1_800;

/** One room or compartment on its way through time. */
export class SimulatedSpace {
  private thermal: ThermalState;
  readonly life: SpaceLife;
  isDoorOpen = false;
  isDefrosting = false;
  hasSupply = true;
  private humidity = HUMIDITY_INSIDE_PCT;
  private trafficUntil = Number.NEGATIVE_INFINITY;
  private readonly ambientAt: (at: number) => number;
  private readonly prng: Prng;
  private readonly plan: SpacePlan;
  private readonly stories: readonly Story[];
  private readonly start: number;

  /** @param start the moment from which stories count, epoch ms. */
  constructor(plan: SpacePlan, stories: readonly Story[], seed: number, start: number) {
    this.plan = plan;
    this.stories = stories.filter((story) => "space" in story && story.space === plan.space);
    this.start = start;
    this.life = new SpaceLife(plan.coreC ?? null);
    this.prng = Prng.ofStream(seed, `space:${plan.space}`);
    // Weather is the same for every space of a site or vehicle.
    const home = "site" in plan.home ? plan.home.site : plan.home.vehicle;
    this.ambientAt = weatherOf(plan.climate, Prng.ofStream(seed, `weather:${home}`));
    this.thermal = settled(plan.thermal, this.prng.unit(), 5);
  }

  get airC(): number {
    return this.thermal.airC;
  }

  get productC(): number {
    return this.thermal.productC;
  }

  get humidityPct(): number {
    return this.humidity;
  }

  /** Goes from `at` to `at` + `stepS`. */
  advance(at: number, stepS: number): void {
    const told = this.stories.filter(
      (story) => at >= this.start + story.at && at < this.start + story.at + story.lasts,
    );
    let doorOpening = this.trafficOpening(at, stepS);
    let isBrokenDown = false;
    this.life.note("people", at, doorOpening > 0);
    this.hasSupply = !told.some((story) => story.kind === "supply-cut");
    for (const story of told) {
      if (story.kind === "door-open") doorOpening = Math.max(doorOpening, story.opening);
      if (story.kind === "breakdown" || story.kind === "supply-cut") isBrokenDown = true;
      if (story.kind === "loading" && at - stepS * 1_000 < this.start + story.at)
        this.thermal = load(this.thermal, story.ratio, story.goodsC);
    }
    this.isDoorOpen = doorOpening > 0;
    this.isDefrosting = isDefrosting(this.plan.thermal, this.thermal, isBrokenDown);
    this.life.note("defrost", at, this.isDefrosting);
    const ambientC = this.ambientAt(at);
    this.thermal = step(
      this.plan.thermal,
      this.thermal,
      { ambientC, doorOpening, isBrokenDown },
      stepS,
    );
    this.humidity +=
      ((HUMIDITY_INSIDE_PCT - this.humidity) / HUMIDITY_TAU_S +
        (doorOpening * (HUMIDITY_OUTSIDE_PCT - this.humidity)) / this.plan.thermal.doorTauS) *
      stepS;
    this.life.noteCore(at + stepS * 1_000, this.productC);
  }

  private trafficOpening(at: number, stepS: number): number {
    const { traffic } = this.plan;
    if (traffic === null) return 0;
    if (at < this.trafficUntil) return traffic.opening;
    const clock = timeOfDay(at);
    if (clock < OPENS_MS || clock >= SHUTS_MS) return 0;
    if (!this.prng.chance((traffic.perHour * stepS) / 3_600)) return 0;
    this.trafficUntil = at + this.prng.between(...traffic.openS) * 1_000;
    return traffic.opening;
  }
}
