import type { RunLayer } from '../onnx/run/types.ts';
import { blockAround, blockOf, describeBlock } from '../tensor/formats/index.ts';
import type { BlockAnatomy, NumberFormat } from '../tensor/formats/types.ts';

/** The block of one weight, taken apart. */
export interface PickedBlock {
  /** The element that was picked, in the matrix and among `anatomy.elements`. */
  row: number;
  column: number;
  index: number;
  /** Elements of the block; of larger ones than `MOST_SHOWN` only neighbours of the picked one are taken apart. */
  elements: number;
  /** Place in the matrix of each element of the anatomy. */
  places: { row: number; column: number }[];
  /** The block as stretches of rows of the matrix, at most `MOST_RUNS`. */
  runs: { row: number; column: number; length: number }[];
  anatomy: BlockAnatomy;
}

const MOST_SHOWN = 256;
/** Elements of a block that its own error is summed over; of larger ones only what is shown and what sets the scale. */
const MOST_SUMMED = 65_536;
const MOST_RUNS = 256;
/** Neighbours shown of formats without blocks. */
const ALONE = 32;

type Layer = Pick<RunLayer, 'weights' | 'rows' | 'rowLength'>;

/** `line`: length of the lines that blocks are laid along. */
export function pickBlock(
  { weights, rows, rowLength }: Layer,
  line: number,
  format: NumberFormat,
  pick: { row: number; column: number },
  { seed, tensorMax }: { seed: number; tensorMax: number },
): PickedBlock | undefined {
  const row = Math.min(Math.max(0, Math.floor(pick.row)), rows - 1);
  const column = Math.min(Math.max(0, Math.floor(pick.column)), rowLength - 1);
  const at = row * rowLength + column;
  if (!(at >= 0 && at < weights.length)) return undefined;
  const all = blockAround(blockOf(format) ?? ALONE, weights.length / line, line, at);
  const shown = neighbours(all, at);
  const told = shown.length === all.length ? shown : [...shown, ...beside(weights, all, new Set(shown))];
  const anatomy = describeBlock(
    Float32Array.from(told, (index) => weights[index]!),
    format,
    { places: told, tensorMax, seed, shown: shown.length },
  );
  return {
    row,
    column,
    index: shown.indexOf(at),
    elements: all.length,
    places: shown.map((index) => ({ row: Math.floor(index / rowLength), column: index % rowLength })),
    runs: runsOf(all, rowLength),
    anatomy,
  };
}

function neighbours(all: number[], at: number): number[] {
  if (all.length <= MOST_SHOWN) return all;
  const place = all.indexOf(at);
  const start = Math.min(Math.max(0, place - MOST_SHOWN / 2), all.length - MOST_SHOWN);
  return all.slice(start, start + MOST_SHOWN);
}

function beside(values: Float32Array, all: readonly number[], shown: ReadonlySet<number>): number[] {
  return all.length > MOST_SUMMED ? extremes(values, all) : all.filter((index) => !shown.has(index));
}

/** The least and the greatest of some elements, and one that is no number if there is one. */
function extremes(values: Float32Array, indices: readonly number[]): number[] {
  let [least, greatest] = [indices[0]!, indices[0]!];
  for (const index of indices) {
    if (!Number.isFinite(values[index])) return [index];
    if (values[index]! < values[least]!) least = index;
    if (values[index]! > values[greatest]!) greatest = index;
  }
  return [least, greatest];
}

function runsOf(indices: readonly number[], rowLength: number): PickedBlock['runs'] {
  const runs: PickedBlock['runs'] = [];
  for (const index of indices) {
    const [row, column] = [Math.floor(index / rowLength), index % rowLength];
    const last = runs.at(-1);
    if (last && last.row === row && last.column + last.length === column) last.length += 1;
    else if (runs.length < MOST_RUNS) runs.push({ row, column, length: 1 });
    else break;
  }
  return runs;
}
