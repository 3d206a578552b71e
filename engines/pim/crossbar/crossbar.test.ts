import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { math } from '../../core/index.ts';
import { inlineJob } from '../../core/inline-job.ts';
import { heldBits, physicalColumns, sliceCount, topDigit, topLevel, weightRange } from './coding.ts';
import { crossbar } from './crossbar.ts';
import { CROSSBAR_DEFAULTS } from './schema.ts';
import type { CrossbarReport, CrossbarSpec } from './types.ts';

async function run(change: Partial<CrossbarSpec>, seed = 1): Promise<CrossbarReport> {
  const result = await crossbar({ ...CROSSBAR_DEFAULTS, ...change }, inlineJob({ seed }));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** Enough codes for every sum. */
function enoughAdcBits(
  spec: Pick<CrossbarSpec, 'rows' | 'weightBits' | 'inputBits' | 'cellBits' | 'dacBits' | 'signed'>,
) {
  const largest = spec.rows * topLevel(spec) * topDigit(spec);
  return Math.ceil(Math.log2(largest + 1)) + (spec.signed === 'pair' ? 1 : 0);
}

const specs = fc
  .record({
    rows: fc.integer({ min: 1, max: 32 }),
    columns: fc.integer({ min: 1, max: 12 }),
    weightBits: fc.integer({ min: 2, max: 8 }),
    inputBits: fc.integer({ min: 1, max: 8 }),
    cellBits: fc.integer({ min: 1, max: 6 }),
    dacBits: fc.integer({ min: 1, max: 4 }),
    signed: fc.constantFrom('offset' as const, 'pair' as const),
    spread: fc.constantFrom('uniform' as const, 'normal' as const),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map(({ spread, ...spec }) => ({ ...spec, weights: { kind: 'random' as const, spread } }))
  .filter((spec) => enoughAdcBits(spec) <= 16);

describe('an ideal crossbar', () => {
  it('gives the product of whole numbers exactly, whatever the sizes, signs and bits', async () => {
    await fc.assert(
      fc.asyncProperty(specs, async ({ seed, ...spec }) => {
        const report = await run({ ...spec, adcBits: enoughAdcBits(spec) }, seed);
        const product = report.weights[0]!.map((_, column) =>
          report.inputs.reduce((sum, x, row) => sum + x * report.weights[row]![column]!, 0),
        );
        expect(report.outputs).toEqual(product);
        expect(report.ideal).toEqual(product);
        expect(report.figures).toMatchObject({ rmsError: 0, maxError: 0, clippedPercent: 0 });
        expect(report.figures.signalToNoiseDb).toBeUndefined();
        for (const { rmsError } of report.causes) expect(rmsError).toBe(0);
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it('holds the extreme weights and inputs', async () => {
    for (const signed of ['offset', 'pair'] as const) {
      const { least, most } = weightRange({ weightBits: 5, signed });
      const report = await run({
        rows: 4,
        columns: 2,
        signed,
        weightBits: 5,
        inputBits: 3,
        cellBits: 2,
        adcBits: 10,
        weights: { kind: 'values', values: new Array(4).fill([least, most]) },
        inputs: { kind: 'values', values: [7, 7, 7, 7] },
      });
      expect(report.outputs).toEqual([28 * least, 28 * most]);
      expect(report.outputs).toEqual([report.outputRange.least, report.outputRange.most]);
    }
  });

  it('is the same for the same seed, and another for another', async () => {
    const spec = { rows: 8, columns: 8, variationPercent: 5, readNoisePercent: 2, wireOhm: 3 };
    expect(await run(spec, 5)).toEqual(await run(spec, 5));
    expect((await run(spec, 6)).weights).not.toEqual((await run(spec, 5)).weights);
  });

  it('keeps its weights and inputs while what is not ideal changes, and its rows while it grows', async () => {
    const small = await run({ rows: 6, columns: 5 });
    const noisy = await run({ rows: 6, columns: 5, variationPercent: 9, readNoisePercent: 9, adcBits: 3 });
    expect([noisy.weights, noisy.inputs]).toEqual([small.weights, small.inputs]);
    const large = await run({ rows: 12, columns: 9 });
    expect(large.weights.slice(0, 6).map((row) => row.slice(0, 5))).toEqual(small.weights);
    expect(large.inputs.slice(0, 6)).toEqual(small.inputs);
  });
});

describe('how weights become cells', () => {
  it('cuts them into slices, and no cell is left out', async () => {
    await fc.assert(
      fc.asyncProperty(specs, async ({ seed, ...spec }) => {
        const report = await run({ ...spec, adcBits: 16 }, seed);
        const count = report.physicalColumns.length;
        const held = report.weights.map((row) => row.map(() => 0));
        for (const [k, { weight, slice, sign }] of report.physicalColumns.entries()) {
          for (let i = 0; i < report.rows; i++) {
            const level = report.levels[i * count + k]!;
            expect(level).toBeLessThanOrEqual(topLevel(spec));
            if (weight >= 0) held[i]![weight]! += sign * level * 2 ** (spec.cellBits * slice);
          }
        }
        const offset = spec.signed === 'offset' ? 2 ** (spec.weightBits - 1) : 0;
        expect(held).toEqual(report.weights.map((row) => row.map((weight) => weight + offset)));
        expect(count).toBe(spec.columns * sliceCount(spec) * (offset ? 1 : 2) + (offset ? 1 : 0));
        expect(heldBits(spec)).toBe(spec.weightBits - (offset ? 0 : 1));
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  it('puts the slices of a weight side by side and the reference last', () => {
    const coding = { weightBits: 4, inputBits: 1, cellBits: 2, dacBits: 1, signed: 'offset' as const };
    expect(physicalColumns(2, coding).map(({ weight, slice }) => [weight, slice])).toEqual([
      [0, 1],
      [0, 0],
      [1, 1],
      [1, 0],
      [-1, 0],
    ]);
  });

  it('spaces levels evenly in conductance', async () => {
    const report = await run({ gMinUs: 2, gMaxUs: 32, weightBits: 4, cellBits: 2 });
    for (const [at, level] of report.levels.entries()) {
      expect(report.targetMicrosiemens[at]).toBeCloseTo(2 + 10 * level, 10);
    }
  });
});

describe('currents', () => {
  it('are voltage times conductance, summed', async () => {
    const report = await run({
      rows: 2,
      columns: 1,
      weightBits: 2,
      cellBits: 2,
      inputBits: 2,
      gMinUs: 10,
      gMaxUs: 40,
      readVolts: 0.5,
      weights: { kind: 'values', values: [[-2], [1]] },
      inputs: { kind: 'values', values: [3, 2] },
    });
    // Offset 2: levels 0 and 3, 10 and 40 µS; plane 0 lights row 0, plane 1 both; the reference column holds 10 and 10 µS.
    expect(report.targetMicrosiemens.map((g) => Math.round(g))).toEqual([10, 10, 40, 10]);
    expect(report.planes[0]!.microamps[0]).toBeCloseTo(5, 12);
    expect(report.planes[0]!.microamps[1]).toBeCloseTo(5, 12);
    expect(report.planes[1]!.microamps[0]).toBeCloseTo(25, 12);
    expect(report.planes[1]!.microamps[1]).toBeCloseTo(10, 12);
    expect(report.planes.map((plane) => plane.codes)).toEqual([[0], [3]]);
    expect(report.outputs).toEqual([3 * -2 + 2 * 1]);
    // 0.5 V times all currents, over 100 ns a plane.
    expect(report.figures.arrayEnergyPj).toBeCloseTo(0.5 * (10 + 35) * 0.1, 10);
    expect(report.figures.latencyNs).toBe(200);
  });
});

describe('the converter', () => {
  /** All errors of partial sums over some seeds, in units. */
  async function errors(
    spec: Partial<CrossbarSpec>,
    seeds: number,
    of: (report: CrossbarReport, plane: number, q: number) => number,
  ) {
    const found: number[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const report = await run(spec, seed);
      for (const [p, plane] of report.planes.entries())
        for (const q of plane.codes.keys()) found.push(of(report, p, q));
    }
    return found;
  }
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const meanSquare = (list: readonly number[]) => mean(list.map((value) => value * value));

  it('has the variance of a uniform quantiser: (step^2 - 1) / 12 on whole sums', async () => {
    // 32 rows, levels to 15, digits to 3: sums to 1440, over 2^5 - 1 codes at 96.875 %: 1395 / 31 = 45 units a code.
    const spec = {
      rows: 32,
      columns: 32,
      weightBits: 4,
      inputBits: 8,
      dacBits: 2,
      adcBits: 5,
      adcRangePercent: 96.875,
    };
    const list = await errors(spec, 12, ({ converter, planes }, p, q) => {
      expect(converter.step).toBe(45);
      const plane = planes[p]!;
      return plane.codes[q]! * converter.step - plane.idealSums[q]!;
    });
    expect(list.length).toBe(12 * 4 * 32);
    expect(Math.max(...list.map(Math.abs))).toBeLessThanOrEqual(22);
    // The square of a uniform error has a standard deviation of 0.894 times its mean; four of them over sqrt(1536).
    const want = (45 ** 2 - 1) / 12;
    expect(Math.abs(meanSquare(list) / want - 1)).toBeLessThan((4 * 0.894) / Math.sqrt(list.length));
    expect(Math.abs(mean(list))).toBeLessThan(4 * Math.sqrt(want / list.length));
  });

  it('clips what lies beyond its range, and says so', async () => {
    const report = await run({
      rows: 4,
      columns: 2,
      weightBits: 4,
      cellBits: 4,
      inputBits: 1,
      adcBits: 8,
      // Of 60: up to 30.
      adcRangePercent: 50,
      weights: { kind: 'values', values: new Array(4).fill([7, -8]) },
      inputs: { kind: 'values', values: [1, 1, 1, 1] },
    });
    // Sums of 4 x 15 and of 4 x 0.
    expect(report.planes[0]!.idealSums).toEqual([60, 0]);
    expect(report.converter).toMatchObject({ step: 1, mostCode: 30 });
    expect(report.planes[0]!.codes).toEqual([30, 0]);
    expect(report.planes[0]!.clipped).toEqual([true, false]);
    const coarse = await run({
      ...CROSSBAR_DEFAULTS,
      rows: 4,
      columns: 2,
      inputBits: 1,
      adcBits: 4,
      adcRangePercent: 50,
      weights: { kind: 'values', values: new Array(4).fill([7, -8]) },
      inputs: { kind: 'values', values: [1, 1, 1, 1] },
    });
    expect(coarse.converter).toMatchObject({ step: 2, mostCode: 15 });
    expect(coarse.planes[0]!.codes).toEqual([15, 0]);
    expect(coarse.planes[0]!.clipped).toEqual([true, false]);
    expect(coarse.figures.clippedPercent).toBe(50);
    // 15 codes of 2 less the offset of 8 for each of the four ones, where 28 was to come.
    expect(coarse.outputs).toEqual([30 - 32, -32]);
    expect(coarse.figures.maxError).toBe(30);
    const cause = Object.fromEntries(coarse.causes.map((each) => [each.cause, each.rmsError]));
    expect(cause.resolution).toBe(0);
    expect(cause.clipping).toBeCloseTo(Math.sqrt(29 ** 2 / 2), 10);
  });
});

describe('what is not ideal', () => {
  /** Deviations of the sums from the ideal ones, in standard deviations that the closed form predicts. */
  async function deviations(
    spec: CrossbarSpec,
    seeds: number,
    variance: (report: CrossbarReport, plane: number, q: number) => number,
  ) {
    const list: number[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const report = await run(spec, seed);
      for (const [p, { sums, idealSums }] of report.planes.entries()) {
        for (const [q, sum] of sums.entries()) {
          const expected = variance(report, p, q);
          if (expected > 0) list.push((sum - idealSums[q]!) / Math.sqrt(expected));
        }
      }
    }
    return list;
  }

  /** Mean and variance of numbers that should be standard normal, to four standard errors (`alike`: drawn together). */
  function expectStandardNormal(list: readonly number[], alike = 1): void {
    const n = list.length / alike;
    const average = list.reduce((sum, value) => sum + value, 0) / list.length;
    const spread = list.reduce((sum, value) => sum + value * value, 0) / list.length;
    expect(Math.abs(average)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(spread - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  }

  const base: CrossbarSpec = {
    ...CROSSBAR_DEFAULTS,
    rows: 24,
    columns: 16,
    weightBits: 5,
    cellBits: 2,
    inputBits: 4,
    dacBits: 2,
    signed: 'pair',
    adcBits: 12,
  };

  it('sums read noise: n cells of the same fluctuation, each at its voltage', async () => {
    const spec = { ...base, readNoisePercent: 3 };
    const list = await deviations(spec, 10, ({ planes, converter }, p) => {
      const amps = planes[p]!.volts.reduce((sum, v) => sum + (v * 0.03 * spec.gMaxUs) ** 2, 0);
      return (2 * amps) / converter.unitMicroamps ** 2;
    });
    expect(list.length).toBe(10 * 2 * 32);
    expectStandardNormal(list);
  });

  it('takes the noise of the reference column along with an offset', async () => {
    const spec = { ...base, signed: 'offset' as const, readNoisePercent: 3 };
    const reports = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => run(spec, seed)));
    // The reference is in all columns of a read alike: its part of the variance is in their mean.
    const shared: number[] = [];
    for (const { planes, converter } of reports) {
      for (const { volts, sums, idealSums } of planes) {
        const one = volts.reduce((sum, v) => sum + (v * 0.03 * spec.gMaxUs) ** 2, 0) / converter.unitMicroamps ** 2;
        const mean = sums.reduce((sum, value, q) => sum + value - idealSums[q]!, 0) / sums.length;
        shared.push(mean / Math.sqrt(one * (1 + 1 / sums.length)));
      }
    }
    expectStandardNormal(shared);
  });

  it('sums cell variation: each cell in proportion to its conductance', async () => {
    const spec = { ...base, variationPercent: 4 };
    const list = await deviations(
      spec,
      12,
      ({ planes, converter, targetMicrosiemens, physicalColumns: columns }, p, q) => {
        let squares = 0;
        for (const [i, v] of planes[p]!.volts.entries()) {
          for (const k of [2 * q, 2 * q + 1]) squares += (v * 0.04 * targetMicrosiemens[i * columns.length + k]!) ** 2;
        }
        return squares / converter.unitMicroamps ** 2;
      },
    );
    // The two planes of an input share their cells.
    expectStandardNormal(list, 2);
  });

  it('programs a cell once: the same error at every plane', async () => {
    const report = await run({
      ...base,
      variationPercent: 4,
      inputs: { kind: 'values', values: new Array(24).fill(15) },
    });
    expect(report.planes[0]!.microamps).toEqual(report.planes[1]!.microamps);
    const noisy = await run({
      ...base,
      readNoisePercent: 4,
      inputs: { kind: 'values', values: new Array(24).fill(15) },
    });
    expect(noisy.planes[0]!.microamps).not.toEqual(noisy.planes[1]!.microamps);
  });

  it('drifts by the power law', async () => {
    const spec = { ...base, driftExponent: 0.05, driftSeconds: 86_400 };
    const kept = math.pow(86_400, -0.05);
    expect(kept).toBeCloseTo(0.56647, 5);
    const report = await run(spec);
    for (const [at, g] of report.microsiemens.entries())
      expect(g).toBeCloseTo(kept * report.targetMicrosiemens[at]!, 12);
    // A pair's difference shrinks as its parts do; an offset's sums shrink while the offset taken off does not.
    expect(report.causes.find(({ cause }) => cause === 'drift')!.rmsError).toBeCloseTo(
      (1 - kept) * Math.sqrt(report.ideal.reduce((sum, y) => sum + y * y, 0) / 16),
      8,
    );
    const offset = await run({ ...spec, signed: 'offset' });
    const total = offset.inputs.reduce((sum, x) => sum + x, 0);
    const squares = offset.ideal.reduce((sum, y) => sum + (y + 16 * total) ** 2, 0) / 16;
    expect(offset.causes.find(({ cause }) => cause === 'drift')!.rmsError).toBeCloseTo(
      (1 - kept) * Math.sqrt(squares),
      7,
    );
    expect((await run({ ...spec, driftSeconds: 1 })).figures.rmsError).toBe(0);
  });

  it('loses voltage along the wires, which the report shows cell by cell', async () => {
    const report = await run({ ...base, wireOhm: 5 });
    const { wordVolts, bitVolts, volts, microamps, idealMicroamps } = report.planes[0]!;
    const count = report.physicalColumns.length;
    const lit = volts.indexOf(0.2);
    for (let k = 1; k < count; k++) expect(wordVolts![lit * count + k]!).toBeLessThan(wordVolts![lit * count + k - 1]!);
    for (const [k, amps] of microamps.entries()) {
      expect(amps).toBeLessThan(idealMicroamps[k]!);
      // Kirchhoff: the column's current is that of its last piece of wire.
      expect((bitVolts![23 * count + k]! / 5) * 1e6).toBeCloseTo(amps, 8);
    }
    expect((await run(base)).planes[0]!.wordVolts).toBeUndefined();
  });

  it.each([
    ['variationPercent', [0, 1, 4, 16]],
    ['readNoisePercent', [0, 1, 4, 16]],
    ['wireOhm', [0, 1, 10, 100]],
    ['driftExponent', [0, 0.01, 0.05, 0.2]],
    ['adcRangePercent', [100, 15, 8, 4]],
  ] as const)('makes more of an error the more there is of it: %s', async (field, values) => {
    const rms = async (value: number) => {
      let squares = 0;
      for (let seed = 1; seed <= 6; seed++) {
        const spec = { ...base, driftSeconds: 1000, [field]: value };
        squares += (await run(spec, seed)).figures.rmsError ** 2;
      }
      return squares;
    };
    let before = -1;
    for (const value of values) {
      const now = await rms(value);
      expect(now, String(value)).toBeGreaterThan(before);
      before = now;
    }
  });

  it('makes less of an error the more bits the converter has, until it makes none', async () => {
    let before = Number.POSITIVE_INFINITY;
    for (const adcBits of [3, 5, 7, 9]) {
      let squares = 0;
      for (let seed = 1; seed <= 6; seed++) squares += (await run({ ...base, adcBits }, seed)).figures.rmsError ** 2;
      expect(squares).toBeLessThan(before);
      before = squares;
    }
    expect(before).toBe(0);
  });

  it('counts effective bits against the whole range of outputs', async () => {
    const report = await run({ ...base, adcBits: 5 });
    const { least, most } = report.outputRange;
    expect([least, most]).toEqual([-24 * 15 * 15, 24 * 15 * 15]);
    const { rmsError, effectiveBits, signalToNoiseDb } = report.figures;
    expect(2 ** effectiveBits * Math.sqrt(12) * rmsError).toBeCloseTo(most - least, 6);
    const power = report.ideal.reduce((sum, y) => sum + y * y, 0) / 16;
    expect(10 ** (signalToNoiseDb! / 10) * rmsError ** 2).toBeCloseTo(power, 6);
    expect((await run(base)).figures.effectiveBits).toBeCloseTo(Math.log2(most - least + 1), 12);
  });
});

describe('bad input', () => {
  const problems = async (change: Partial<CrossbarSpec>) => {
    const result = await crossbar({ ...CROSSBAR_DEFAULTS, ...change }, inlineJob());
    return result.ok ? [] : result.problems;
  };

  it.each([
    [{ rows: 0 }, 'rows'],
    [{ columns: 33 }, 'columns'],
    [{ weightBits: 1 }, 'weightBits'],
    [{ signed: 'pair' as const, adcBits: 1 }, 'adcBits'],
    [{ gMinUs: 5, gMaxUs: 5 }, 'gMaxUs'],
    [{ readVolts: 0 }, 'readVolts'],
    [{ wireOhm: -1 }, 'wireOhm'],
    [{ driftSeconds: Number.NaN }, 'driftSeconds'],
    [{ adcRangePercent: 0 }, 'adcRangePercent'],
  ])('refuses %o, says where and what to do', async (change, field) => {
    const [first] = await problems(change);
    expect(first?.where?.path).toBe(`slices.pim.crossbar.${field}`);
    expect(first?.what).toMatch(/^The .*\.$/);
    expect(first?.remedy).toMatch(/\.$/);
  });

  it('cuts given numbers off at their range, and says how many', async () => {
    const report = await run({
      rows: 2,
      columns: 2,
      weightBits: 3,
      inputBits: 2,
      weights: { kind: 'values', values: [[9, -4], [-5]] },
      inputs: { kind: 'values', values: [4, -1, 7] },
    });
    expect(report.weights).toEqual([
      [3, -4],
      [-4, 0],
    ]);
    expect(report.inputs).toEqual([3, 0]);
    expect(report.problems.map(({ what }) => what)).toEqual([
      '2 weights are outside -4 to 3 and were cut off there.',
      '2 inputs are outside 0 to 3 and were cut off there.',
    ]);
  });
});
