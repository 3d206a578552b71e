import type { TensorReport } from '../../../../../engines/bfp/tensor-entry.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { texts } from './texts.ts';

type Layer = TensorReport['layer'];

/** Where a weight is: its output, and its input or its place of the kernel with its input channel. */
export function placeText(layer: Layer, row: number, column: number): string {
  if (layer.op === 'fc') return texts.place(row, texts.input(column));
  return texts.place(row, texts.kernelPlace(Math.floor(column / layer.channels), column % layer.channels));
}

export function numberText(value: number): string {
  return Number.isFinite(value) ? formatNumber(value) : texts.noNumber;
}

/** What the map knows of a place: the weight and what it becomes, or the largest of the cell that the place lies in. */
export function placeReadout({ layer, map }: TensorReport, row: number, column: number): string {
  const where = placeText(layer, row, column);
  const [cellRow, cellColumn] = [
    Math.floor((row - map.region.row) / map.rowsPerCell),
    Math.floor((column - map.region.column) / map.columnsPerCell),
  ];
  if (cellRow < 0 || cellRow >= map.cellRows || cellColumn < 0 || cellColumn >= map.cellColumns) return where;
  const at = cellRow * map.cellColumns + cellColumn;
  const words = map.rowsPerCell * map.columnsPerCell > 1 ? texts.largest : texts.becomes;
  return `${where}: ${words(numberText(map.values[at]!), numberText(map.quantized[at]!), numberText(map.errors[at]!))}`;
}
