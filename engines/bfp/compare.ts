import { breathe } from '../core/abort.ts';
import { math } from '../core/index.ts';
import type { Job } from '../core/job.ts';
import { fail, ok, type Problem, type Result } from '../core/result.ts';
import type { LayerFormats, RunLayer } from '../onnx/run/types.ts';
import { blockOf, formatText, lineLength, loadQuantizer, type Quantizer } from '../tensor/formats/index.ts';
import type { NumberFormat } from '../tensor/formats/types.ts';
import { averageBits, type Candidate, type CompareFamily, EQUAL_BITS, equalFormats } from './compare-formats.ts';
import { shareOf } from './judge.ts';
import { errorEnergy, weightBits } from './layer-table.ts';
import { measure } from './measure.ts';
import { type OpenModel, type OpenSpec, openModel } from './open-model.ts';
import { equalPlan, formatOf } from './plan.ts';
import type { FormatChoice, Share } from './types.ts';

/** Spec of the entry `compare`: formats side by side on the weights of a whole network. */
export interface CompareSpec extends OpenSpec {
  /** Stored bits a weight. */
  bits: number;
  /** Formats beside those that are equal, whatever their size. */
  also?: FormatChoice[];
  /** Run the network over the search data in each format, weights and inputs of all layers. */
  measure?: boolean;
  /** At most so many samples of it; 0: all. */
  samples?: number;
}

/** How well a format holds one layer's weights. */
export interface ComparedLayer {
  name: string;
  bits: number;
  /** Undefined: every weight is held exactly, all are zero, or one is no number. */
  signalToNoiseDb?: number;
}

export interface ComparedFormat {
  /** Short form: "bfp4/32". */
  text: string;
  format: NumberFormat;
  /** `own`: asked for beside the equal ones. */
  family: CompareFamily | 'own';
  /** Stored bits a weight over the network. */
  bits: number;
  /** Within 0.15 bits of what was asked for. */
  equal: boolean;
  layers: ComparedLayer[];
  /** Signal to noise of the layers, averaged over their weights; layers without error are left out. */
  averageSignalToNoiseDb?: number;
  /** Of all weights of the network taken together. */
  totalSignalToNoiseDb?: number;
  accuracy?: Share;
}

export interface CompareReport {
  bits: number;
  formats: ComparedFormat[];
  layers: { name: string; parameters: number }[];
  /** In float32, on the same samples. */
  accuracyFloat?: Share;
  /** Samples that accuracy was measured on. */
  samples: number;
}

/**
 * Formats of equal size beside each other: what each loses on every layer's weights, and, where asked for, the accuracy of
 * the network on its search data. Where a family has several members of that size, the one that loses least is taken.
 * Problems: those of opening the model; a format that cannot be read; no data to measure on.
 */
export async function compare(spec: CompareSpec, job: Job): Promise<Result<CompareReport>> {
  const opened = await openModel(spec, job);
  if (!opened.ok) return opened;
  const { layers } = opened.value.runner;
  const wanted = candidates(layers, spec);
  if (!wanted.ok) return wanted;
  const quantizer = await loadQuantizer();
  const formats: ComparedFormat[] = [];
  for (const [index, group] of wanted.value.entries()) {
    job.progress(index / wanted.value.length, formatText(group[0]!.format));
    let best: ComparedFormat | undefined;
    for (const candidate of group) {
      const compared = await compareFormat(layers, candidate, quantizer, job);
      if (!best || lessLost(compared, best)) best = compared;
    }
    if (best && !formats.some(({ text }) => text === best?.text)) formats.push(best);
  }
  const report: CompareReport = {
    bits: spec.bits,
    formats,
    layers: layers.map(({ name, weights }) => ({ name, parameters: weights.length })),
    samples: 0,
  };
  return spec.measure ? measured(spec, opened.value, report, job) : ok(report);
}

type Wanted = Omit<Candidate, 'family'> & { family: ComparedFormat['family']; equal: boolean };

