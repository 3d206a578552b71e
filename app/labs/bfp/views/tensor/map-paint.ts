import type { PickedBlock } from '../../../../../engines/bfp/tensor-block.ts';
import type { Region, TensorMap } from '../../../../../engines/bfp/tensor-map.ts';
import type { MapTheme } from './theme.ts';

export type Shown = 'values' | 'quantized' | 'errors';

/** The cells as a picture of a pixel each. `most`: the magnitude that has the strongest colour. */
export function pictureOf(map: TensorMap, shown: Shown, most: number, theme: MapTheme): ImageData {
  const { cellRows, cellColumns } = map;
  const image = new ImageData(Math.max(1, cellColumns), Math.max(1, cellRows));
  const numbers = map[shown];
  const colours = shown === 'errors' ? theme.errors : theme.signed;
  const last = colours.length - 1;
  for (let index = 0; index < numbers.length; index += 1) {
    const share = most > 0 ? numbers[index]! / most : 0;
    const at = shown === 'errors' ? share : (share + 1) / 2;
    // NaN has no colour: the ground shows through.
    const colour = colours[Math.round(Math.min(1, Math.max(0, at)) * last)];
    if (!colour) continue;
    image.data.set([colour[0], colour[1], colour[2], 255], 4 * index);
  }
  return image;
}

export interface Painting {
  map: TensorMap;
  picture: CanvasImageSource;
  /** What is looked at; the map may be of an earlier look. */
  region: Region;
  width: number;
  height: number;
  ratio: number;
  theme: MapTheme;
  picked?: PickedBlock;
  hovered?: { row: number; column: number };
}

/** Draws the part of the matrix, the block that is picked and the weight that is pointed at. */
export function paint(context: CanvasRenderingContext2D, painting: Painting): void {
  const { map, picture, region, width, height, ratio, theme, picked, hovered } = painting;
  const perColumn = (width * ratio) / region.columns;
  const perRow = (height * ratio) / region.rows;
  const x = (column: number) => (column - region.column) * perColumn;
  const y = (row: number) => (row - region.row) * perRow;
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width * ratio, height * ratio);
  context.save();
  const { row, column, rows, columns } = map.region;
  context.beginPath();
  context.rect(x(column), y(row), columns * perColumn, rows * perRow);
  context.clip();
  context.imageSmoothingEnabled = false;
  // The last cells may reach beyond the part that they are of.
  const [across, down] = [map.cellColumns * map.columnsPerCell, map.cellRows * map.rowsPerCell];
  context.drawImage(picture, x(column), y(row), across * perColumn, down * perRow);
  context.restore();
  const outline = (at: { row: number; column: number; length: number }, colour: string, thick: number) => {
    context.strokeStyle = colour;
    context.lineWidth = thick * ratio;
    context.strokeRect(x(at.column), y(at.row), Math.max(1, at.length * perColumn), Math.max(1, perRow));
  };
  for (const run of picked?.runs ?? []) outline(run, theme.accent, 2);
  if (picked) outline({ ...picked, length: 1 }, theme.mark, 1.5);
  if (hovered) outline({ ...hovered, length: 1 }, theme.mark, 1);
}
