import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import { crossbar } from '../../../../engines/pim/crossbar/index.ts';
import { CROSSBAR_DEFAULTS } from '../../../../engines/pim/crossbar/schema.ts';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { formatDuration, givenOf, idealOf, withFlipped } from './choices.ts';
import { bitAt, cellAt, columnAt, layOut } from './geometry.ts';
import { readoutOf, soFar, spoken } from './readout.ts';

async function run(change: Partial<CrossbarSpec>): Promise<CrossbarReport> {
  const result = await crossbar({ ...CROSSBAR_DEFAULTS, ...change }, inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const sizes: [string, Partial<CrossbarSpec>, number][] = [
  ['the smallest', {}, 500],
  ['slices', { rows: 16, columns: 16, weightBits: 8, cellBits: 2, inputBits: 8 }, 520],
  ['the largest pair', { rows: 32, columns: 32, weightBits: 8, cellBits: 1, inputBits: 8, signed: 'pair' }, 700],
];

describe.each(sizes)('the drawing of %s', (_, change, room) => {
  it('finds every cell and every bit where it draws them', async () => {
    const report = await run(change);
    const inputBits = report.spec.inputBits;
    const geometry = layOut(report, inputBits, room);
    for (const [column, x] of geometry.columns.entries()) {
      expect(columnAt(geometry, x + geometry.cell.width / 2)).toBe(column);
      const row = column % report.rows;
      expect(cellAt(geometry, x + 0.01, geometry.rows[row]! + 0.01)).toEqual({ row, column });
    }
    expect(cellAt(geometry, geometry.left - 1, geometry.rows[0]! + 1)).toBeUndefined();
    expect(cellAt(geometry, geometry.left + 1, geometry.grid.y + geometry.grid.height + 1)).toBeUndefined();
    const { bits, rows } = geometry;
    expect(bitAt(geometry, inputBits, bits.x + 1, rows[1]! + 1)).toEqual({ row: 1, bit: inputBits - 1 });
    expect(bitAt(geometry, inputBits, bits.x + inputBits * bits.width - 1, rows[0]! + 1)).toEqual({ row: 0, bit: 0 });
    expect(bitAt(geometry, inputBits, bits.x - 1, rows[0]! + 1)).toBeUndefined();
  });

  it('lays nothing over anything else, and keeps to its room', async () => {
    const report = await run(change);
    const geometry = layOut(report, report.spec.inputBits, room);
    const { header, grid, currents, codes, tree, lines, outputs, errors, columns, cell } = geometry;
    const bands = [header, grid, currents, codes, tree, ...lines, outputs, errors];
    for (let at = 1; at < bands.length; at++) {
      expect(bands[at]!.y).toBeGreaterThanOrEqual(bands[at - 1]!.y + bands[at - 1]!.height);
    }
    expect(errors.y + errors.height).toBeLessThanOrEqual(geometry.height);
    for (let k = 1; k < columns.length; k++) {
      expect(columns[k]!).toBeGreaterThanOrEqual(columns[k - 1]! + cell.width - 1e-9);
    }
    expect(columns.at(-1)! + cell.width).toBeLessThanOrEqual(geometry.width);
    expect(geometry.width).toBeLessThanOrEqual(
      Math.max(room, geometry.left + 200 + report.physicalColumns.length + 120),
    );
  });
});

describe('the readout', () => {
  it('tells a cell’s numbers, and adds planes up', async () => {
    const report = await run({ weightBits: 4, cellBits: 2, variationPercent: 5, adcBits: 8 });
    const last = report.planes.length - 1;
    expect(soFar(report, last)).toEqual(report.outputs);
    expect(soFar(report, 0)).toEqual(report.planes[0]!.partial);
    const cell = readoutOf({ row: 2, column: 3 }, report, report.planes[0]!, report.spec);
    expect(cell.title).toBe('Row 2, weight 1, slice × 1');
    expect(cell.lines[0]).toEqual({ label: 'Weight', value: String(report.weights[2]![1]).replace('-', '\u2212') });
    expect(spoken(cell)).toMatch(/^Row 2, weight 1, slice × 1: Weight .*, Level \d, Meant /);
    const reference = readoutOf({ row: 0, column: 8 }, report, report.planes[0]!, report.spec);
    expect(reference.title).toBe('Row 0, reference');
    expect(readoutOf({ weight: 1 }, report, report.planes[0]!, report.spec).title).toBe('Output 1');
  });
});

describe('choices', () => {
  it('makes ideal what has no error then, whatever it was', async () => {
    for (const signed of ['offset', 'pair'] as const) {
      const spec = {
        ...CROSSBAR_DEFAULTS,
        signed,
        rows: 30,
        adcBits: 3,
        variationPercent: 9,
        wireOhm: 4,
        dacBits: 3,
        driftExponent: 0.1,
        driftSeconds: 50,
      };
      expect((await run(spec)).figures.rmsError).toBeGreaterThan(0);
      expect((await run(idealOf(spec))).figures.rmsError).toBe(0);
    }
  });

  it('flips one bit of one input, and makes the inputs given ones', async () => {
    const report = await run({});
    const flipped = await run(withFlipped(report.spec, report, 2, 3));
    expect(flipped.inputs.map((value, row) => value ^ report.inputs[row]!)).toEqual([0, 0, 8, 0]);
    expect(withFlipped(flipped.spec, flipped, 2, 3).inputs).toEqual({ kind: 'values', values: report.inputs });
    expect(givenOf({ ...CROSSBAR_DEFAULTS, rows: 6 }, report)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('says times as people do', () => {
    expect([1, 59, 60, 7200, 86_400, 3e8].map(formatDuration)).toEqual([
      '1 second',
      '59 seconds',
      '1 minute',
      '2 hours',
      '1 day',
      '9.5 years',
    ]);
  });
});
