import type { Block, GgufType, NumberFormat } from './types.ts';

/** Elements in a block of llama.cpp: 32, and 256 for its K-quants. */
export function ggufBlock(type: GgufType): number {
  return type.endsWith('_k') ? 256 : 32;
}

/** What shares a scale in a format; undefined: nothing does. */
export function blockOf(format: NumberFormat): Block | undefined {
  switch (format.kind) {
    case 'float32':
    case 'float16':
    case 'bfloat16':
      return undefined;
    case 'nvfp4':
      return 16;
    case 'gguf':
      return ggufBlock(format.type);
    default:
      return format.block;
  }
}

/** A block as a rectangle of rows x columns of the matrix. */
export function blockExtent(block: Block, rows: number, rowLength: number): [rows: number, columns: number] {
  if (block === 'tensor') return [Math.max(rows, 1), Math.max(rowLength, 1)];
  if (block === 'row') return [1, Math.max(rowLength, 1)];
  return typeof block === 'number' ? [1, block] : block;
}

/** Number of blocks of a matrix, short ones at its borders included. */
export function blockCount(block: Block, rows: number, rowLength: number): number {
  const [height, width] = blockExtent(block, rows, rowLength);
  return Math.ceil(rows / height) * Math.ceil(rowLength / width);
}

/** Rows of `rowLength` in so many elements. @throws RangeError when they are not whole rows. */
export function rowsOf(elements: number, rowLength: number): number {
  if (elements === 0) return 0;
  if (!Number.isInteger(rowLength) || rowLength < 1 || elements % rowLength !== 0) {
    throw new RangeError(`${elements} numbers are not whole rows of ${rowLength}.`);
  }
  return elements / rowLength;
}

/**
 * Length of the lines that blocks are laid along, by the rule of `engines/onnx/run/types.ts`: the `channels` at one place
 * (of a kernel, or one pixel) where a block has no more elements, else all `lineElements` of the line that the place lies in
 * (a whole row of weights; the pixels of one line of an image). Whole rows and tensors take the whole line.
 */
export function lineLength(channels: number, lineElements: number, block: Block | undefined): number {
  if (block === undefined || typeof block === 'string') return lineElements;
  const elements = typeof block === 'number' ? block : block[1];
  return channels >= elements ? channels : lineElements;
}

/** Indices in the tensor of the elements of each block, block by block. */
export function* blocksOf(block: Block, rows: number, rowLength: number): Generator<number[]> {
  const [height, width] = blockExtent(block, rows, rowLength);
  for (let top = 0; top < rows; top += height) {
    for (let left = 0; left < rowLength; left += width) {
      yield places(top, Math.min(height, rows - top), left, Math.min(width, rowLength - left), rowLength);
    }
  }
}

/** Indices of the elements that share a block with element `index` of a matrix, itself included, in their order. */
export function blockAround(block: Block, rows: number, rowLength: number, index: number): number[] {
  const [height, width] = blockExtent(block, rows, rowLength);
  const top = Math.floor(Math.floor(index / rowLength) / height) * height;
  const left = Math.floor((index % rowLength) / width) * width;
  return places(top, Math.min(height, rows - top), left, Math.min(width, rowLength - left), rowLength);
}

function places(top: number, height: number, left: number, width: number, rowLength: number): number[] {
  const indices: number[] = [];
  for (let row = top; row < top + height; row += 1) {
    for (let column = left; column < left + width; column += 1) indices.push(row * rowLength + column);
  }
  return indices;
}
