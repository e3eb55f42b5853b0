import type { Feature } from "./features.ts";
import {
  MINUTE,
  START,
  minutesOf,
  type AllowanceText,
  type PhaseName,
  type ProfileText,
  type RuleText,
} from "./history.ts";
import type { Random } from "./random.ts";

const minutes = (n: number): string => `PT${n}M`;
const timeOf = (minute: number): string => new Date(START + minute * MINUTE).toISOString();

export function profileFor(random: Random, features: ReadonlySet<Feature>): ProfileText {
  const cadence = random.one([1, 1, 2, 4]);
  const rules = Array.from({ length: random.whole(1, 3) }, (_, i) =>
    ruleFor(random, features, `r${i}`),
  );
  return {
    id: "made",
    cadence: minutes(cadence),
    // 2.5 × an odd cadence ends inside a minute, so there the gap is stated.
    ...(cadence === 1 || random.chance(0.5) ? { gap: minutes(random.whole(1, 6)) } : {}),
    ...(features.has("band") && random.chance(0.4) ? { accuracy: random.one([0.5, 0.25, 0]) } : {}),
    ...(features.has("validity") && random.chance(0.15) ? validityFor(random) : {}),
    ...faultsFor(random, features),
    // A rule that decides, so that there is something to decide.
    rules: withinExposure([...rules, { ...ruleFor(random, features, "last"), severity: "break" }]),
  };
}

/** No allowance may be longer than the hold of an exposure rule of the same profile. */
function withinExposure(rules: readonly RuleText[]): readonly RuleText[] {
  const exposed = rules.filter(({ mode }) => mode === "exposure");
  const longest = Math.min(...exposed.map(({ hold = "PT0S" }) => minutesOf(hold)));
  return rules.map((rule) =>
    rule.allowances === undefined
      ? rule
      : {
          ...rule,
          allowances: rule.allowances.map((each) => ({
            ...each,
            for: minutes(Math.min(minutesOf(each.for), longest)),
          })),
        },
  );
}

function validityFor(random: Random): Partial<ProfileText> {
  const from = random.whole(-5, 15);
  return {
    ...(random.chance(0.7) ? { effective_from: timeOf(from) } : {}),
    ...(random.chance(0.7) ? { effective_until: timeOf(from + random.whole(1, 30)) } : {}),
  };
}

function faultsFor(random: Random, features: ReadonlySet<Feature>): Pick<ProfileText, "faults"> {
  const faults = {
    ...(features.has("sentinels") && random.chance(0.3) ? { sentinels: [-127, 85] } : {}),
    ...(features.has("step") && random.chance(0.3)
      ? { step: { by: random.one([1.5, 3]), within: minutes(random.whole(1, 5)) } }
      : {}),
    ...(features.has("stuck") && random.chance(0.3)
      ? { stuck: { for: minutes(random.whole(2, 8)), while: random.one([1.5, 1, 3]) } }
      : {}),
  };
  return Object.keys(faults).length === 0 ? {} : { faults };
}

function quantityFor(
  random: Random,
  features: ReadonlySet<Feature>,
): NonNullable<RuleText["quantity"]> {
  const more = (["humidity", "door", "power", "link"] as const).filter((each) =>
    features.has(each),
  );
  return random.chance(0.65) || more.length === 0 ? "air" : random.one(more);
}

function ruleFor(random: Random, features: ReadonlySet<Feature>, id: string): RuleText {
  if (features.has("rise") && random.chance(0.15)) return riseFor(random, id);
  if (features.has("window") && random.chance(0.15)) return windowFor(random, id);
  const quantity = quantityFor(random, features);
  const mode = modeFor(random, features, quantity);
  const edge = edgeFor(random, features, quantity);
  const timed = mode !== "instant";
  const hold = random.whole(1, 12);
  const values = quantity === "air" || quantity === "humidity";
  const rule: RuleText = {
    id,
    quantity,
    ...edge,
    mode,
    ...(timed ? { hold: minutes(hold) } : {}),
    ...(!timed && features.has("debounce") && random.chance(0.4)
      ? { debounce: minutes(random.whole(1, 4)) }
      : {}),
    ...(features.has("hysteresis") && values && random.chance(0.4)
      ? { hysteresis: random.one([0.3, 1.5]) }
      : {}),
    ...(features.has("clear") && random.chance(0.3) ? { clear: minutes(random.whole(1, 5)) } : {}),
    ...(features.has("severity") && random.chance(0.3)
      ? { severity: random.one(["excursion", "warn"]) }
      : {}),
    ...(features.has("severity") && timed && random.chance(0.2)
      ? { warn: { hold: minutes(random.whole(1, hold)) } }
      : {}),
  };
  return { ...rule, ...phasesFor(random, features, rule), ...hoursFor(random, features) };
}

