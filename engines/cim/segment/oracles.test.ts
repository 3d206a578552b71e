import { describe, expect, it } from 'vitest';
import { ALL_IMPROVEMENTS, DEFAULT_RULES, NO_IMPROVEMENTS, STUDY_RULES } from '../rules.ts';
import type { CimSlice } from '../types.ts';
import { segmentImproved } from './improved.ts';
import { segmentAsPublished } from './published.ts';
import { judged, problemOf } from './zoo.fixture.ts';

/** One plan a segment and a prefix, as published; reload and batch in its costs, as the study had it. */
const STUDY = { ...NO_IMPROVEMENTS, reload: true, batch: true };

/** Speed-up over compute-only at 44 B/cycle from main memory and 320 cycles to write; 84, 320, batch 8; 44, 32, batch 4. */
const TABLE: [string, [number, number, number]][] = [
  ['vgg16', [1.412, 2.09, 6.08]],
  ['vgg16 convolutions', [3.38, 3.59, 7.79]],
  ['resnet18', [1.275, 1.61, 4.11]],
  ['mobilenet-v2', [1.053, 1.02, 1.18]],
  ['bert-large', [1.101, 1.2, 2.31]],
  ['llama2-7b', [1.206, 1.63, 4.54]],
  ['opt-13b', [1.09, 1.23, 1.52]],
];
const COLUMNS = [
  { main: 44, write: 320, batch: 1 },
  { main: 84, write: 320, batch: 8 },
  { main: 44, write: 32, batch: 4 },
];

describe('the study of the unpublished constants', () => {
  for (const [name, expected] of TABLE) {
    it(`comes out for ${name}`, async () => {
      for (const [column, { main, write, batch }] of COLUMNS.entries()) {
        const [model, only] = name.split(' ');
        const whole = await problemOf({
          model: model!,
          batch,
          blocks: 'one',
          rules: STUDY_RULES,
          hardware: { base: 'dynaplasia', mainBytesPerCycle: main, array: { writeCycles: write } },
        });
        const operators = only ? whole.operators.filter(({ kind }) => kind === 'conv') : whole.operators;
        const problem = { ...whole, operators, sections: [{ ...whole.sections[0]!, count: operators.length }] };
        const speedUp = async (segmenter: typeof segmentImproved, improvements: typeof STUDY) => {
          const dual = await judged(segmenter, problem, improvements);
          return (await judged(segmenter, problem, improvements, false)).totals.cycles / dual.totals.cycles;
        };
        const found = await speedUp(segmentAsPublished, STUDY);
        const gap = Math.abs(found / expected[column]! - 1);
        // One plan a prefix goes astray on small changes. With cheap writes the study's prototype, which followed the bytes
        // between parts less exactly, came to other cuts: MobileNetV2 3.5 % off, ResNet-18 3.9 %, BERT 4.4 %. There the best
        // plan reaches what it reached, or more.
        const astray = column === 2 && ['resnet18', 'mobilenet-v2', 'bert-large'].includes(name);
        expect(gap).toBeLessThan(astray ? 0.05 : 0.03);
        if (astray) expect(await speedUp(segmentImproved, ALL_IMPROVEMENTS)).toBeGreaterThan(expected[column]! * 0.97);
      }
    });
  }
});

describe('VGG-16', () => {
  for (const [name, rules] of [
    ['study', STUDY_RULES],
    ['default', DEFAULT_RULES],
  ] as const) {
    it(`is cut as the paper shows: four convolutions, two, then one by one (${name} rules)`, async () => {
      const problem = await problemOf({ model: 'vgg16', rules });
      for (const [segmenter, improvements] of [
        [segmentAsPublished, NO_IMPROVEMENTS],
        [segmentAsPublished, STUDY],
        [segmentImproved, ALL_IMPROVEMENTS],
      ] as const) {
        const { segments } = await judged(segmenter, problem, improvements);
        const convs = segments.filter(({ operators }) => problem.operators[operators[0]!]!.kind === 'conv');
        expect(convs.map(({ operators }) => operators.length).slice(0, 3)).toEqual([4, 2, 1]);
        for (const { operators } of convs.slice(2)) expect(operators.length).toBe(1);
        // Early segments nearly all compute; the last convolutions get some memory arrays.
        expect(convs[0]!.cost.computeArrays).toBeGreaterThan(70);
        expect(convs.at(-1)!.cost.memoryArrays).toBeGreaterThan(5);
      }
    });
  }

  it('has the counts of arrays of the study', async () => {
    const problem = await problemOf({ model: 'vgg16', rules: STUDY_RULES });
    const { segments } = await judged(segmentAsPublished, problem, STUDY);
    const counts = segments.slice(0, 8).map(({ cost }) => [cost.computeArrays, cost.memoryArrays]);
    expect(counts.slice(0, 3)).toEqual([
      [78, 18],
      [86, 10],
      [66, 8],
    ]);
    expect(counts.slice(5, 8)).toEqual([
      [75, 14],
      [75, 14],
      [75, 14],
    ]);
  });
});

describe('all methods', () => {
  const designs: Partial<CimSlice>[] = [
    { model: 'lenet5' },
    { model: 'alexnet' },
    { model: 'vgg8', batch: 4 },
    { model: 'resnet18' },
    { model: 'squeezenet' },
    { model: 'mobilenet-v2', rules: STUDY_RULES },
    { model: 'bert-large', rules: { ...DEFAULT_RULES, inPlace: true } },
    { model: 'llama2-7b', phase: 'decode' },
    { model: 'opt-13b', rules: { ...DEFAULT_RULES, reload: 'bytes' } },
  ];
  for (const design of designs) {
    it(`${design.model}: the improved is no slower than compute-only and than the published`, async () => {
      const problem = await problemOf(design);
      const { totals: own } = await judged(segmentImproved, problem, ALL_IMPROVEMENTS);
      expect(own.switchCycles).toBeLessThan(0.05 * own.cycles);
      const others = [
        await judged(segmentImproved, problem, ALL_IMPROVEMENTS, false),
        await judged(segmentAsPublished, problem, NO_IMPROVEMENTS),
        await judged(segmentAsPublished, problem, STUDY),
        await judged(segmentAsPublished, problem, STUDY, false),
      ];
      for (const { totals } of others) expect(own.cycles).toBeLessThanOrEqual(totals.cycles * (1 + 1e-12));
    });
  }
});

describe('BERT over sequence lengths', () => {
  it('gains less the longer the sequence, and then holds fewer memory arrays, where writing costs little', async () => {
    // Attention has ever more work for each byte fed, and its share grows. With 320 cycles to write an array this does not
    // show below some thousand tokens: reload, which memory arrays do not shorten, weighs less the longer the sequence.
    const hardware = { base: 'dynaplasia', mainBytesPerCycle: 200, array: { writeCycles: 1 } };
    const found: { gain: number; share: number }[] = [];
    for (const sequence of [128, 512, 2048, 16384]) {
      const problem = await problemOf({ model: 'bert-large', blocks: 'one', sequence, rules: STUDY_RULES, hardware });
      const { totals } = await judged(segmentImproved, problem, ALL_IMPROVEMENTS);
      const only = await judged(segmentImproved, problem, ALL_IMPROVEMENTS, false);
      found.push({ gain: only.totals.cycles / totals.cycles, share: totals.memoryArraySharePercent });
      expect(totals.switchCycles).toBeLessThan(0.05 * totals.cycles);
    }
    const gains = found.map(({ gain }) => gain);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(gains.at(-1)).toBeLessThan(1.2);
    expect(found.at(-1)!.share).toBeLessThan(found[1]!.share);
  });
});
