import type { Job } from '../../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import type { Runner } from '../../onnx/run/types.ts';
import type { OwnData } from '../types.ts';
import { decodeClasses } from './digits.ts';
import { type NpyArray, readNpz } from './npy.ts';
import type { SampleSet, SampleSets } from './types.ts';

/** Every third sample of a class is searched on, the others are for test: a rule that needs no seed. Ours. */
const EVERY = 3;

/** The user's labelled samples (`x`, `y`, and the names of the classes where the file has them) for a model. */
export async function loadOwn(
  { npz }: OwnData,
  runner: Pick<Runner, 'inputShape' | 'outputShape'>,
  job: Pick<Job, 'source'>,
): Promise<Result<SampleSets>> {
  const source = await job.source(npz.sha256);
  if (!source) {
    const what = `The file "${npz.name}" (${npz.bytes} bytes) of this design is not here.`;
    return fail(error('blob-missing', what, 'Open the file again; the design finds it by its content.'));
  }
  const arrays = readNpz(await source.read(0, source.bytes), npz.name);
  return arrays.ok ? ownSamples(arrays.value, npz.name, runner) : arrays;
}

/**
 * Samples `x` (N, then the model's input shape without its batch) and classes `y` (N whole numbers), shared out into search
 * and test: of each class every third sample is for search. Whole numbers of one byte are pixels, 0 to 1. `classes` may
 * hold their names, as bytes separated by line ends.
 * Problems: arrays that are missing or do not fit the model, classes that the model does not have, values that are no numbers.
 */
export function ownSamples(
  arrays: ReadonlyMap<string, NpyArray>,
  name: string,
  { inputShape, outputShape }: Pick<Runner, 'inputShape' | 'outputShape'>,
): Result<SampleSets> {
  const [x, y] = [arrays.get('x'), arrays.get('y')];
  if (!x || !y) {
    const has = [...arrays.keys()].map((key) => `"${key}"`).join(', ') || 'none';
    return fail(broken(name, `needs the arrays "x" (samples) and "y" (classes); it has ${has}`));
  }
  const shape = inputShape.slice(1);
  const each = product(shape);
  const count = x.shape[0] ?? 0;
  if (count === 0) return fail(broken(name, 'has no samples'));
  if (product(x.shape.slice(1)) !== each) {
    const what = `has samples of ${x.shape.slice(1).join(' x ') || 'one number'}; the model takes ${shape.join(' x ')}`;
    return fail(broken(name, what));
  }
  if (y.values.length !== count) return fail(broken(name, `has ${count} samples and ${y.values.length} classes`));
  const classes = outputShape[outputShape.length - 1] ?? 0;
  const wrong = y.values.findIndex((of) => !Number.isInteger(of) || of < 0 || of >= classes);
  if (wrong >= 0) {
    const what = `gives sample ${wrong} the class ${y.values[wrong]}; the model has the classes 0 to ${classes - 1}`;
    return fail(broken(name, what));
  }
  const strange = x.values.findIndex((value) => !Number.isFinite(value));
  if (strange >= 0) {
    return fail(broken(name, `has a value that is no number in sample ${Math.floor(strange / each)}`));
  }
  const scale = x.type === 'u1' ? 1 / 255 : 1;
  const named = namesOf(arrays.get('classes'), classes);
  const { search, test } = shareOut(y.values);
  const set = (which: 'search' | 'test', places: readonly number[]): SampleSet => ({
    set: which,
    count: places.length,
    shape: [...shape],
    samples(start, length) {
      const samples = new Float32Array(length * each);
      for (let index = 0; index < length; index++) {
        const from = places[start + index]! * each;
        for (let at = 0; at < each; at++) samples[index * each + at] = x.values[from + at]! * scale;
      }
      return samples;
    },
    labels: { kind: 'classes', classes: named, of: Uint16Array.from(places, (place) => y.values[place]!) },
  });
  return ok({ search: set('search', search), test: set('test', test), decode: decodeClasses });
}

function shareOut(labels: Float64Array): { search: number[]; test: number[] } {
  const seen = new Map<number, number>();
  const shared: { search: number[]; test: number[] } = { search: [], test: [] };
  for (const [place, label] of labels.entries()) {
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    (before % EVERY === EVERY - 1 ? shared.search : shared.test).push(place);
  }
  // Too few of each class to share: what there is serves both.
  if (shared.search.length === 0) shared.search = [...shared.test];
  return shared;
}

function namesOf(array: NpyArray | undefined, classes: number): string[] {
  const text = array && new TextDecoder().decode(Uint8Array.from(array.values));
  const names = text?.split('\n') ?? [];
  return Array.from({ length: classes }, (_, index) => names[index] || `${index}`);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function broken(name: string, what: string): Problem {
  const remedy = 'Save it with numpy.savez(file, x=samples, y=classes), samples as the model takes them.';
  return error('own-data.broken', `The data "${name}" ${what}.`, remedy, { file: name, path: 'slices.bfp.data' });
}