function riseFor(random: Random, id: string): RuleText {
  return {
    ...{ id, quantity: "air", mode: "rise" },
    ...random.one([
      { cmp: random.one(["gt", "ge"]), limit: 3 },
      { cmp: random.one(["lt", "le"]), limit: -1.5 },
    ]),
    ...(random.chance(0.6) ? { scope: minutes(random.whole(1, 20)) } : {}),
    ...(random.chance(0.3) ? { debounce: minutes(random.whole(1, 3)) } : {}),
  };
}

function windowFor(random: Random, id: string): RuleText {
  const scope = minutes(random.whole(1, 25));
  const kinetic = random.chance(0.5);
  const cmp = random.one(kinetic ? (["gt", "ge"] as const) : (["gt", "ge", "lt", "le"] as const));
  return { id, quantity: kinetic ? "mkt" : "air", mode: "window", cmp, limit: 8, scope };
}

function modeFor(
  random: Random,
  features: ReadonlySet<Feature>,
  quantity: RuleText["quantity"],
): "instant" | "consecutive" | "cumulative" | "exposure" {
  if (!features.has("modes")) return "consecutive";
  if (quantity === "link") return random.one(["consecutive", "cumulative"]);
  if (quantity === "air" && features.has("exposure") && random.chance(0.2)) return "exposure";
  return random.one(["consecutive", "consecutive", "instant", "cumulative"]);
}

function edgeFor(
  random: Random,
  features: ReadonlySet<Feature>,
  quantity: RuleText["quantity"],
): Pick<RuleText, "cmp" | "limit"> {
  switch (quantity) {
    case "door":
      return random.one([
        { cmp: "ge", limit: 1 },
        { cmp: "gt", limit: 0 },
      ]);
    case "power":
    case "link":
      return random.one([
        { cmp: "le", limit: 0 },
        { cmp: "lt", limit: 1 },
      ]);
    case "humidity":
      return features.has("sides") && random.chance(0.5)
        ? { cmp: random.one(["lt", "le"]), limit: 40 }
        : { cmp: random.one(["gt", "ge"]), limit: 75 };
    default:
      return features.has("sides") && random.chance(0.5)
        ? { cmp: random.one(["lt", "le"]), limit: random.one([2, -0.5]) }
        : { cmp: random.one(["gt", "ge"]), limit: random.one([8, 10.5]) };
  }
}

const phaseNames: readonly PhaseName[] = ["store", "transit", "load", "defrost"];

function phasesFor(
  random: Random,
  features: ReadonlySet<Feature>,
  rule: RuleText,
): Partial<RuleText> {
  const phases =
    features.has("phases") && random.chance(0.3)
      ? { phases: [...new Set([random.one(phaseNames), random.one(phaseNames)])] }
      : {};
  const allowed =
    features.has("allowances") &&
    rule.quantity === "air" &&
    rule.mode !== "exposure" &&
    random.chance(0.4);
  return { ...phases, ...(allowed ? { allowances: [allowanceFor(random)] } : {}) };
}

function allowanceFor(random: Random): AllowanceText {
  const length = random.whole(1, 6);
  return {
    phase: random.one(["load", "defrost"]),
    by: 3,
    for: minutes(length),
    ...(random.chance(0.4) ? { every: minutes(length + random.whole(0, 12)) } : {}),
  };
}

function hoursFor(random: Random, features: ReadonlySet<Feature>): Pick<RuleText, "schedule"> {
  if (!features.has("schedule") || !random.chance(0.15)) return {};
  const clock = (minute: number): string => `00:${String(minute).padStart(2, "0")}`;
  const from = random.whole(0, 30);
  const to = from + random.whole(1, 25);
  const ordinary = { offset: "+00:00", from: clock(from), to: clock(to) };
  return {
    schedule: random.one([
      ordinary,
      { ...ordinary, days: ["mo"] },
      { ...ordinary, days: ["tu", "su"] },
      // Over midnight, of which the morning belongs to the day before.
      { offset: "+00:00", days: [random.one(["su", "mo"])], from: "22:00", to: clock(to) },
      { offset: "+08:00", from: "08:10", to: "08:30" },
      { offset: "-03:30", days: ["su"], from: "20:40", to: "24:00" },
    ]),
  };
}
