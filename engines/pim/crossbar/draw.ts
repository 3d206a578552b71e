import { createRandom } from '../../core/random.ts';
import { weightRange } from './coding.ts';
import type { Coding } from './types.ts';

/**
 * Streams of the design's seed, so that a change of one setting leaves every other draw as it was: the rows of the weights,
 * the inputs, the rows of the cells, the planes of a read, the blocks of a layer.
 */
const STREAM = { weights: 1_000, inputs: 2_000, cells: 3_000, reads: 4_000, layer: 1_000_000 } as const;

/** Of the normal spread: the largest weight is three standard deviations away, and beyond it weights are cut off. */
const NORMAL_SPREAD = 1 / 3;

/** Rows of weights, each a whole number. The same fractions of the range at any number of bits. */
export function drawWeights(
  rows: number,
  columns: number,
  spread: 'uniform' | 'normal',
  coding: Pick<Coding, 'weightBits' | 'signed'>,
  seed: number,
): number[][] {
  const { most } = weightRange(coding);
  return Array.from({ length: rows }, (_, row) => {
    const random = createRandom(seed, STREAM.weights + row);
    return Array.from({ length: columns }, () => {
      const fraction = spread === 'uniform' ? 2 * random.float() - 1 : random.normal() * NORMAL_SPREAD;
      return wholeWeight(fraction * most, most);
    });
  });
}

/** Rounded, and cut off at the range's ends. */
export function wholeWeight(value: number, most: number, least = -most): number {
  return Math.min(most, Math.max(least, Math.round(value))) + 0;
}

/** Inputs from 0 to 2^bits - 1, all as likely. */
export function drawInputs(rows: number, inputBits: number, seed: number): number[] {
  const random = createRandom(seed, STREAM.inputs);
  return Array.from({ length: rows }, () => Math.floor(random.float() * 2 ** inputBits));
}

/** Standard normal numbers of the cells of a row. */
export function cellDraws(row: number, count: number, seed: number): Float64Array {
  return normals(count, seed, STREAM.cells + row);
}

/** Standard normal numbers of the columns at the read of a plane. */
export function readDraws(plane: number, count: number, seed: number): Float64Array {
  return normals(count, seed, STREAM.reads + plane);
}

const BLOCK_ROWS = 64;

/**
 * Standard normal numbers in place of the weights of a layer that has none: `rows` x `columns` of its unrolled matrix from
 * (`row`, `column`) on. A place of a layer has the same number, whatever piece of it is looked at.
 */
export function layerDraws(
  layer: number,
  piece: { row: number; column: number; rows: number; columns: number },
  seed: number,
): number[][] {
  const values = Array.from({ length: piece.rows }, () => new Array<number>(piece.columns).fill(0));
  const end = piece.row + piece.rows;
  for (let across = 0; across < piece.columns; across++) {
    const column = piece.column + across;
    for (let block = Math.floor(piece.row / BLOCK_ROWS); block * BLOCK_ROWS < end; block++) {
      // Layers, columns and blocks in one number below 2^32: 2^10 blocks of rows of 2^12 columns; further ones repeat.
      const place = (layer % 1000) * 2 ** 22 + (column % 4096) * 2 ** 10 + (block % 1024);
      const random = createRandom(seed, (STREAM.layer + place) % 2 ** 32);
      for (let row = block * BLOCK_ROWS; row < Math.min(end, (block + 1) * BLOCK_ROWS); row++) {
        const value = random.normal();
        if (row >= piece.row) values[row - piece.row]![across] = value;
      }
    }
  }
  return values;
}

function normals(count: number, seed: number, stream: number): Float64Array {
  const random = createRandom(seed, stream);
  return Float64Array.from({ length: count }, () => random.normal());
}
