import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import type { Radix } from '../../../../engines/verilog/wave/value.ts';
import type { ShownWave, WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { childAt, childCount, type Wave } from '../../../../engines/verilog/wave/wave.ts';

export const ROW = 24;
const ANALOG_ROW = 72;
/** Rows that one opened wave may add: the words of a memory of a million do not all become rows. */
const MOST_PARTS = 4096;

export type Row =
  | {
      kind: 'group';
      key: string;
      name: string;
      collapsed: boolean;
      count: number;
      top: number;
      height: number;
      first: number;
    }
  | {
      kind: 'wave';
      key: string;
      /** Place in the list of the view; parts have that of the row they are under. */
      index: number;
      /** 0: a row of the list; parts are deeper. */
      depth: number;
      shown: ShownWave;
      /** Undefined: these waves have no such signal. */
      wave: Wave | undefined;
      radix: Radix;
      openable: boolean;
      open: boolean;
      grouped: boolean;
      top: number;
      height: number;
    }
  | { kind: 'more'; key: string; index: number; depth: number; count: number; top: number; height: number };

/** The rows that the view comes to, from top to bottom. */
export function rowsOf(view: WaveViewState, database: WaveDatabase): Row[] {
  const rows: Row[] = [];
  let top = 0;
  const add = (row: Row) => {
    rows.push(row);
    top += row.height;
  };
  const parts = (shown: ShownWave, wave: Wave, index: number, depth: number) => {
    const count = childCount(wave, database.structs);
    for (let child = 0; child < Math.min(count, MOST_PARTS); child++) {
      const part = childAt(wave, child, database.structs);
      if (part) add(waveRow(shown, part, index, depth));
      if (part && shown.expanded?.includes(part.path)) parts(shown, part, index, depth + 1);
    }
    if (count <= MOST_PARTS) return;
    add({ kind: 'more', key: `${index} ${wave.path} more`, index, depth, count: count - MOST_PARTS, top, height: ROW });
  };
  const waveRow = (shown: ShownWave, wave: Wave | undefined, index: number, depth: number): Row => {
    const analog = depth === 0 && shown.analog !== undefined && wave !== undefined && wave.trace >= 0;
    return {
      kind: 'wave',
      key: `${index} ${wave?.path ?? shown.path}`,
      index,
      depth,
      shown,
      wave,
      radix: depth === 0 ? radixOf(shown, wave) : radixOf({ path: '', radix: partRadix(shown, wave) }, wave),
      openable: wave !== undefined && childCount(wave, database.structs) > 0,
      open: wave !== undefined && (shown.expanded?.includes(wave.path) ?? false),
      grouped: shown.group !== undefined,
      top,
      height: analog ? ANALOG_ROW : ROW,
    };
  };
  for (let index = 0; index < view.signals.length; index++) {
    const shown = view.signals[index]!;
    const { group } = shown;
    if (group !== undefined && view.signals[index - 1]?.group !== group) {
      let count = 1;
      while (view.signals[index + count]?.group === group) count++;
      const collapsed = view.collapsed?.includes(group) ?? false;
      add({ kind: 'group', key: `${index} group`, name: group, collapsed, count, top, height: ROW, first: index });
      if (collapsed) {
        index += count - 1;
        continue;
      }
    }
    const wave = database.find(shown.path);
    const row = waveRow(shown, wave, index, 0);
    add(row);
    if (wave && row.kind === 'wave' && row.open) parts(shown, wave, index, 1);
  }
  return rows;
}

/** The radix of a row: the one chosen, else that of its type. */
export function radixOf(shown: ShownWave, wave: Wave | undefined): Radix {
  if (shown.radix) return shown.radix;
  if (wave?.type !== 'bits') return 'hex';
  if (wave.enumType !== undefined) return 'name';
  if (wave.width === 1) return 'binary';
  if (DECIMAL_WORDS.has(wave.signal.word)) return wave.signal.word === 'time' ? 'unsigned' : 'signed';
  return wave.signed ? 'signed' : 'hex';
}

const DECIMAL_WORDS = new Set(['integer', 'int', 'shortint', 'longint', 'byte', 'time']);

/** Words of a memory are written as the memory was asked to be; fields have their own ways. */
function partRadix(shown: ShownWave, wave: Wave | undefined): Radix | undefined {
  return wave && wave.enumType === undefined && wave.width > 1 && wave.low === 0 ? shown.radix : undefined;
}

/** The rows of which anything is within a stretch from top to bottom. */
export function rowsWithin(rows: readonly Row[], from: number, to: number): { first: number; end: number } {
  let first = 0;
  let high = rows.length;
  while (first < high) {
    const middle = (first + high) >>> 1;
    const row = rows[middle]!;
    if (row.top + row.height <= from) first = middle + 1;
    else high = middle;
  }
  let end = first;
  while (end < rows.length && rows[end]!.top < to) end++;
  return { first, end };
}

/** Moves rows of the list to before `to` (a place in the list as it is). They take the group of the rows that they come between. */
export function moved(
  signals: readonly ShownWave[],
  indices: readonly number[],
  to: number,
  group?: string,
): ShownWave[] {
  const taken = new Set(indices);
  const moving = signals.filter((_, index) => taken.has(index)).map((shown) => ({ ...shown, group }));
  const before = signals.filter((_, index) => index < to && !taken.has(index));
  const after = signals.filter((_, index) => index >= to && !taken.has(index));
  return [...before, ...moving, ...after];
}

/** A name for a group that is not taken: `Group 2`. */
export function freeGroup(signals: readonly ShownWave[], base: string): string {
  const names = new Set(signals.map(({ group }) => group));
  let name = base;
  for (let count = 2; names.has(name); count++) name = `${base} ${count}`;
  return name;
}
