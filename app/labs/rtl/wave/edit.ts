import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import type { WaveSignal } from '../../../../engines/verilog/wave/types.ts';
import { RADICES, type Radix } from '../../../../engines/verilog/wave/value.ts';
import type { ShownWave, WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { freeGroup, moved, type Row } from './rows.ts';

const FORMS = [undefined, 'step', 'linear'] as const;

/** Signals put behind the row that is held, or at the end. */
export function added(view: WaveViewState, paths: readonly string[], behind?: number): WaveViewState {
  const at = behind === undefined ? view.signals.length : behind + 1;
  const group = behind === undefined ? undefined : view.signals[behind]?.group;
  const signals = [...view.signals];
  signals.splice(at, 0, ...paths.map((path) => (group === undefined ? { path } : { path, group })));
  return { ...view, signals };
}

/** Changes the rows of the list with these places. */
export function changed(
  view: WaveViewState,
  indices: ReadonlySet<number>,
  change: (shown: ShownWave) => ShownWave,
): WaveViewState {
  return { ...view, signals: view.signals.map((shown, index) => (indices.has(index) ? change(shown) : shown)) };
}

export function removed(view: WaveViewState, indices: ReadonlySet<number>): WaveViewState {
  return { ...view, signals: view.signals.filter((_, index) => !indices.has(index)) };
}

/** The rows become neighbours, at the place of the first, under a heading of their own. */
export function grouped(view: WaveViewState, indices: ReadonlySet<number>, base: string): WaveViewState {
  const places = [...indices].sort((one, other) => one - other);
  if (places[0] === undefined) return view;
  return { ...view, signals: moved(view.signals, places, places[0], freeGroup(view.signals, base)) };
}

export function renamed(view: WaveViewState, group: string, name: string): WaveViewState {
  const wanted = name.trim();
  if (wanted === '' || wanted === group) return view;
  const free = freeGroup(view.signals, wanted);
  return {
    ...view,
    signals: view.signals.map((shown) => (shown.group === group ? { ...shown, group: free } : shown)),
    collapsed: view.collapsed?.map((each) => (each === group ? free : each)),
  };
}

/** Opens or folds the parts of a row, or a group. */
export function toggled(view: WaveViewState, row: Row): WaveViewState {
  if (row.kind === 'group') {
    const closed = view.collapsed ?? [];
    const collapsed = row.collapsed ? closed.filter((each) => each !== row.name) : [...closed, row.name];
    return { ...view, collapsed };
  }
  if (row.kind !== 'wave' || !row.openable || !row.wave) return view;
  const { path } = row.wave;
  return changed(view, new Set([row.index]), (shown) => {
    const open = shown.expanded ?? [];
    const expanded = row.open ? open.filter((each) => each !== path) : [...open, path];
    return { ...shown, expanded: expanded.length > 0 ? expanded : undefined };
  });
}

/** One place up or down; past a heading into its group, and out of it. */
export function shifted(view: WaveViewState, indices: ReadonlySet<number>, direction: 1 | -1): WaveViewState {
  const places = [...indices].sort((one, other) => one - other);
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return view;
  const { signals } = view;
  const own = signals[direction === 1 ? last : first]?.group;
  const neighbour = signals[direction === 1 ? last + 1 : first - 1];
  const stay = direction === 1 ? last + 1 : first;
  // At the edge of its group a row leaves it first, and at the edge of another it goes in.
  if (own !== undefined && neighbour?.group !== own)
    return { ...view, signals: moved(signals, places, stay, undefined) };
  if (!neighbour) return view;
  if (neighbour.group !== own) return { ...view, signals: moved(signals, places, stay, neighbour.group) };
  const to = direction === 1 ? last + 2 : first - 1;
  return { ...view, signals: moved(signals, places, to, own) };
}

export function nextRadix(radix: Radix, hasNames: boolean): Radix {
  const all = hasNames ? RADICES : RADICES.filter((each) => each !== 'name');
  return all[(all.indexOf(radix) + 1) % all.length]!;
}

export function nextForm(form: ShownWave['analog']): ShownWave['analog'] {
  return FORMS[(FORMS.indexOf(form) + 1) % FORMS.length];
}

/**
 * What a first look at a run shows: the signals of its top scopes, then those that the instances in them add, under the
 * name of each; no more than so many.
 */
export function firstSignals(database: WaveDatabase, most = 24): ShownWave[] {
  const tops = new Set(database.scopes.flatMap(({ parent }, index) => (parent < 0 ? [index] : [])));
  const plain = database.signals.filter(({ array, word }) => !array && word !== 'parameter');
  const shown: ShownWave[] = [];
  const seen = new Set<number>();
  const add = (signal: WaveSignal, group?: string) => {
    seen.add(signal.trace);
    const { path } = database.wave(signal);
    shown.push(group === undefined ? { path } : { path, group });
  };
  for (const signal of plain) if (signal.scope < 0 || tops.has(signal.scope)) add(signal);
  for (const signal of plain) {
    const scope = database.scopes[signal.scope];
    // What an instance has from outside is there already.
    if (scope?.kind === 'module' && tops.has(scope.parent) && !seen.has(signal.trace)) add(signal, scope.name);
  }
  return shown.slice(0, most);
}
