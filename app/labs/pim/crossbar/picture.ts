import type { CrossbarPlane, CrossbarReport } from '../../../../engines/pim/crossbar/types.ts';
import { chartSvg, pngOf } from '../../../charts/chart-export.ts';
import { saveFile } from '../../../ui/save-file.ts';
import type { Geometry } from './geometry.ts';
import { type CellView, cellBox, cellColour, readPalette, type Shades } from './paint.ts';
import { texts } from './texts.ts';

const SPACE = 'http://www.w3.org/2000/svg';

/** What is on the screen, to be saved as a picture. */
export interface Picture {
  svg: SVGSVGElement;
  geometry: Geometry;
  report: CrossbarReport;
  plane: CrossbarPlane;
  shades: Shades;
  view: CellView;
}

/** Saves the drawing, its cells as shapes like the rest, in the colours of the light theme. */
export async function savePicture(form: 'svg' | 'png', picture: Picture): Promise<void> {
  const { svg, geometry } = picture;
  const whole = svg.cloneNode(true) as SVGSVGElement;
  whole.prepend(cellsOf(picture));
  const text = await chartSvg(whole, texts.title);
  const data = form === 'svg' ? text : await pngOf(text, geometry.width, geometry.height);
  if (data) saveFile(`crossbar.${form}`, data, form === 'svg' ? 'image/svg+xml' : 'image/png');
}

function cellsOf({ geometry, report, plane, shades, view }: Picture): SVGGElement {
  const stage = document.createElement('div');
  stage.dataset.theme = 'light';
  document.body.append(stage);
  const palette = readPalette(stage);
  stage.remove();
  const group = document.createElementNS(SPACE, 'g');
  const count = report.physicalColumns.length;
  for (let at = 0; at < report.levels.length; at++) {
    const [row, column] = [Math.floor(at / count), at % count];
    const { x, y, width, height, radius } = cellBox(geometry, row, column);
    const { colour, alpha } = cellColour(at, plane.digits[row]!, shades, view, palette);
    const rect = document.createElementNS(SPACE, 'rect');
    const attributes = { x, y, width, height, rx: radius, fill: `rgb(${colour.join(',')})`, 'fill-opacity': alpha };
    for (const [name, value] of Object.entries(attributes)) rect.setAttribute(name, String(value));
    group.append(rect);
  }
  return group;
}
