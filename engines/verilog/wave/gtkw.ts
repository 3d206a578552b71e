import * as math from '../../core/math.ts';
import type { Problem } from '../../core/result.ts';
import type { WaveDatabase } from './database.ts';
import type { Radix } from './value.ts';
import type { ShownWave, WaveViewState } from './view.ts';
import { rangeText } from './wave.ts';

/*
 * The save files of GTKWave: lines of `@flags` that hold for the names below them, `[key] value`, one line `*zoom marker
 * marker...`, and names; `-text` is a heading. Flags are those of that program's traces.
 */
const HEX = 2;
const DECIMAL = 4;
const BINARY = 8;
const OCTAL = 0x10;
const RIGHT = 0x20;
const BLANK = 0x200;
const SIGNED = 0x400;
const ASCII = 0x800;
const STEP = 0x8000;
const LINEAR = 0x1_0000;
const REAL = 0x4_0000;
const FULL_SCALE = 0x8_0000;
const CLOSED = 0x40_0000;
const GROUP_BEGIN = 0x80_0000;
const GROUP_END = 0x100_0000;

const FLAGS: Record<Radix, number> = {
  binary: BINARY,
  octal: OCTAL,
  hex: HEX,
  unsigned: DECIMAL,
  signed: SIGNED,
  ascii: ASCII,
  // Names come with the file of waves there.
  name: HEX,
  float: REAL | HEX,
};
/** The zoom is a power of two of time units over so many pixels. */
const FRAME = 200;
/** Pixels of the waves in the window that is written. */
const WAVES = 820;
const MARKERS = 26;
const NO_MARKER = -1;
/** Our eight colours as the nearest of its seven. */
const TO_COLOUR = [0, 5, 3, 4, 7, 5, 2, 3, 6];
const FROM_COLOUR = [0, 6, 2, 7, 3, 1, 8, 4];

export interface GtkwView {
  view: WaveViewState;
  /** The file of waves that it belongs to, by its own word. */
  dumpFile?: string;
  problems: Problem[];
}

/**
 * Reads a save file. Names that the database does not have are told and left out; what has no counterpart here (filters by
 * programs, buses put together by hand) is told too.
 */
export function readGtkw(text: string, file: string, database: WaveDatabase): GtkwView {
  const view: WaveViewState = { signals: [], cursors: [], from: database.startTime, to: database.endTime };
  const problems: Problem[] = [];
  const groups: string[] = [];
  const collapsed: string[] = [];
  let flags = HEX | RIGHT;
  let colour: number | undefined;
  let dumpFile: string | undefined;
  let zoom: number | undefined;
  let start: number | undefined;
  let waves = WAVES;
  const tell = (code: string, what: string, line: number) =>
    problems.push({ code, severity: 'warning', what, where: { file, line } });
  const heading = (name: string) => {
    if (flags & GROUP_BEGIN) {
      groups.push(name);
      if (flags & CLOSED) collapsed.push(groups.join(' / '));
    } else if (flags & GROUP_END) groups.pop();
  };
  const signal = (name: string, line: number) => {
    const wave = findByName(database, name);
    if (!wave) {
      tell('unknown-signal', `There is no signal "${name}" in these waves; it was left out.`, line);
      return;
    }
    const group = groups.length > 0 ? groups.join(' / ') : undefined;
    const shown: ShownWave = { path: wave.path, radix: radixOf(flags), group, colour };
    if (flags & LINEAR) shown.analog = 'linear';
    else if (flags & STEP) shown.analog = 'step';
    view.signals.push(shown);
    colour = undefined;
  };
  const setting = (key: string, value: string) => {
    const numbers = value.split(/\s+/).map(Number);
    if (key === 'dumpfile') dumpFile = value.replaceAll('"', '');
    else if (key === 'timestart') start = numbers[0];
    else if (key === 'size') waves = Math.max(FRAME, (numbers[0] ?? 0) - 460);
    else if (key === 'color') colour = FROM_COLOUR[numbers[0] ?? 0] || undefined;
  };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const number = index + 1;
    const bracket = /^\[([^\]]*)\]\s*(.*)$/.exec(line);
    if (line === '' || line.startsWith('[*]')) continue;
    if (bracket) setting(bracket[1]!, bracket[2]!);
    else if (line.startsWith('@')) flags = Number.parseInt(line.slice(1), 16);
    else if (line.startsWith('*')) {
      const [first, ...markers] = line.slice(1).trim().split(/\s+/).map(Number);
      zoom = first;
      view.cursors = markers.filter((time) => time !== NO_MARKER && Number.isFinite(time));
    } else if (line.startsWith('-')) heading(line.slice(1));
    else if (line.startsWith('^'))
      tell('not-supported', 'Filters of values are not supported; the values are shown as they are.', number);
    else if (line.startsWith('#'))
      tell('not-supported', `Buses put together by hand are not supported: ${line.slice(0, 60)}`, number);
    else signal(line.replace(/^\+\{.*?\}\s*/, ''), number);
  }
  if (start !== undefined) view.from = start;
  if (zoom !== undefined && Number.isFinite(zoom)) {
    view.to = view.from + Math.max(1, (math.pow(2, -zoom) / FRAME) * waves);
  }
  if (collapsed.length > 0) view.collapsed = collapsed;
  return { view, dumpFile, problems };
}

