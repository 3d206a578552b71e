import * as math from '../../core/math.ts';
import type { Corner } from './corners.ts';

/** Constants of the device model; reasons stand in `STUDIO45_ASSUMPTIONS`. */
export const DEVICE = {
  /** Threshold at 25 °C, of both kinds. */
  thresholdV: 0.4,
  thresholdPerKelvinV: -0.0007,
  /** Velocity-saturation index of the alpha-power law. */
  alpha: 1.3,
  /** Saturation current of 1 um at an overdrive of 1 V, 25 °C. */
  driveMaPerUm: { n: 1.1, p: 0.55 },
  mobilityExponent: -1.5,
  /** Effective resistance = this x V / I(saturation). */
  resistanceFactor: 0.75,
  gateFfPerUm: 1,
  /** Of a drain or source that carries a contact; half of it where two transistors share a bare one. */
  diffusionFfPerUm: 0.8,
  /** Of the wire of each pin and inner node. */
  wireFf: 0.1,
  /** Share of the input's slew that shows in the output's. */
  slewFeedThrough: 0.2,
  /** Subthreshold current of 1 um, at 25 °C, extrapolated to a threshold of 0. */
  leakageUaPerUm: { n: 18, p: 11 },
  subthresholdSlope: 1.5,
  /** Drain-induced barrier lowering, V of threshold per V of drain. */
  dibl: 0.1,
  /** Widest finger that the row holds. X1 is one finger. */
  fingerUm: { n: 0.4, p: 0.6 },
  /** Devices that only keep a latch's state. */
  keeperUm: { n: 0.15, p: 0.15 },
  rowHeightUm: 1.5,
  columnUm: 0.2,
} as const;

/** Slews are measured between these shares of the swing, delays at half of it. */
export const SLEW_LOW = 0.2;
export const SLEW_HIGH = 0.8;
const SLEW_SPAN = SLEW_HIGH - SLEW_LOW;

const LN2 = math.log(2);
/** 20 % to 80 % of an exponential, in units of RC. */
const SLEW_OF_RC = math.log(4);
const BOLTZMANN_V_PER_K = 8.617333e-5;
const KELVIN = 273.15;
const T0 = 25 + KELVIN;

export type Polarity = 'n' | 'p';

/** The transistors at a corner. Units: kOhm, fF, ps, V, nA, fJ (kOhm x fF = ps, fF x V^2 = fJ, nA x V = nW). */
export interface Device {
  corner: Corner;
  voltageV: number;
  /** Effective switching resistance of 1 um. */
  resistanceKohmUm: { n: number; p: number };
  /** Delay from half of the input's swing to half of the output's. `slewPs`: of the input. */
  delayPs(rcPs: number, slewPs: number): number;
  slewPs(rcPs: number, slewPs: number): number;
  /** Energy that flows through both networks while the input crosses the thresholds. */
  shortCircuitFj(resistanceKohm: number, rcPs: number, slewPs: number): number;
  /** Current of off transistors in series (widths from the output to the rail) with the supply across them. */
  offCurrentNa(polarity: Polarity, widthsUm: readonly number[]): number;
}

export function deviceAt(corner: Corner): Device {
  const voltage = corner.voltageV;
  const kelvin = corner.temperatureC + KELVIN;
  const threshold = DEVICE.thresholdV + corner.thresholdShiftV + DEVICE.thresholdPerKelvinV * (kelvin - T0);
  const share = threshold / voltage;
  const { alpha } = DEVICE;
  const drive =
    corner.driveFactor * math.pow(kelvin / T0, DEVICE.mobilityExponent) * math.pow(voltage - threshold, alpha);
  const resistance = (polarity: Polarity) =>
    (DEVICE.resistanceFactor * voltage) / (DEVICE.driveMaPerUm[polarity] * drive);

  // Sakurai and Newton (1990): delay grows by this share of a fast ramp's full length.
  const rampShare = 0.5 - (1 - share) / (1 + alpha);
  // The same paper: charge through an unloaded, balanced gate, in units of ramp x saturation current.
  const crowbar =
    (math.pow(Math.max(0, 1 - 2 * share), alpha + 1) / math.pow(1 - share, alpha)) *
    (1 / (alpha + 1)) *
    math.pow(0.5, alpha - 1);

  const slewPs = (rc: number, slew: number) => {
    const own = SLEW_OF_RC * rc;
    const fed = DEVICE.slewFeedThrough * slew;
    return Math.sqrt(own * own + fed * fed);
  };
  const offStack = offStackSolver(voltage, kelvin, threshold);

  return {
    corner,
    voltageV: voltage,
    resistanceKohmUm: { n: resistance('n'), p: resistance('p') },
    // Horowitz' form (1983), its slope at fast ramps that of Sakurai and Newton.
    delayPs: (rc, slew) => Math.sqrt(LN2 * LN2 * rc * rc + ((2 * LN2 * rampShare) / SLEW_SPAN) * slew * rc),
    slewPs,
    shortCircuitFj(resistanceKohm, rc, slew) {
      const saturationMa = (DEVICE.resistanceFactor * voltage) / resistanceKohm;
      const unloaded = slew / (slew + slewPs(rc, slew));
      return ((voltage * saturationMa * slew) / SLEW_SPAN) * crowbar * unloaded;
    },
    offCurrentNa: offStack,
  };
}

/** Equal currents through the stack fix the voltages between its transistors: found by bisection, remembered by widths. */
function offStackSolver(voltage: number, kelvin: number, threshold: number): Device['offCurrentNa'] {
  const thermal = BOLTZMANN_V_PER_K * kelvin;
  const swing = DEVICE.subthresholdSlope * thermal;
  const warmth = (kelvin / T0) * (kelvin / T0);
  /** Source `source` volts above the rail to which the gate is tied. */
  const current = (widthUm: number, scaleNa: number, source: number, drop: number) =>
    widthUm *
    scaleNa *
    warmth *
    math.exp((DEVICE.dibl * drop - source - threshold) / swing) *
    (1 - math.exp(-drop / thermal));

  const dropFor = (widthUm: number, scaleNa: number, source: number, wanted: number) => {
    let low = 0;
    let high = voltage;
    for (let step = 0; step < 50; step++) {
      const middle = (low + high) / 2;
      if (current(widthUm, scaleNa, source, middle) < wanted) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };

  const known = new Map<string, number>();
  return (polarity, widthsUm) => {
    const key = `${polarity}${widthsUm.join(',')}`;
    const old = known.get(key);
    if (old !== undefined) return old;
    const scaleNa = DEVICE.leakageUaPerUm[polarity] * 1000;
    const fromRail = [...widthsUm].reverse();
    const alone = fromRail.map((width) => current(width, scaleNa, 0, voltage));
    let low = 0;
    let high = Math.min(...alone);
    if (fromRail.length === 1) low = high;
    for (let step = 0; step < 50 && low < high; step++) {
      const wanted = (low + high) / 2;
      let at = 0;
      for (const width of fromRail) at += dropFor(width, scaleNa, at, wanted);
      if (at < voltage) low = wanted;
      else high = wanted;
    }
    const answer = (low + high) / 2;
    known.set(key, answer);
    return answer;
  };
}
