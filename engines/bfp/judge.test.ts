import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterEdits } from './data/ocr-edits.ts';
import type { Said, SampleSet } from './data/types.ts';
import { judge, shareOf } from './judge.ts';

function classSet(of: readonly number[], classes = 4): SampleSet {
  const names = Array.from({ length: classes }, (_, index) => `class ${index}`);
  return {
    set: 'test',
    count: of.length,
    shape: [1],
    samples: () => new Float32Array(0),
    labels: { kind: 'classes', classes: names, of: Uint16Array.from(of) },
  };
}

function textSet(lines: string[]): SampleSet {
  return {
    set: 'search',
    count: lines.length,
    shape: [1],
    samples: () => new Float32Array(0),
    labels: { kind: 'text', lines },
  };
}

const say = (what: readonly (number | string)[]): Said[] => what.map((each) => ({ what: each, confidence: 0.5 }));
const answers = (what: readonly (number | string)[]): Parameters<typeof judge>[1] => ({
  said: say(what),
  noise: 0,
  signal: 0,
});

const triples = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 })), {
  minLength: 1,
  maxLength: 60,
});

describe('classes', () => {
  it('are counted, set against float32, and those that anybody has wrong are shown', () => {
    const found = judge(say([0, 1, 0, 3, 2]), answers([0, 0, 2, 3, 3]), classSet([0, 1, 2, 3, 1]), 1);
    expect(found).toMatchObject({
      kind: 'classes',
      samples: 5,
      float: { count: 3, of: 5, percent: 60 },
      plan: { count: 3, of: 5, percent: 60 },
      difference: { test: 'mcnemar', lost: 1, won: 1, points: 0, pValue: 1 },
    });
    expect(found.shown.map(({ sample, float, plan, label }) => [sample, float, plan, label])).toEqual([
      [1, 1, 0, 1],
      [2, 0, 2, 2],
      [4, 2, 3, 1],
    ]);
    expect(found.confusion!.float[1]).toEqual([0, 1, 1, 0]);
    expect(found.confusion!.plan[1]).toEqual([1, 0, 0, 1]);
  });

  it('in every answer: confusions sum up to the samples, their diagonals to the right ones, and the counts agree', () => {
    fc.assert(
      fc.property(triples, (rows) => {
        const [labels, float, plan] = [0, 1, 2].map((at) => rows.map((row) => row[at]!)) as [
          number[],
          number[],
          number[],
        ];
        const found = judge(say(float), answers(plan), classSet(labels), 1);
        for (const whose of ['float', 'plan'] as const) {
          const matrix = found.confusion![whose];
          expect(matrix.flat().reduce((sum, n) => sum + n, 0)).toBe(rows.length);
          expect(matrix.reduce((sum, row, at) => sum + row[at]!, 0)).toBe(found[whose].count);
          for (const [label, row] of matrix.entries()) {
            expect(row.reduce((sum, n) => sum + n, 0)).toBe(labels.filter((each) => each === label).length);
          }
        }
        const { lost, won, points } = found.difference;
        expect(found.plan.count - found.float.count).toBe(won - lost);
        expect(points).toBeCloseTo((100 * (won - lost)) / rows.length, 9);
        const wrong = rows.filter(([label, before, after]) => before !== label || after !== label);
        expect(found.shown).toHaveLength(wrong.length);
      }),
      { numRuns: 60 },
    );
  });

  it('of great number have no confusions, and not more than 400 samples are shown', () => {
    const labels = new Array<number>(500).fill(7);
    const found = judge(say(labels), answers(labels.map(() => 8)), classSet(labels, 101), 1);
    expect(found.confusion).toBeUndefined();
    expect(found.shown).toHaveLength(400);
    expect(found.difference).toMatchObject({ lost: 500, won: 0, points: -100 });
  });
});

describe('text', () => {
  it('is judged by the character, blanks left out, and every line is shown', () => {
    const set = textSet(['the cat', 'sat on', 'a mat']);
    const found = judge(say(['the cat', 'sat on', 'a nat']), answers(['thecat', 'sot an', 'a mat']), set, 1);
    expect(found).toMatchObject({
      kind: 'text',
      set: 'search',
      samples: 3,
      float: { count: 14, of: 15 },
      plan: { count: 13, of: 15 },
      difference: { test: 'bootstrap', lost: 1, won: 1 },
    });
    expect(found.confusion).toBeUndefined();
    expect(found.shown.map(({ plan }) => plan)).toEqual(['thecat', 'sot an', 'a mat']);
  });

  it('has a share of right characters that is one minus edits over characters, never below nothing', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(line, line), { minLength: 1, maxLength: 6 }), (pairs) => {
        const edits = pairs.map(([text, read]) => characterEdits(text, read));
        const characters = edits.reduce((sum, each) => sum + each.characters, 0);
        fc.pre(characters > 0);
        const wrong = edits.reduce((sum, each) => sum + each.edits, 0);
        const found = shareOf(say(pairs.map(([, read]) => read)), textSet(pairs.map(([text]) => text)));
        expect(found.count).toBe(Math.max(0, characters - wrong));
        expect(found.of).toBe(characters);
      }),
      { numRuns: 60 },
    );
  });
});
