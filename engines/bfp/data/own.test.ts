import { describe, expect, it } from 'vitest';
import type { NpyArray } from './npy.ts';
import { ownSamples } from './own.ts';

const MODEL = { inputShape: [1, 1, 1, 2], outputShape: [1, 3] };

function array(shape: number[], values: number[], type = 'f4'): NpyArray {
  return { shape, type, values: Float64Array.from(values) };
}

/** `labels.length` samples; sample i is (i, i + 0.5). */
function arrays(labels: number[], x?: NpyArray, classes?: string): Map<string, NpyArray> {
  const samples = labels.flatMap((_, index) => [index, index + 0.5]);
  const all = new Map([
    ['x', x ?? array([labels.length, 1, 1, 2], samples)],
    ['y', array([labels.length], labels, 'i8')],
  ]);
  if (classes) {
    const text = new TextEncoder().encode(classes);
    all.set('classes', array([text.length], [...text], 'u1'));
  }
  return all;
}

function problem(given: Map<string, NpyArray>): string {
  const sets = ownSamples(given, 'own.npz', MODEL);
  return sets.ok ? 'none' : sets.problems[0]!.what;
}

function setsOf(given: Map<string, NpyArray>) {
  const sets = ownSamples(given, 'own.npz', MODEL);
  if (!sets.ok) throw new Error(sets.problems[0]!.what);
  return sets.value;
}

describe('the samples of a user', () => {
  it('are shared out class by class: every third is searched on, the others tested, none both', () => {
    const { search, test } = setsOf(arrays([0, 0, 0, 1, 0, 1, 1, 0, 0]));
    const places = (set: typeof search) => Array.from({ length: set.count }, (_, at) => set.samples(at, 1)[0]);
    expect(places(search)).toEqual([2, 6, 8]);
    expect(places(test)).toEqual([0, 1, 3, 4, 5, 7]);
    expect(search.labels).toEqual({ kind: 'classes', classes: ['0', '1', '2'], of: Uint16Array.of(0, 1, 0) });
    expect([...test.samples(1, 2)]).toEqual([1, 1.5, 3, 3.5]);
    expect(test.shape).toEqual([1, 1, 2]);
  });

  it('in bytes are pixels from 0 to 1, and in other types as they are', () => {
    const of = (type: string) => [...setsOf(arrays([0], array([1, 1, 1, 2], [51, 255], type))).test.samples(0, 1)];
    expect(of('u1')).toEqual([Math.fround(0.2), 1]);
    expect(of('i2')).toEqual([51, 255]);
  });

  it('may be flat, and have names of their classes', () => {
    const sets = setsOf(arrays([0, 1, 2], array([3, 2], [1, 2, 3, 4, 5, 6]), 'cat\ndog'));
    expect(sets.test.labels).toMatchObject({ classes: ['cat', 'dog', '2'] });
    expect([...sets.test.samples(0, 3)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('that do not fit are told, sample by sample', () => {
    expect(problem(new Map([['a', array([1], [1])]]))).toMatch(/needs the arrays "x".*it has "a"/);
    expect(problem(arrays([0], array([1, 3], [1, 2, 3])))).toMatch(/samples of 3; the model takes 1 x 1 x 2/);
    expect(problem(arrays([0], array([2, 2], [1, 2, 3, 4])))).toMatch(/2 samples and 1 classes/);
    expect(problem(arrays([0, 3]))).toMatch(/sample 1 the class 3; the model has the classes 0 to 2/);
    expect(problem(arrays([0, -1]))).toMatch(/class -1/);
    expect(problem(arrays([0, 0.5]))).toMatch(/class 0\.5/);
    expect(problem(arrays([0, Number.NaN]))).toMatch(/class NaN/);
    expect(problem(arrays([0, 1], array([2, 2], [1, 2, Number.NaN, 4])))).toMatch(/no number in sample 1/);
    expect(problem(arrays([]))).toMatch(/no samples/);
  });
});
