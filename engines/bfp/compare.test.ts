import { beforeAll, describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { publicFile } from '../core/public-file.fixture.ts';
import { type CompareReport, compare } from './compare.ts';
import { EQUAL_BITS, equalFormats } from './compare-formats.ts';
import { engine } from './index.ts';
import { type TensorReport, type TensorSpec, tensor } from './tensor-entry.ts';

const job = () => inlineJob({ asset: publicFile, engines: { bfp: engine } });
const digits = { model: 'digits-cnn', data: null } as const;

function must<T>(result: { ok: true; value: T } | { ok: false; problems: { what: string }[] }): T {
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

describe('formats of equal size', () => {
  const long = [{ rows: 8, rowLength: 4096, channels: 4096 }];
  const short = [{ rows: 16, rowLength: 9, channels: 1 }];

  it('cost the same within 0.15 bits, everything counted', () => {
    for (let bits = 2.25; bits <= 9; bits += 0.25) {
      for (const { bits: own } of equalFormats(long, bits).equal.flat()) {
        expect(Math.abs(own - bits)).toBeLessThanOrEqual(EQUAL_BITS);
      }
    }
    const of = equalFormats(long, 4.5).equal.flat();
    expect(of.map(({ family }) => family)).toEqual(expect.arrayContaining(['bfp', 'nvfp4', 'int', 'uint', 'gguf']));
    expect(
      of.filter(({ format }) => format.kind === 'int').every(({ format }) => 'bits' in format && format.bits === 4),
    ).toBe(true);
  });

  it('pay more for scales in short rows, so that others are equal there', () => {
    const bfp = equalFormats(short, 4.9).equal.find(([first]) => first?.family === 'bfp');
    // Nine codes of 4 bits and one exponent of 8: 4.89 bits, whatever longer block is asked for.
    expect(bfp?.map(({ format, bits }) => ['mantissaBits' in format && format.mantissaBits, bits])).toContainEqual([
      4,
      44 / 9,
    ]);
    expect(equalFormats(long, 4.9).equal.map(([first]) => first?.family)).not.toContain('mx');
  });
});

describe('the digits network in formats of 4.25 bits', () => {
  let report: CompareReport;
  beforeAll(async () => {
    report = must(
      await compare({ ...digits, bits: 4.25, also: ['bfp8/32', 'fp32'], measure: true, samples: 100 }, job()),
    );
  });
  const of = (text: string) => report.formats.find((format) => format.text === text)!;

  it('has signal to noise for every layer, and averages that lie between them', () => {
    for (const { layers, averageSignalToNoiseDb: average } of report.formats.filter(({ text }) => text !== 'fp32')) {
      const noise = layers.map(({ signalToNoiseDb }) => signalToNoiseDb!);
      expect(noise).toHaveLength(report.layers.length);
      expect(average).toBeGreaterThanOrEqual(Math.min(...noise));
      expect(average).toBeLessThanOrEqual(Math.max(...noise));
    }
    // Four more bits are four times 6 dB.
    expect(of('bfp8/32').averageSignalToNoiseDb! - of('bfp4/32').averageSignalToNoiseDb!).toBeCloseTo(24, 0);
    // The same values under other names.
    expect(of('mxint4').layers).toEqual(of('bfp4/32').layers);
    expect(of('fp32').averageSignalToNoiseDb).toBeUndefined();
    expect(of('bfp8/32')).toMatchObject({ family: 'own', equal: false });
  });

  it('is measured on the search data: as good as float32 with 8 bits', () => {
    expect(report.samples).toBe(100);
    expect(report.accuracyFloat!.of).toBe(100);
    expect(of('fp32').accuracy).toEqual(report.accuracyFloat);
    expect(Math.abs(of('bfp8/32').accuracy!.count - report.accuracyFloat!.count)).toBeLessThanOrEqual(2);
    for (const { accuracy } of report.formats) expect(accuracy!.lowPercent).toBeLessThanOrEqual(accuracy!.percent);
  });
});

describe('the tensor microscope on the digits network', () => {
  const look = async (spec: Partial<TensorSpec> & Pick<TensorSpec, 'layer' | 'format'>): Promise<TensorReport> =>
    must(await tensor({ ...digits, cells: [100, 100], ...spec }, job()));

  it('agrees with the comparison, and answers again for another format and another layer', async () => {
    const { formats, layers } = must(await compare({ ...digits, bits: 4.25 }, job()));
    for (const [place, { name, parameters }] of layers.entries()) {
      for (const { text, layers: compared } of formats.slice(0, 3)) {
        const report = await look({ layer: name, format: text, pick: { row: 1, column: 2 } });
        expect(report.error.signalToNoiseDb).toBeCloseTo(compared[place]!.signalToNoiseDb!, 9);
        expect(report.stored.perElement).toBeCloseTo(compared[place]!.bits, 12);
        expect(report.spread.before.reduce((sum, count) => sum + count, 0)).toBe(parameters);
        expect(report.spread.after.reduce((sum, count) => sum + count, 0)).toBe(parameters);
        expect(report.picked).toMatchObject({ row: 1, column: 2 });
      }
    }
  });

  it('draws no more cells than asked for, and only the part asked for', async () => {
    const name = must(await compare({ ...digits, bits: 4.25 }, job())).layers.at(-1)!.name;
    const { map } = await look({
      layer: name,
      format: 'bfp4/16',
      region: { row: 2, column: 10, rows: 4, columns: 40 },
      cells: [2, 10],
    });
    expect([map.cellRows, map.cellColumns, map.rowsPerCell, map.columnsPerCell]).toEqual([2, 10, 2, 4]);
    expect(map.region).toEqual({ row: 2, column: 10, rows: 4, columns: 40 });
  });

  it('says what is wrong with a layer or a format that is none', async () => {
    const missing = await tensor({ ...digits, layer: 'nowhere', format: 'bfp4/16', cells: [8, 8] }, job());
    expect(missing.ok ? '' : missing.problems[0]?.what).toContain('no layer "nowhere"');
    const unknown = await tensor({ ...digits, layer: 'nowhere', format: 'bfp99', cells: [8, 8] }, job());
    expect(unknown.ok).toBe(false);
  });
});
