/** Puts the recordings of two runs side by side. */
import {
  CODE_A,
  CODE_AB,
  CODE_MASK,
  CODE_REAL,
  CODE_TEXT,
  TIME_MARK,
  TRACE_SHIFT,
  type WaveDelta,
  type WaveScope,
  type WaveSignal,
  WORD,
} from '../../verilog/wave/types.ts';

/** Of each run: the scope that is kept, by its name under the bench, and the name that it gets. */
export interface Side {
  name: string;
  instance: string;
  waves: readonly WaveDelta[];
}

interface Entry {
  time: number;
  words: number[];
}

/**
 * One recording of several runs of the same bench: of each only the named instance, as a scope of its own at the top.
 * Runs must have the same timescale. Texts and enumerations of the runs stay.
 */
export function sideBySide(sides: readonly Side[]): WaveDelta[] {
  const first = sides.flatMap(({ waves }) => waves)[0];
  if (!first) return [];
  const merged: WaveDelta = {
    sequence: 0,
    info: first.info,
    added: { scopes: [], signals: [], enums: [], structs: [] },
    log: [],
    texts: [],
    endTime: 0,
  };
  const entries: Entry[] = [];
  let traces = 0;
  for (const side of sides) traces = addSide(merged, entries, side, traces);
  // Stable: within a time, the order of the runs.
  entries.sort((a, b) => a.time - b.time);
  const words: number[] = [];
  let now = -1;
  for (const { time, words: record } of entries) {
    if (time !== now) words.push(TIME_MARK, (time % WORD) | 0, Math.floor(time / WORD));
    now = time;
    for (const word of record) words.push(word);
  }
  merged.log = [Int32Array.from(words)];
  return [merged];
}

function addSide(merged: WaveDelta, entries: Entry[], { name, instance, waves }: Side, traceBase: number): number {
  const scopes = waves.flatMap(({ added }) => added.scopes);
  const signals = waves.flatMap(({ added }) => added.signals);
  const { added } = merged;
  const enums = added.enums.length;
  const structs = added.structs.length;
  added.enums.push(...waves.flatMap((delta) => delta.added.enums));
  added.structs.push(...waves.flatMap((delta) => delta.added.structs));
  const scopeOf = keepScopes(added.scopes, scopes, instance, name);
  let traces = traceBase;
  const kept = new Map<number, number>();
  const keep = (trace: number): number => {
    const known = kept.get(trace);
    if (known !== undefined) return known;
    kept.set(trace, traces);
    return traces++;
  };
  // Elements of an array follow each other, so arrays come first and get traces in one piece.
  const mine = signals.filter(({ scope }) => scopeOf.has(scope));
  const size = ({ array }: WaveSignal) => array?.count ?? 1;
  for (const signal of [...mine].sort((a, b) => size(b) - size(a))) {
    for (let i = 0; i < size(signal); i++) keep(signal.trace + i);
  }
  for (const signal of mine) {
    added.signals.push({
      ...signal,
      scope: scopeOf.get(signal.scope)!,
      trace: kept.get(signal.trace)!,
      ...(signal.enumType !== undefined && { enumType: signal.enumType + enums }),
      ...(signal.structType !== undefined && { structType: signal.structType + structs }),
    });
  }
  const widths = new Map(signals.flatMap((signal) => range(signal)));
  const texts = merged.texts.length;
  merged.texts.push(...waves.flatMap((delta) => delta.texts));
  let textBase = texts;
  for (const delta of waves) {
    readLog(delta, widths, (time, trace, words) => {
      const to = kept.get(trace);
      if (to === undefined) return;
      const code = words[0]! & CODE_MASK;
      words[0] = (to << TRACE_SHIFT) | code;
      if (code === CODE_TEXT) words[1]! += textBase;
      entries.push({ time, words });
    });
    textBase += delta.texts.length;
    merged.endTime = Math.max(merged.endTime, delta.endTime);
  }
  return traces;
}

function range(signal: WaveSignal): [number, number][] {
  return Array.from({ length: signal.array?.count ?? 1 }, (_, i) => [signal.trace + i, signal.width]);
}

/** The scopes at and below the instance, with the index that each gets. */
function keepScopes(
  to: WaveScope[],
  scopes: readonly WaveScope[],
  instance: string,
  name: string,
): Map<number, number> {
  const indices = new Map<number, number>();
  scopes.forEach((scope, index) => {
    const parent = indices.get(scope.parent);
    const isTop =
      parent === undefined && scope.name === instance && scope.parent >= 0 && scopes[scope.parent]!.parent < 0;
    if (parent === undefined && !isTop) return;
    indices.set(index, to.length);
    to.push(isTop ? { ...scope, name, parent: -1 } : { ...scope, parent: parent! });
  });
  return indices;
}

function readLog(
  { log }: WaveDelta,
  widths: ReadonlyMap<number, number>,
  take: (time: number, trace: number, words: number[]) => void,
): void {
  let time = 0;
  for (const piece of log) {
    let at = 0;
    while (at < piece.length) {
      const head = piece[at]!;
      if (head === TIME_MARK) {
        time = (piece[at + 1]! >>> 0) + piece[at + 2]! * WORD;
        at += 3;
        continue;
      }
      const code = head & CODE_MASK;
      const trace = head >>> TRACE_SHIFT;
      const plane = ((widths.get(trace) ?? 1) + 31) >>> 5;
      const length =
        code === CODE_A ? plane : code === CODE_AB ? 2 * plane : code === CODE_REAL ? 2 : code === CODE_TEXT ? 1 : 0;
      take(time, trace, [...piece.subarray(at, at + 1 + length)]);
      at += 1 + length;
    }
  }
}
