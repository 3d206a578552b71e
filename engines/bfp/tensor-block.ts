import type { RunLayer } from '../onnx/run/types.ts';
import { blockExtent, blockOf, describeBlock } from '../tensor/formats/index.ts';
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
  const lines = weights.length / line;
  const [height, width] = blockExtent(blockOf(format) ?? ALONE, lines, line);
  const top = Math.floor(Math.floor(at / line) / height) * height;
  const left = Math.floor((at % line) / width) * width;
  const box: Box = { top, left, height: Math.min(height, lines - top), width: Math.min(width, line - left), line };
  const elements = box.height * box.width;
  const place = (Math.floor(at / line) - top) * box.width + ((at % line) - left);
  const start = Math.min(Math.max(0, place - MOST_SHOWN / 2), Math.max(0, elements - MOST_SHOWN));
  const end = Math.min(elements, start + MOST_SHOWN);
  const shown = between(box, start, end);
  const told =
    elements > MOST_SUMMED
      ? [...shown, ...extremes(weights, box)]
      : [...shown, ...between(box, 0, start), ...between(box, end, elements)];
  const anatomy = describeBlock(
    Float32Array.from(told, (index) => weights[index]!),
    format,
    { places: told, tensorMax, seed, shown: shown.length },
  );
  return {
    row,
    column,
    index: place - start,
    elements,
    places: shown.map((index) => ({ row: Math.floor(index / rowLength), column: index % rowLength })),
    runs: runsOf(box, rowLength),
    anatomy,
  };
}

/** A block among the lines that blocks are laid along. */
interface Box {
  top: number;
  left: number;
  height: number;
  width: number;
  line: number;
}

/** Indices of the elements of a block from one to another, in their order. */
function between({ top, left, width, line }: Box, start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => {
    const place = start + index;
    return (top + Math.floor(place / width)) * line + left + (place % width);
  });
}

/** The least and the greatest of a block: what sets its scale. */
function extremes(values: Float32Array, { top, left, height, width, line }: Box): number[] {
  const first = top * line + left;
  let [least, greatest] = [first, first];
  for (let row = 0; row < height; row += 1) {
    const from = first + row * line;
    for (let index = from; index < from + width; index += 1) {
      if (values[index]! < values[least]!) least = index;
      if (values[index]! > values[greatest]!) greatest = index;
    }
  }
  return [least, greatest];
}

/** Lines that follow each other in a row of the matrix are one stretch. */
function runsOf({ top, left, height, width, line }: Box, rowLength: number): PickedBlock['runs'] {
  const runs: PickedBlock['runs'] = [];
  for (let index = 0; index < height && runs.length < MOST_RUNS; index += 1) {
    const from = (top + index) * line + left;
    const [row, column] = [Math.floor(from / rowLength), from % rowLength];
    const last = runs.at(-1);
    if (last && last.row === row && last.column + last.length === column) last.length += width;
    else runs.push({ row, column, length: width });
  }
  return runs;
}
