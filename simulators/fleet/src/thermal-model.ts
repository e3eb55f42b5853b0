/**
 * Air and product of one room or truck compartment as two heat stores (docs/simulator.md has the equations).
 * Explicit Euler in doubles with + − × ÷ alone, so that every machine computes the same bits.
 */
export interface ThermalPlan {
  readonly setpointC: number;
  /** The compressor starts above setpoint + band and stops below setpoint − band. */
  readonly bandC: number;
  /** Time constant of the air (with liner and racks) against ambient through closed walls, in s. */
  readonly wallTauS: number;
  /** The same through a wide open door, in s. */
  readonly doorTauS: number;
  /** How fast the running compressor cools the air, in K/h, with nothing else acting. */
  readonly coolingCPerH: number;
  /** The compressor rests this long before it starts again, in s. */
  readonly restS: number;
  readonly product: {
    /** Time constant of the product's core against the air, in s. */
    readonly tauS: number;
    /** Heat capacity of the product as a multiple of the air's; 0 is an empty room. */
    readonly ratio: number;
  };
  /** Electric defrost: so often, for so long, warming the air by so much. Null where the coil never ices. */
  readonly defrost: {
    readonly everyS: number;
    readonly forS: number;
    readonly heatCPerH: number;
  } | null;
}

export interface ThermalState {
  readonly airC: number;
  readonly productC: number;
  readonly productRatio: number;
  readonly isCooling: boolean;
  /** Until the compressor may start again, in s. */
  readonly restLeftS: number;
  /** Since the beginning of the last defrost, in s. */
  readonly sinceDefrostS: number;
}

/** What acts on the compartment during one step. */
export interface Forcing {
  readonly ambientC: number;
  /** 0 shut … 1 wide open; a strip curtain leaves about 0.1. */
  readonly doorOpening: number;
  readonly isBrokenDown: boolean;
}

/** Settled at the setpoint. @throws RangeError if a step of `stepS` would not be stable. */
export function settled(plan: ThermalPlan, phase: number, stepS: number): ThermalState {
  const rate = 1 / plan.wallTauS + 1 / plan.doorTauS + plan.product.ratio / plan.product.tauS;
  if (stepS * rate > 0.5) throw new RangeError(`a step of ${stepS} s is too long for this room`);
  return {
    airC: plan.setpointC,
    productC: plan.setpointC,
    productRatio: plan.product.ratio,
    isCooling: false,
    restLeftS: 0,
    sinceDefrostS: plan.defrost === null ? 0 : phase * plan.defrost.everyS,
  };
}

export function step(
  plan: ThermalPlan,
  state: ThermalState,
  forcing: Forcing,
  stepS: number,
): ThermalState {
  const { airC, productC, productRatio } = state;
  const defrost = isDefrosting(plan, state, forcing.isBrokenDown) ? plan.defrost : null;
  const isCooling = defrost === null && !forcing.isBrokenDown && thermostat(plan, state);
  const intoProduct = (airC - productC) / plan.product.tauS;
  const intoAir =
    (forcing.ambientC - airC) * (1 / plan.wallTauS + forcing.doorOpening / plan.doorTauS) -
    productRatio * intoProduct -
    (isCooling ? plan.coolingCPerH / 3_600 : 0) +
    (defrost?.heatCPerH ?? 0) / 3_600;
  const sinceDefrostS = state.sinceDefrostS + stepS;
  return {
    airC: airC + intoAir * stepS,
    productC: productC + intoProduct * stepS,
    productRatio,
    isCooling,
    restLeftS: state.isCooling && !isCooling ? plan.restS : Math.max(0, state.restLeftS - stepS),
    sinceDefrostS:
      plan.defrost !== null && sinceDefrostS >= plan.defrost.everyS ? 0 : sinceDefrostS,
  };
}

/** Whether the unit defrosts its coil in the step that begins now. */
export function isDefrosting(
  { defrost }: ThermalPlan,
  { sinceDefrostS }: ThermalState,
  isBrokenDown: boolean,
): boolean {
  return defrost !== null && !isBrokenDown && sinceDefrostS < defrost.forS;
}

function thermostat(plan: ThermalPlan, state: ThermalState): boolean {
  if (state.isCooling) return state.airC > plan.setpointC - plan.bandC;
  return state.restLeftS <= 0 && state.airC > plan.setpointC + plan.bandC;
}

/** Puts goods in: the stores mix by their heat capacities, as warm pallets among cold ones do. */
export function load(state: ThermalState, ratio: number, goodsC: number): ThermalState {
  const productRatio = state.productRatio + ratio;
  const productC = (state.productC * state.productRatio + goodsC * ratio) / productRatio;
  return { ...state, productRatio, productC };
}
