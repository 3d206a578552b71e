import type { Job } from '../../core/job.ts';
import * as math from '../../core/math.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import { type DigitSet, type Digits, decodeDigits } from './digit-file.ts';
import type { Said, SampleSet, SampleSets } from './types.ts';

/** Search and test digits; the training digits, which only training asks for, are in a file of their own. */
const FILES: Record<DigitSet, string> = {
  search: 'data/digits.bin',
  test: 'data/digits.bin',
  train: 'data/digits-train.bin',
};

const CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** One set of the digits that the studio ships. Fails where its file is missing or damaged. */
export async function loadDigitSet(set: DigitSet, job: Pick<Job, 'asset'>): Promise<Result<Digits>> {
  const read = await readFile(FILES[set], job);
  if (!read.ok) return read;
  const digits = read.value[set];
  return digits ? ok(digits) : fail(missing(FILES[set]));
}

/**
 * The 1,000 digits for search and calibration and the 2,000 for test, with pixels from 0 (paper) to 1 (ink), as the digit
 * networks take them. Fails where the file is missing or damaged.
 */
export async function loadDigits(job: Pick<Job, 'asset'>): Promise<Result<SampleSets>> {
  const read = await readFile(FILES.search, job);
  if (!read.ok) return read;
  const { search, test } = read.value;
  if (!search || !test) return fail(missing(FILES.search));
  return ok({ search: sampleSet('search', search), test: sampleSet('test', test), decode: decodeClasses });
}

async function readFile(file: string, job: Pick<Job, 'asset'>): Promise<ReturnType<typeof decodeDigits>> {
  try {
    return decodeDigits(await job.asset(file), file);
  } catch {
    return fail(missing(file));
  }
}

function missing(file: string): ReturnType<typeof error> {
  const what = `The digits are missing: the studio comes with a file "${file}" that cannot be had here.`;
  return error('digits.missing', what, 'Install the studio again, or serve its folder whole.', { file });
}

function sampleSet(set: 'search' | 'test', digits: Digits): SampleSet {
  const { count, side, labels } = digits;
  return {
    set,
    count,
    shape: [1, side, side],
    samples: (start, length) => pixelsAsFloats(digits, start, length),
    labels: { kind: 'classes', classes: CLASSES, of: Uint16Array.from(labels) },
  };
}

/** Pixels of digits `start` to `start + count`, as float32 from 0 to 1. */
export function pixelsAsFloats({ side, pixels }: Digits, start: number, count: number): Float32Array {
  const each = side * side;
  const bytes = pixels.subarray(start * each, (start + count) * each);
  return Float32Array.from(bytes, (byte) => byte / 255);
}

/** The class with the largest output (the first of equals), with its softmax as confidence. Outputs that are no numbers never win. */
export function decodeClasses(outputs: Float32Array, count: number): Said[] {
  const classes = count > 0 ? outputs.length / count : 0;
  return Array.from({ length: count }, (_, sample) => {
    const of = outputs.subarray(sample * classes, (sample + 1) * classes);
    let best = 0;
    for (let at = 1; at < classes; at++) if (!(of[at]! <= of[best]!) && !Number.isNaN(of[at]!)) best = at;
    let sum = 0;
    for (const output of of) if (!Number.isNaN(output)) sum += math.exp(output - of[best]!);
    return { what: best, confidence: sum > 0 ? 1 / sum : 0 };
  });
}
