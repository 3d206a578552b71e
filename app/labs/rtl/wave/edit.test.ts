import { describe, expect, it } from 'vitest';
import { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { WaveRecorder } from '../../../../engines/verilog/wave/recorder.ts';
import type { ShownWave, WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { added, firstSignals, grouped, nextForm, nextRadix, removed, renamed, shifted, toggled } from './edit.ts';
import { rowsOf } from './rows.ts';
import { WaveStage } from './stage.ts';
import { valueAt } from './values.ts';

const viewOf = (text: string): WaveViewState => ({
  signals: text.split(' ').map((each): ShownWave => {
    const [path = '', group] = each.split('@');
    return group === undefined ? { path } : { path, group };
  }),
  cursors: [],
  from: 0,
  to: 0,
});
const told = ({ signals }: WaveViewState) =>
  signals.map(({ path, group }) => (group ? `${path}@${group}` : path)).join(' ');

describe('editing the list of signals', () => {
  it('adds behind a row and into its group, takes away, groups and renames', () => {
    expect(told(added(viewOf('a b@G c'), ['x', 'y'], 1))).toBe('a b@G x@G y@G c');
    expect(told(added(viewOf('a'), ['x']))).toBe('a x');
    expect(told(removed(viewOf('a b c'), new Set([0, 2])))).toBe('b');
    expect(told(grouped(viewOf('a b@Group c d'), new Set([3, 0]), 'Group'))).toBe('a@Group 2 d@Group 2 b@Group c');
    const named = renamed({ ...viewOf('a@G b@H'), collapsed: ['G'] }, 'G', ' Bus ');
    expect([told(named), named.collapsed]).toEqual(['a@Bus b@H', ['Bus']]);
    expect(told(renamed(viewOf('a@G b@H'), 'G', 'H'))).toBe('a@H 2 b@H');
    expect(told(renamed(viewOf('a@G'), 'G', ' '))).toBe('a@G');
  });

  it('moves rows one place, into a group and out of it', () => {
    const down = (text: string, ...rows: number[]) => told(shifted(viewOf(text), new Set(rows), 1));
    const up = (text: string, ...rows: number[]) => told(shifted(viewOf(text), new Set(rows), -1));
    expect(down('a b c', 0)).toBe('b a c');
    expect(up('a b c', 1, 2)).toBe('b c a');
    expect(down('a b@G c@G', 0)).toBe('a@G b@G c@G');
    expect(up('a@G b@G c', 0)).toBe('a b@G c');
    expect(down('a@G b', 0)).toBe('a b');
    expect(up('a b', 0)).toBe('a b');
    expect(down('a b', 1)).toBe('a b');
  });

  it('opens parts and groups, and goes round the radices and forms', () => {
    const recorder = new WaveRecorder({ timescale: -9 });
    const scope = recorder.scope({ name: 't', kind: 'module', parent: -1 });
    const inner = recorder.scope({ name: 'u', kind: 'module', parent: scope });
    const trace = recorder.declare({ scope, name: 'q', word: 'integer', type: 'bits', width: 2, signed: true });
    recorder.declare({ scope: inner, name: 'q', word: 'wire', type: 'bits', width: 2, alias: trace });
    recorder.declare({ scope: inner, name: 'own', word: 'reg', type: 'bits', width: 1 });
    recorder.change32(trace, 4, 3, 0);
    const database = new WaveDatabase();
    database.append(recorder.takeDelta());
    const view = { ...viewOf('t.q@G t.q'), collapsed: ['G'] };
    const [heading, row] = rowsOf(view, database);
    expect(toggled(view, heading!).collapsed).toEqual([]);
    const open = toggled(view, row!);
    expect(open.signals[1]!.expanded).toEqual(['t.q']);
    expect(toggled(open, rowsOf(open, database)[1]!).signals[1]!.expanded).toBeUndefined();
    expect(firstSignals(database)).toEqual([{ path: 't.q' }, { path: 't.u.own', group: 'u' }]);
    expect(firstSignals(database, 1)).toHaveLength(1);
    expect([
      valueAt(database, view, 't.q', 4),
      valueAt(database, view, 't.u.q', 9),
      valueAt(database, view, 't.q', 3),
    ]).toEqual(['-1', '3', '']);
    expect(valueAt(database, view, 't.none', 4)).toBeUndefined();
    expect(nextRadix('ascii', true)).toBe('name');
    expect(nextRadix('ascii', false)).toBe('float');
    expect(nextRadix('float', false)).toBe('binary');
    expect([nextForm(undefined), nextForm('step'), nextForm('linear')]).toEqual(['step', 'linear', undefined]);
  });
});

describe('the stretch in sight and the cursors', () => {
  function stageOf(end: number) {
    const recorder = new WaveRecorder({ timescale: -9 });
    const trace = recorder.declare({ scope: -1, name: 'v', word: 'reg', type: 'bits', width: 1 });
    recorder.change1(trace, 0, 0, 0);
    recorder.reach(end);
    const database = new WaveDatabase();
    database.append(recorder.takeDelta());
    const kept: Pick<WaveViewState, 'from' | 'to' | 'cursors'>[] = [];
    const times: (number | undefined)[] = [];
    const stage = new WaveStage(
      database,
      (change) => kept.push(change),
      (time) => times.push(time),
    );
    stage.width = 1000;
    stage.adopt(viewOf('v'));
    return { stage, database, recorder, kept, times };
  }

  it('show the whole run while it grows, until something nearer is looked at', () => {
    const { stage, database, recorder } = stageOf(1000);
    expect(stage.viewport.to).toBeGreaterThan(1000);
    recorder.reach(5000);
    database.append(recorder.takeDelta());
    expect(stage.viewport.to).toBeGreaterThan(5000);
    stage.zoom(0.5, 0);
    recorder.reach(9000);
    database.append(recorder.takeDelta());
    expect(stage.viewport.to).toBeLessThan(3000);
    stage.fit();
    expect(stage.viewport.to).toBeGreaterThan(9000);
    stage.settle();
  });

  it('are handed on once, when they have come to rest', () => {
    const { stage, kept, times } = stageOf(1000);
    stage.setCursor(0, 400.4);
    stage.setCursor(1, 1e9);
    stage.look(100, 300);
    expect(kept).toEqual([]);
    stage.settle();
    stage.settle();
    expect(kept).toEqual([{ from: 100, to: 300, cursors: [400, 1000] }]);
    expect(times).toEqual([400]);
    stage.dropCursor();
    stage.dropCursor();
    expect(times.at(-1)).toBeUndefined();
    expect(stage.time).toBe(1000);
    stage.settle();
  });

  it('follow what comes from outside, but not their own echo', () => {
    const { stage } = stageOf(1000);
    stage.look(100, 300);
    const { from, to, cursors } = stage.taken();
    stage.look(200, 400);
    stage.adopt({ signals: [], from, to, cursors });
    expect(stage.viewport).toMatchObject({ from: 200, to: 400 });
    stage.adopt({ signals: [], from: 5, to: 25, cursors: [7] });
    expect(stage.viewport).toMatchObject({ from: 5, to: 25 });
    expect(stage.cursors).toEqual([7]);
    stage.adopt({ signals: [], from: 5000, to: 6000, cursors: [7] });
    expect(stage.viewport.from).toBe(0);
    stage.settle();
  });
});
