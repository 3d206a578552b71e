import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { valueText } from '../../../../engines/verilog/wave/value.ts';
import { writeVcd } from '../../../../engines/verilog/wave/vcd-write.ts';
import { chartSvg, pngOf } from '../../../charts/chart-export.ts';
import { toCsv } from '../../../charts/csv.ts';
import { saveFile } from '../../../ui/save-file.ts';
import { paintWaves, RULER, type Scene } from './paint.ts';
import { SvgPen } from './pen.ts';
import type { Row } from './rows.ts';
import { texts } from './texts.ts';

const SVG = 'http://www.w3.org/2000/svg';
const NAMES = 220;
const WIDTH = 1200;
/** Rows of a picture. */
const MOST_ROWS = 200;
const LETTER = 7.2;

export async function saveVcd(database: WaveDatabase, file: string, signal: AbortSignal): Promise<void> {
  const date = database.info.date ?? '';
  const version = database.info.version ?? 'Crossbar Studio';
  saveFile(`${file}.vcd`, await writeVcd(database, { date, version, signal }), 'text/plain');
}

/** The changes of one signal: time in units of the run, value as it is shown. */
export function saveChanges(database: WaveDatabase, row: Extract<Row, { kind: 'wave' }>, file: string): void {
  const data = row.wave && database.data(row.wave);
  if (!row.wave || !data) return;
  const names = row.wave.enumType === undefined ? undefined : database.enums[row.wave.enumType];
  const lines: (string | number)[][] = [[`${texts.table.time} (10^${database.info.timescale} s)`, row.wave.path]];
  for (let entry = 0; entry < data.count; entry++) {
    lines.push([database.timeOf(data.step(entry)), valueText(data, entry, row.radix, names)]);
  }
  saveFile(`${file}.csv`, toCsv(lines), 'text/csv');
}

/** What is in sight, with the names, in the light colours. */
export async function savePicture(
  form: 'svg' | 'png',
  scene: Pick<Scene, 'database' | 'rows' | 'view' | 'cursors'>,
  summaries: Scene['summaries'],
  file: string,
): Promise<void> {
  const rows = scene.rows.slice(0, MOST_ROWS);
  const last = rows.at(-1);
  const height = RULER + (last ? last.top + last.height : 0) + 4;
  const root = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({ width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` })) {
    root.setAttribute(key, String(value));
  }
  const waves = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({ x: NAMES, width: WIDTH - NAMES, height }))
    waves.setAttribute(key, String(value));
  root.append(waves);
  const view = { ...scene.view, width: WIDTH - NAMES };
  paintWaves(new SvgPen(waves, LETTER), {
    ...scene,
    rows,
    view,
    first: 0,
    end: rows.length,
    scrolled: 0,
    height,
    selected: new Set(),
    ratio: 1,
    summaries,
  });
  const names = new SvgPen(root, LETTER);
  for (const row of rows) {
    const y = RULER + row.top + row.height / 2;
    if (row.kind === 'group') names.text(8, y, row.name, 'text', { sans: true });
    if (row.kind !== 'wave') continue;
    const name = row.depth > 0 ? row.wave?.name : row.wave?.path;
    const text = name ?? row.shown.path;
    const room = Math.floor((NAMES - 20 - row.depth * 12) / LETTER);
    names.text(12 + row.depth * 12, y, text.length > room ? `…${text.slice(text.length - room + 1)}` : text, 'text');
  }
  const svg = await chartSvg(root, texts.title);
  const data = form === 'svg' ? svg : await pngOf(svg, WIDTH, height);
  if (data) saveFile(`${file}.${form}`, data, form === 'svg' ? 'image/svg+xml' : 'image/png');
}
