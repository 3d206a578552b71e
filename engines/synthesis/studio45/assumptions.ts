import type { Assumption } from '../../core/report.ts';
import { STUDIO45_CORNERS } from './corners.ts';
import { DEVICE, SLEW_HIGH, SLEW_LOW } from './device.ts';
import { WIRE_FF_PER_UM, WIRE_KOHM_PER_UM } from './liberty-text.ts';
import { CELL_LIMITS, SLEWS_PS } from './measure.ts';

const ours = (id: string, what: string, value: string, reason: string): Assumption => ({
  id: `studio45-${id}`,
  what,
  value,
  reason,
  source: 'ours',
});

const corners = STUDIO45_CORNERS.map(
  ({ label, thresholdShiftV, driveFactor }) =>
    `${label}: thresholds ${thresholdShiftV * 1000} mV, drive x ${driveFactor}`,
).join('; ');

/** Every constant of the library's model, with unit and reason. */
export const STUDIO45_ASSUMPTIONS: readonly Assumption[] = [
  ours(
    'library',
    'The cell library is a model of a 45 nm class process, computed from transistor widths; nothing in it was measured or comes from a foundry or another library.',
    'studio45',
    'Free of licences, and every figure can be traced to the constants below. Use it to compare designs, not to sign one off.',
  ),
  ours(
    'corners',
    'Operating points. Delay, slew, energy and leakage of each follow from the model, with no factors of their own.',
    corners,
    'Supply about 14 % down or up with the slow and the fast end of the temperature range: usual for a supply of 1.1 V.',
  ),
  ours(
    'drive',
    'Saturation current by the alpha-power law (Sakurai and Newton, 1990): I = k x W x (V - Vt)^alpha x (T / 298 K)^m.',
    `k = ${DEVICE.driveMaPerUm.n} (n) and ${DEVICE.driveMaPerUm.p} (p) mA per um and V^alpha, alpha = ${DEVICE.alpha}, m = ${DEVICE.mobilityExponent}`,
    'About 0.7 mA/um of an n transistor at 1.1 V, half of that of a p one; alpha between 1 (velocity saturated) and 2 (long channel); mobility falls with temperature as phonon scattering has it.',
  ),
  ours(
    'threshold',
    'Threshold of both kinds of transistor at 25 °C, and its drift with temperature.',
    `${DEVICE.thresholdV} V, ${DEVICE.thresholdPerKelvinV * 1000} mV/K`,
    'A standard-threshold transistor of the class; textbooks give -0.5 to -1 mV/K.',
  ),
  ours(
    'resistance',
    'A conducting transistor is a resistance of R = f x V / I(saturation); transistors in series add up, and parallel ones of the same state conduct together. Inner nodes count by Elmore.',
    `f = ${DEVICE.resistanceFactor}`,
    "The mean of V/I over the first half of the output's swing, as textbooks derive it.",
  ),
  ours(
    'capacitance',
    'Capacitance of gates and of diffusion by transistor width, and of the wire of a pin or an inner node. The same for both edges, and at all corners.',
    `gate ${DEVICE.gateFfPerUm} fF/um, contacted diffusion ${DEVICE.diffusionFfPerUm} fF/um (half where shared), wire ${DEVICE.wireFf} fF`,
    'Round values of the class; diffusion a little less than gate.',
  ),
  ours(
    'delay',
    "Delay of a stage: sqrt((ln 2 RC)^2 + 2 ln 2 s t RC) with t the input's full ramp and s = 1/2 - (1 - Vt/V) / (1 + alpha). Cells of several stages add the delays of their stages.",
    's by corner',
    "Horowitz' form (1983), which holds for slow ramps too, with the slope that Sakurai and Newton give for fast ones.",
  ),
  ours(
    'slew',
    `Output slew, between ${SLEW_LOW * 100} % and ${SLEW_HIGH * 100} % of the swing: sqrt((ln 4 RC)^2 + (g x input slew)^2).`,
    `g = ${DEVICE.slewFeedThrough}`,
    'An exponential for fast inputs; under slow ones the output moves while the input crosses a share of its swing that is the inverse of the gain, about 5.',
  ),
  ours(
    'states',
    'Delay and slew of an arc are those of the slowest state of the other inputs, energy is the mean of the states, leakage is given for each.',
    'worst, mean, each',
    'Timing must not be too fast; hold checks are therefore a little too kind to cells whose states differ.',
  ),
  ours(
    'checks',
    'Setup: until the stored node has made its full swing, less the time the clock needs to begin shutting the latch. Hold: until the clock has shut it, less the time data needs to reach it. Recovery and removal likewise.',
    'no margin added',
    'Follows from the stages of the cell. Metastability, and the rise of clock-to-output near these limits, are left out.',
  ),
  ours(
    'leakage',
    'Subthreshold current I = I0 x W x (T / 298 K)^2 x exp((d x Vds - Vs - Vt) / (n kT/q)) x (1 - exp(-Vds / (kT/q))); in a stack the voltages between off transistors settle where their currents are equal.',
    `I0 = ${DEVICE.leakageUaPerUm.n} (n) and ${DEVICE.leakageUaPerUm.p} (p) uA/um, n = ${DEVICE.subthresholdSlope}, drain-induced lowering d = ${DEVICE.dibl}`,
    'About 10 nA/um at 1.1 V, 25 °C. Gate tunnelling (low with high-k gates), junction leakage and the threshold lost over conducting transistors are left out.',
  ),
  ours(
    'energy',
    "Internal energy of an edge: half C V^2 of each inner node and of the output's own diffusion, plus the short-circuit charge of Sakurai and Newton, times input slew / (input slew + output slew).",
    'per edge, without the load',
    'The load, and with it the input pins, is the switching power that tools add. The last factor is ours: a loaded output is late, and then the other network hardly conducts. Glitches inside a cell are not counted.',
  ),
  ours(
    'sizes',
    'A transistor of size X1 is one finger, of X2 two and so on; stacks are not widened. The first stage of a cell of two has a third of the fingers of the second. Transistors that only keep a state are narrow.',
    `n ${DEVICE.fingerUm.n} um, p ${DEVICE.fingerUm.p} um, keepers ${DEVICE.keeperUm.n} um`,
    'The ratio is near the square root of the ratio of drives, which gives the least mean delay.',
  ),
  ours(
    'area',
    "Area: one poly column for each finger pair of n and p, and one for the cell's edges.",
    `column ${DEVICE.columnUm} um, row ${DEVICE.rowHeightUm} um`,
    'Ten tracks of 0.15 um; no diffusion breaks inside a cell.',
  ),
  ours(
    'limits',
    'Largest load of an output: where its weaker edge reaches a given slew at the typical corner. Tables end there, and at the largest slew.',
    `${CELL_LIMITS.slewAtLargestLoadPs} ps; slews ${SLEWS_PS[0]} to ${CELL_LIMITS.slewPs} ps`,
    'Slower edges than that are to be mended by a larger cell or a buffer.',
  ),
  ours(
    'wires',
    'The two wire-load models that constraints may name (wires_short, wires_long); none is the default.',
    `${WIRE_FF_PER_UM} fF/um, ${WIRE_KOHM_PER_UM * 1000} ohm/um`,
    'Lower metal layers of the class; lengths of 4 and 12 um per pin stand for small and large blocks.',
  ),
];
