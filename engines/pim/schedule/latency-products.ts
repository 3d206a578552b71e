import type { MatMul } from '../../onnx/network.ts';
import { piecesOf } from './latency-layout.ts';
import { placesIn, type Tensor } from './latency-tensor.ts';
import type { MatmulSpec, Unit } from './latency-types.ts';

/**
 * By batch, where its row starts in the pixel of the row's number, if the rows of the first operand lie so in the pixels of
 * the unit that makes it.
 */
export function rowsWhereTheyLie(
  tensor: Tensor,
  { batch, rows, inner }: MatMul,
  matrices: number,
): Int32Array | undefined {
  const { pixels, channels } = tensor.unit;
  if (pixels !== rows) return undefined;
  const places = placesIn(tensor, range(matrices * rows * inner));
  const startOf = (matrix: number) => places[matrix * rows * inner]!;
  const fits = places.every((place, at) => {
    const matrix = Math.floor(at / (rows * inner));
    const row = Math.floor(at / inner) % rows;
    return place === row * channels + startOf(matrix) + (at % inner);
  });
  if (!fits) return undefined;
  return Int32Array.from({ length: batch }, (_, n) => startOf(Math.floor((n * matrices) / batch)));
}

function range(length: number): Int32Array {
  return Int32Array.from({ length }, (_, at) => at);
}

/**
 * Where the columns of a product's second operand lie when channels [low, high) of all pixels of its unit stand one behind
 * the other; those are the channels that it has any part of.
 */
export function columnsOf(
  tensor: Tensor,
  { batch, inner, columns }: MatMul,
  matrices: number,
): { from: Unit; low: number; high: number; spec: MatmulSpec['second'] } {
  const { unit } = tensor;
  const logical = new Int32Array(matrices * columns * inner);
  let to = 0;
  for (let matrix = 0; matrix < matrices; matrix++)
    for (let column = 0; column < columns; column++)
      for (let k = 0; k < inner; k++) logical[to++] = (matrix * inner + k) * columns + column;
  const inUnit = placesIn(tensor, logical);
  let low = unit.channels;
  let high = 0;
  for (const place of inUnit) {
    low = Math.min(low, place % unit.channels);
    high = Math.max(high, (place % unit.channels) + 1);
  }
  const width = high - low;
  const places = inUnit.map((place) => Math.floor(place / unit.channels) * width + (place % unit.channels) - low);
  const of = (n: number) => Math.floor((n * matrices) / batch) * columns * inner;
  const stride = columns > 1 ? places[inner]! - places[0]! : inner;
  const direct =
    stride > 0 &&
    places.every((place, at) => {
      const within = at % (columns * inner);
      return place === places[at - within]! + Math.floor(within / inner) * stride + (within % inner);
    });
  if (direct)
    return {
      from: unit,
      low,
      high,
      spec: { at: Int32Array.from({ length: batch }, (_, n) => places[of(n)]!), stride },
    };
  const spec = {
    at: Int32Array.from({ length: batch }, (_, n) => of(n)),
    stride: inner,
    // As if it were one large pixel, so that pieces may reach over pixels.
    pieces: piecesOf(places, 0, places.length, unit.pixels * width),
    elements: places.length,
  };
  return { from: unit, low, high, spec };
}