/** Groups of formats, of each of which one is shown. */
function candidates(layers: readonly RunLayer[], { bits, also = [] }: CompareSpec): Result<Wanted[][]> {
  const { equal, beyond } = equalFormats(layers, bits);
  const wanted: Wanted[][] = [
    ...equal.map((group) => group.map((each) => ({ ...each, equal: true }))),
    ...beyond.map((each) => [{ ...each, equal: false }]),
  ];
  for (const [index, choice] of also.entries()) {
    const format = formatOf(choice, `also.${index}`);
    if (!format.ok) return format;
    const own = averageBits(layers, format.value);
    wanted.push([{ family: 'own', format: format.value, bits: own, equal: Math.abs(own - bits) <= EQUAL_BITS }]);
  }
  return ok(wanted);
}

function lessLost(a: ComparedFormat, b: ComparedFormat): boolean {
  const exact = Number.POSITIVE_INFINITY;
  return (a.averageSignalToNoiseDb ?? exact) > (b.averageSignalToNoiseDb ?? exact);
}

async function compareFormat(
  layers: readonly RunLayer[],
  { family, format, bits, equal }: Wanted,
  quantizer: Quantizer,
  job: Pick<Job, 'signal' | 'seed'>,
): Promise<ComparedFormat> {
  const all = { noise: 0, signal: 0 };
  let [weighted, weights] = [0, 0];
  const compared: ComparedLayer[] = [];
  for (const layer of layers) {
    const line = lineLength(layer.channels, layer.rowLength, blockOf(format));
    const energy = errorEnergy(layer.weights, quantizer.rows(layer.weights, line, format, job.seed));
    const signalToNoiseDb = decibels(energy);
    all.noise += energy.noise;
    all.signal += energy.signal;
    if (signalToNoiseDb !== undefined) {
      weighted += signalToNoiseDb * layer.weights.length;
      weights += layer.weights.length;
    }
    compared.push({
      name: layer.name,
      bits: weightBits(layer, format).perElement,
      ...(signalToNoiseDb !== undefined && { signalToNoiseDb }),
    });
    await breathe(job.signal);
  }
  const total = decibels(all);
  return {
    text: formatText(format),
    format,
    family,
    bits,
    equal,
    layers: compared,
    ...(weights > 0 && { averageSignalToNoiseDb: weighted / weights }),
    ...(total !== undefined && { totalSignalToNoiseDb: total }),
  };
}

function decibels({ noise, signal }: { noise: number; signal: number }): number | undefined {
  // NaN among the weights leaves neither.
  return noise > 0 && signal > 0 ? 10 * math.log10(signal / noise) : undefined;
}

async function measured(
  spec: CompareSpec,
  opened: OpenModel,
  report: CompareReport,
  job: Job,
): Promise<Result<CompareReport>> {
  const { sets, runner } = opened;
  if (!sets) return fail(...(opened.problems.slice(0, 1) as [Problem]));
  const { model, data, tuned, samples = 0 } = spec;
  const run = { model, data, float: true, set: 'search' as const, samples, ...(tuned && { tuned }) };
  const plans = report.formats.map(({ format }) => equalPlan(runner.layers, operands(format)));
  const answers = await measure({ ...run, plans }, opened, job, (fraction) => job.progress(fraction, 'Measuring'));
  if (!answers.ok) return answers;
  const { float, plans: runs } = answers.value;
  return ok({
    ...report,
    formats: report.formats.map((each, index) => ({ ...each, accuracy: shareOf(runs[index]!.said, sets.search) })),
    accuracyFloat: shareOf(float.said, sets.search),
    samples: float.said.length,
  });
}

/** Weights and inputs alike; llama.cpp's types are for weights, beside them inputs stay float32. */
function operands(format: NumberFormat): LayerFormats {
  return { weights: format, inputs: format.kind === 'gguf' ? { kind: 'float32' } : format };
}
