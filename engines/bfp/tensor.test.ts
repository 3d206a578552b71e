import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { lineLength, parseFormat, quantizeReference } from '../tensor/formats/index.ts';
import type { Block, NumberFormat } from '../tensor/formats/types.ts';
import { pickBlock } from './tensor-block.ts';
import { tensorMap, within } from './tensor-map.ts';

function format(text: string): NumberFormat {
  const parsed = parseFormat(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

/** 12 outputs, a kernel of 9 places with 20 input channels. */
const rows = 12;
const channels = 20;
const rowLength = 9 * channels;
const random = createRandom(5);
const weights = Float32Array.from({ length: rows * rowLength }, () => random.normal());
const layer = { weights, rows, rowLength };

describe('the block of one weight', () => {
  it.each([
    'bfp4/16',
    'bfp5/64',
    'mxfp4',
    'int4/row',
    'uint4/16',
    'nvfp4',
    'bfp4/16~',
    'bfp4/4x8',
    'q4_0',
    'bfp3/tensor',
  ])('says of %s what the whole tensor became there', (text) => {
    const wanted = format(text);
    const block: Block = 'block' in wanted ? wanted.block : text === 'nvfp4' ? 16 : 32;
    const line = lineLength(channels, rowLength, block);
    const quantized = quantizeReference(weights, line, wanted, 9);
    const tensorMax = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const pick of [
      { row: 0, column: 0 },
      { row: 7, column: 93 },
      { row: 11, column: 179 },
    ]) {
      const picked = pickBlock(layer, line, wanted, pick, { seed: 9, tensorMax })!;
      expect(picked.places[picked.index]).toEqual(pick);
      for (const [index, { row, column }] of picked.places.entries()) {
        const element = picked.anatomy.elements[index]!;
        expect(element.value).toBe(weights[row * rowLength + column]);
        expect(element.quantized).toBe(quantized[row * rowLength + column]);
      }
      expect(picked.runs.reduce((sum, { length }) => sum + length, 0)).toBe(picked.elements);
    }
  });

  it('ends where the input channels of a place of the kernel do', () => {
    const picked = pickBlock(layer, channels, format('bfp4/16'), { row: 2, column: 38 }, { seed: 1, tensorMax: 3 })!;
    expect(picked.runs).toEqual([{ row: 2, column: 36, length: 4 }]);
  });

  it('shows neighbours of a large block, under the scale of the whole', () => {
    const large = pickBlock(layer, rowLength, format('bfp4/tensor'), { row: 6, column: 5 }, { seed: 1, tensorMax: 3 })!;
    expect(large.elements).toBe(rows * rowLength);
    expect(large.places).toHaveLength(256);
    const most = weights.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
    expect(large.anatomy.scale).toBe(2 ** Math.floor(Math.log2(most)));
  });

  it('is nothing in an empty layer', () => {
    const empty = { weights: new Float32Array(0), rows: 0, rowLength: 0 };
    expect(pickBlock(empty, 0, format('bfp4/16'), { row: 0, column: 0 }, { seed: 1, tensorMax: 0 })).toBeUndefined();
  });
});

describe('a map of a matrix', () => {
  const quantized = quantizeReference(weights, channels, format('bfp3/16'));

  it('is the matrix itself where there is a cell for each element', () => {
    const region = { row: 3, column: 40, rows: 4, columns: 25 };
    const map = tensorMap(weights, quantized, rowLength, region, [10, 100]);
    expect([map.rowsPerCell, map.columnsPerCell, map.cellRows, map.cellColumns]).toEqual([1, 1, 4, 25]);
    const at = 5 * rowLength + 47;
    expect(map.values[2 * 25 + 7]).toBe(weights[at]);
    expect(map.quantized[2 * 25 + 7]).toBe(quantized[at]);
    expect(map.errors[2 * 25 + 7]).toBe(Math.fround(Math.abs(quantized[at]! - weights[at]!)));
  });

  it('loses no largest weight and no largest error, however coarse it is', () => {
    const most = (values: Float32Array) => values.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
    const errors = weights.map((value, index) => Math.abs(quantized[index]! - value));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 200 }), (most1, most2) => {
        const region = { row: 0, column: 0, rows, columns: rowLength };
        const map = tensorMap(weights, quantized, rowLength, region, [most1, most2]);
        expect(map.cellRows).toBeLessThanOrEqual(most1);
        expect(map.cellColumns).toBeLessThanOrEqual(most2);
        expect(most(map.values)).toBe(most(weights));
        expect(most(map.errors)).toBe(most(errors));
      }),
    );
  });

  it('shows no number where there is none', () => {
    const broken = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1, Number.NaN);
    const map = tensorMap(broken, broken, 4, { row: 0, column: 0, rows: 1, columns: 4 }, [1, 2]);
    expect([...map.values]).toEqual([Number.NaN, 1]);
  });

  it('keeps its region within the matrix', () => {
    expect(within({ row: -5, column: 170, rows: 4, columns: 30 }, rows, rowLength)).toEqual({
      row: 0,
      column: 150,
      rows: 4,
      columns: 30,
    });
    expect(within({ row: 0, column: 0, rows: 99, columns: 9999 }, rows, rowLength)).toMatchObject({
      rows,
      columns: rowLength,
    });
  });
});
