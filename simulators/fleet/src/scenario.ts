import type { ProfileDocument } from "@unbroken/model";
import type { DurationMs } from "@unbroken/units";
import type { z } from "zod";
import type { Climate } from "./climate.ts";
import type { BackfillOrder } from "./outbox.ts";
import type { ProbeFault, ProbePlan } from "./probe.ts";
import type { TimeFormat, Watched } from "./reading.ts";
import type { ThermalPlan } from "./thermal-model.ts";

/** A world to simulate, as data: who owns what, how it behaves, and what happens. */
export interface Scenario {
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  readonly organisation: string;
  /** How long it runs unless told otherwise. */
  readonly lasts: DurationMs;
  /** Step of the physics, 1 to 5 s. */
  readonly stepS: number;
  readonly sites: readonly SitePlan[];
  readonly vehicles: readonly VehiclePlan[];
  readonly profiles: readonly StatedProfileDocument[];
  readonly spaces: readonly SpacePlan[];
  readonly devices: readonly DevicePlan[];
  /** Door contacts, and what refrigeration units and supplies say of themselves. */
  readonly contacts?: readonly ContactPlan[];
  readonly stories: readonly Story[];
}

/** A profile as a person writes it, before defaults. */
export type StatedProfileDocument = z.input<typeof ProfileDocument>;

export interface SitePlan {
  readonly site: string;
  readonly name: string;
  /** GB/T 2260 code. */
  readonly region: string;
}

export interface VehiclePlan {
  readonly vehicle: string;
  readonly name: string;
  readonly plate: string;
}

export interface SpacePlan {
  readonly space: string;
  readonly name: string;
  readonly home: { readonly site: string } | { readonly vehicle: string };
  readonly profile: string;
  readonly climate: Climate;
  readonly thermal: ThermalPlan;
  readonly traffic: Traffic | null;
  /** What somebody stated of how the room warms by itself. */
  readonly knownPhysics?: {
    readonly timeConstant: DurationMs;
    readonly ambientC: number;
    readonly coldestC?: number;
  };
  /** The range of the product's core. With it, labels say when the core truly left it. */
  readonly coreC?: readonly [least: number, most: number];
}

/** People going in and out by day, 8 to 18 o'clock. */
export interface Traffic {
  readonly perHour: number;
  readonly openS: readonly [least: number, most: number];
  /** As in `Forcing`: behind a strip curtain a door lets through about a tenth. */
  readonly opening: number;
}

/** What devices and contacts have in common: who sends what it knows of which space, and how. */
export interface SenderPlan {
  readonly device: string;
  readonly name: string;
  readonly space: string;
  readonly timeFormat: TimeFormat;
  readonly clock: ClockPlan;
  readonly radio: RadioPlan;
}

/** Says what it watches whenever that changes, and again after each heartbeat. */
export interface ContactPlan extends SenderPlan {
  readonly watches: readonly Watched[];
  readonly heartbeat: DurationMs;
}

export interface DevicePlan extends SenderPlan {
  readonly cadence: DurationMs;
  /** A sample is taken up to so much before or after its time. */
  readonly jitter: DurationMs;
  readonly probe: ProbePlan;
  readonly measuresHumidity: boolean;
  readonly power: "mains" | "battery";
  /** Expanded uncertainty (k = 2) in K, if somebody stated it. */
  readonly accuracyC?: number;
}

/** The device's clock against true time; drawn once for each device from these ranges. It shows whole seconds. */
export interface ClockPlan {
  readonly skewMs: readonly [least: number, most: number];
  /** A watch crystal is within ±20 ppm at 25 °C and up to 100 ppm slow at −20 °C. */
  readonly driftPpm: readonly [least: number, most: number];
}

export interface RadioPlan {
  readonly order: BackfillOrder;
  /** How likely a message is sent twice, because its acknowledgement was lost. */
  readonly resend: number;
  /** Short losses of radio, as on mountain roads. */
  readonly dropsPerHour: number;
  readonly dropS: readonly [least: number, most: number];
}

export interface StoryLabel {
  /** In words for a table: `compressor-dead`, `door-three-minutes`. */
  readonly kind: string;
  /** Whether a person must be told at once, be it night. */
  readonly wake: boolean;
}

/** Something that happens, once. `at` counts from the scenario's start; negative in the history before a live run. */
export type Story = {
  readonly at: DurationMs;
  readonly lasts: DurationMs;
  /** What it is to the people in charge; a story without is part of the scenery. */
  readonly label?: StoryLabel;
} & (
  | { readonly kind: "door-open"; readonly space: string; readonly opening: number }
  | { readonly kind: "breakdown"; readonly space: string }
  // The supply fails: nothing cools, and whoever watches the supply says so.
  | { readonly kind: "supply-cut"; readonly space: string }
  // Goods come in at `at`: their heat capacity as a multiple of the air's, and their temperature.
  | {
      readonly kind: "loading";
      readonly space: string;
      readonly ratio: number;
      readonly goodsC: number;
    }
  | { readonly kind: "radio-gap"; readonly device: string }
  | { readonly kind: "power-cut"; readonly device: string }
  | { readonly kind: "reboot"; readonly device: string }
  | { readonly kind: "probe-fault"; readonly device: string; readonly fault: ProbeFault }
);

/** Everything that sends, in the order in which it is stated. */
export function sendersOf({ devices, contacts = [] }: Scenario): readonly SenderPlan[] {
  return [...devices, ...contacts];
}
