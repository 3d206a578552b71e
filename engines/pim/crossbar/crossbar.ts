import type { Job } from '../../core/job.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { ENGINE } from '../version.ts';
import { ASSUMPTIONS, conversionPj, READ_NS } from './assumptions.ts';
import { agedConductance } from './cells.ts';
import { checkSpec, fitInputs } from './check.ts';
import { sliceCount } from './coding.ts';
import { drawInputs } from './draw.ts';
import { effectiveBits, errorFigures, outputRange } from './errors.ts';
import { convertIdeal, multiply, type PlaneProduct, type Product } from './product.ts';
import { straightCurrents, unitAmps } from './read.ts';
import type { CrossbarPlane, CrossbarReport, CrossbarSpec, Device, ErrorCause } from './types.ts';
import { findWeights } from './weights.ts';

/**
 * A matrix-vector product on one crossbar, plane by plane of the inputs: what every column carries, what the converters
 * read, and how far the digital result is from the ideal one, with each cause of error measured alone. A pure function of
 * the spec and `job.seed`.
 */
export async function crossbar(spec: CrossbarSpec, job: Job): Promise<Result<CrossbarReport>> {
  const wrong = checkSpec(spec);
  const [first, ...others] = wrong;
  if (first) return fail(first, ...others);
  const found = await findWeights(spec, job);
  if (!found.ok) return found;
  const { weights, origin, problems } = found.value;
  const given =
    spec.inputs.kind === 'random'
      ? { inputs: drawInputs(spec.rows, spec.inputBits, job.seed) }
      : fitInputs(spec.inputs.values, spec);
  const { inputs } = given;
  if (given.problem) problems.push(given.problem);

  const product = multiply(weights, inputs, spec, spec, job.seed);
  const ideal = weights[0]!.map((_, column) => inputs.reduce((sum, x, row) => sum + x * weights[row]![column]!, 0));
  const range = outputRange(spec.rows, spec);
  const { rmsError, maxError, signalToNoiseDb } = errorFigures(product.outputs, ideal);
  const { cells, converter, planes } = product;
  const conversions = planes.length * planes[0]!.sums.length;
  const clipped = planes.reduce((sum, plane) => sum + plane.conversions.filter((each) => each.clipped).length, 0);
  const arrayEnergyPj = planes.reduce((sum, { watts }) => sum + watts * READ_NS * 1e3, 0);
  const converterEnergyPj = conversions * conversionPj(spec.adcBits);
  return ok({
    engine: ENGINE,
    figures: {
      rmsError,
      maxError,
      ...(signalToNoiseDb !== undefined && { signalToNoiseDb }),
      effectiveBits: effectiveBits(rmsError, range),
      clippedPercent: (100 * clipped) / conversions,
      conversions,
      cells: cells.target.length,
      energyPj: arrayEnergyPj + converterEnergyPj,
      arrayEnergyPj,
      converterEnergyPj,
      latencyNs: planes.length * READ_NS,
    },
    provenance: {},
    artefacts: [],
    assumptions: ASSUMPTIONS,
    measured: { timesMs: {}, log: [] },
    spec,
    rows: spec.rows,
    columns: spec.columns,
    slices: sliceCount(spec),
    physicalColumns: [...cells.columns],
    weights,
    inputs,
    levels: Array.from(cells.levels),
    targetMicrosiemens: microsiemens(cells.target),
    microsiemens: microsiemens(agedConductance(cells, spec, job.seed)),
    converter: { ...converter, unitMicroamps: unitAmps(spec, spec) * 1e6 },
    planes: planes.map((plane, at) => planeReport(plane, at, product, spec)),
    outputs: product.outputs,
    ideal,
    outputRange: range,
    causes: causesOf(spec, product, weights, inputs, job.seed),
    origin,
    problems,
  });
}

function planeReport(read: PlaneProduct, plane: number, { cells }: Product, spec: CrossbarSpec): CrossbarPlane {
  const straight = straightCurrents(cells.target, read.volts, cells.columns.length);
  return {
    plane,
    scale: 2 ** (spec.dacBits * plane),
    digits: read.digits,
    volts: read.volts,
    idealMicroamps: microamps(straight.columnAmps),
    microamps: microamps(read.amps),
    idealSums: read.idealSums,
    sums: Array.from(read.sums),
    codes: read.conversions.map(({ code }) => code),
    clipped: read.conversions.map(({ clipped }) => clipped),
    partial: read.partial,
    idealPartial: read.idealPartial,
    ...(read.nodes && { wordVolts: Array.from(read.nodes.wordVolts), bitVolts: Array.from(read.nodes.bitVolts) }),
  };
}

const NOTHING_WRONG = {
  variationPercent: 0,
  readNoisePercent: 0,
  wireOhm: 0,
  driftExponent: 0,
} satisfies Partial<Device>;

/** Each cause alone: the converter's with ideal cells, the cells' read without a converter. */
function causesOf(
  spec: CrossbarSpec,
  product: Product,
  weights: readonly (readonly number[])[],
  inputs: readonly number[],
  seed: number,
): CrossbarReport['causes'] {
  const { ideal } = product;
  const rms = (outputs: readonly number[]) => errorFigures(outputs, ideal).rmsError;
  const alone = (kept: Partial<Device>) => {
    const device = { ...spec, ...NOTHING_WRONG, ...kept };
    return rms(multiply(weights, inputs, spec, device, seed, { reading: 'exact' }).outputs);
  };
  const { variationPercent, readNoisePercent, wireOhm, driftExponent, driftSeconds } = spec;
  const causes: [ErrorCause, boolean, () => number][] = [
    ['resolution', true, () => rms(convertIdeal(product, spec, 'resolution'))],
    ['clipping', true, () => rms(convertIdeal(product, spec, 'clipping'))],
    ['variation', variationPercent > 0, () => alone({ variationPercent })],
    ['read-noise', readNoisePercent > 0, () => alone({ readNoisePercent })],
    ['wires', wireOhm > 0, () => alone({ wireOhm })],
    ['drift', driftExponent > 0 && driftSeconds > 1, () => alone({ driftExponent })],
  ];
  return causes.filter(([, on]) => on).map(([cause, , rmsError]) => ({ cause, rmsError: rmsError() }));
}

function microsiemens(conductance: Float64Array): number[] {
  return Array.from(conductance, (g) => g * 1e6);
}

function microamps(amps: Float64Array): number[] {
  return Array.from(amps, (current) => current * 1e6);
}