/** Writes a save file for waves that are kept under the name `dumpFile`. */
export function writeGtkw(view: WaveViewState, database: WaveDatabase, dumpFile: string): string {
  const span = view.to > view.from ? view.to - view.from : Math.max(1, database.endTime - database.startTime);
  const from = view.to > view.from ? view.from : database.startTime;
  const zoom = -math.log2((span * FRAME) / WAVES);
  const markers = Array.from({ length: MARKERS + 1 }, (_, index) => Math.round(view.cursors[index] ?? NO_MARKER));
  const lines = [
    '[*]',
    '[*] Written by Crossbar Studio',
    '[*]',
    `[dumpfile] "${dumpFile}"`,
    `[timestart] ${Math.round(from)}`,
    '[size] 1280 720',
    '[pos] -1 -1',
    `*${zoom.toFixed(6)} ${markers.join(' ')}`,
    '[sst_width] 220',
    '[signals_width] 240',
    '[sst_expanded] 1',
  ];
  let flags = -1;
  const setFlags = (wanted: number) => {
    if (wanted === flags) return;
    flags = wanted;
    lines.push(`@${flags.toString(16)}`);
  };
  let group: string | undefined;
  const turnTo = (next: string | undefined) => {
    if (next === group) return;
    if (group !== undefined) {
      setFlags(GROUP_END | BLANK);
      lines.push(`-${group}`);
    }
    group = next;
    if (next === undefined) return;
    setFlags(GROUP_BEGIN | BLANK | (view.collapsed?.includes(next) ? CLOSED : 0));
    lines.push(`-${next}`);
  };
  for (const shown of view.signals) {
    const wave = database.find(shown.path);
    if (!wave || wave.trace < 0) continue;
    turnTo(shown.group);
    const analog = shown.analog === 'linear' ? LINEAR | FULL_SCALE : shown.analog === 'step' ? STEP | FULL_SCALE : 0;
    setFlags(
      (wave.type === 'bits' ? FLAGS[shown.radix ?? (wave.width === 1 ? 'binary' : 'hex')] : HEX) | RIGHT | analog,
    );
    if (shown.colour) lines.push(`[color] ${TO_COLOUR[shown.colour] ?? 0}`);
    lines.push(wave.path + rangeText(wave));
  }
  turnTo(undefined);
  lines.push('[pattern_trace] 1', '[pattern_trace] 0', '');
  return lines.join('\n');
}

function radixOf(flags: number): Radix | undefined {
  if (flags & SIGNED) return 'signed';
  if (flags & ASCII) return 'ascii';
  if (flags & REAL) return 'float';
  if (flags & BINARY) return 'binary';
  if (flags & OCTAL) return 'octal';
  if (flags & DECIMAL) return 'unsigned';
  return flags & HEX ? 'hex' : undefined;
}

/** Escaped names have a backslash there, and a range may be left out or added. */
function findByName(database: WaveDatabase, name: string) {
  const plain = name.replaceAll('\\', '').replaceAll(' ', '');
  return database.find(plain) ?? database.find(plain.replace(/\[[^\]]*:[^\]]*\]$/, ''));
}
