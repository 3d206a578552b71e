import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { WaveRecorder } from '../../../../engines/verilog/wave/recorder.ts';
import { freeGroup, moved, rowsOf, rowsWithin } from './rows.ts';
import { columnsOf, edgeBeside, nearestEdge, segmentsOf } from './segments.ts';
import { tickStep, ticksOf, tickText, timeAt, timeText, whole, within, xOf, zoomed } from './viewport.ts';

function databaseOf(times: readonly number[], others: readonly number[] = []) {
  const recorder = new WaveRecorder({ timescale: -9 });
  const trace = recorder.declare({ scope: -1, name: 'v', word: 'reg', type: 'bits', width: 32 });
  const other = recorder.declare({ scope: -1, name: 'o', word: 'reg', type: 'bits', width: 1 });
  const all = [...new Set([...times, ...others])].sort((one, next) => one - next);
  for (const [count, time] of all.entries()) {
    if (times.includes(time)) recorder.change32(trace, time, count + 1, 0);
    if (others.includes(time)) recorder.change1(other, time, count & 1, 0);
  }
  const database = new WaveDatabase();
  database.append(recorder.takeDelta());
  return { database, data: database.trace(trace) };
}

describe('what a row shows', () => {
  const times = fc
    .uniqueArray(fc.nat({ max: 400 }), { maxLength: 120 })
    .map((list) => list.sort((one, next) => one - next));

  it('covers every column from the first change on, with the value that holds there or the changes that fall into it', () => {
    const stretch = fc.tuple(fc.integer({ min: -20, max: 380 }), fc.integer({ min: 1, max: 420 }));
    fc.assert(
      fc.property(times, times, stretch, fc.integer({ min: 1, max: 90 }), (list, others, [from, span], count) => {
        const { database, data } = databaseOf(list, others);
        const segments = segmentsOf(data, columnsOf(database, from, from + span, count));
        const each = span / count;
        const edge = (column: number) => from + column * each;
        let at = segments[0]?.start ?? count;
        for (const { start, end, from: first, to, busy } of segments) {
          expect(start).toBe(at);
          at = end;
          for (let column = start; column < end; column++) {
            const inside = list.filter((time) => time >= edge(column) && time < edge(column + 1));
            if (busy) {
              expect(inside.length).toBeGreaterThan(1);
              expect(inside.every((time) => list.indexOf(time) >= first && list.indexOf(time) < to)).toBe(true);
            } else {
              const entry = list.filter((time) => time < edge(column + 1)).length - 1;
              expect([first, to]).toEqual([entry, entry + 1]);
              if (column > start) expect(inside).toEqual([]);
            }
          }
        }
        expect(at).toBe(count);
        const before = list.filter((time) => time < edge(segments[0]?.start ?? count)).length;
        if ((segments[0]?.start ?? count) > 0) expect(before).toBe(0);
      }),
    );
  });

  it('finds edges beside a time, and the nearest', () => {
    fc.assert(
      fc.property(times, fc.nat({ max: 420 }), (list, time) => {
        const { database, data } = databaseOf(list);
        expect(edgeBeside(database, data, time, 1)).toBe(list.find((each) => each > time));
        expect(edgeBeside(database, data, time, -1)).toBe(list.filter((each) => each < time).at(-1));
        const nearest = nearestEdge(database, data, time);
        const distance = Math.min(...list.map((each) => Math.abs(each - time)));
        if (list.length > 0) expect(Math.abs(nearest! - time)).toBe(distance);
        else expect(nearest).toBeUndefined();
      }),
    );
  });

  it('draws a million changes as no more stretches than there are columns', () => {
    const recorder = new WaveRecorder({ timescale: -9 });
    const trace = recorder.declare({ scope: -1, name: 'clk', word: 'reg', type: 'bits', width: 1 });
    for (let time = 0; time < 1_000_000; time++) recorder.change1(trace, time, time & 1, 0);
    const database = new WaveDatabase();
    database.append(recorder.takeDelta());
    const segments = segmentsOf(database.trace(trace), columnsOf(database, 0, 1_000_000, 1500));
    expect(segments).toEqual([{ start: 0, end: 1500, from: 0, to: 1_000_000, busy: true, unknown: false }]);
    const close = segmentsOf(database.trace(trace), columnsOf(database, 500_000, 500_100, 1500));
    expect(close).toHaveLength(100);
  });
});

describe('time and pixels', () => {
  const extent = { start: 0, end: 10_000 };

  it('zooms around the point under the pointer and stays within the run', () => {
    const view = { from: 2000, to: 4000, width: 1000 };
    const next = { ...zoomed(view, 0.5, 250, extent), width: 1000 };
    expect(timeAt(next, 250)).toBeCloseTo(timeAt(view, 250));
    expect(next.to - next.from).toBe(1000);
    expect(xOf(view, timeAt(view, 321))).toBeCloseTo(321);
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 15_000 }), fc.integer({ min: 0, max: 30_000 }), (from, span) => {
        const seen = within(from, from + span, extent);
        expect(seen.from).toBeGreaterThanOrEqual(0);
        expect(seen.to).toBeLessThanOrEqual(whole(extent).to + 1e-6);
        expect(seen.to - seen.from).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('puts ticks at round times, and never too close', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 2, max: 1e9 }), (from, span) => {
        const view = { from, to: from + span, width: 800 };
        const step = tickStep(view, 90);
        expect(Number.isInteger(step)).toBe(true);
        expect((step / span) * 800).toBeGreaterThanOrEqual(89.999);
        for (const tick of ticksOf(view, step)) expect(tick % step).toBe(0);
      }),
    );
  });

  it('writes times exactly, in a unit that fits', () => {
    expect(timeText(12_345_678, -12)).toBe('12.345678\u202fµs');
    expect(timeText(1500, -9)).toBe('1.5\u202fµs');
    expect(timeText(0, -9)).toBe('0\u202fns');
    expect(timeText(7, -11)).toBe('70\u202fps');
    expect(timeText(9_007_199_254_740_991, -15)).toBe('9.007199254740991\u202fs');
    expect(timeText(42, 0)).toBe('42\u202fs');
    expect(timeText(-250, -9)).toBe('\u2212250\u202fns');
    expect(tickText(2500, 500, -9, 10_000)).toBe('2\u202f500\u202fns');
    expect(tickText(2500, 5, -9, 3000)).toBe('2\u202f500\u202fns');
    expect(tickText(2_000_005, 5, -9, 2_000_100)).toBe('2\u202f000.005\u202fµs');
    expect(tickText(1_000_000, 200_000, -12, 4_000_000)).toBe('1\u202f000\u202fns');
  });
});

describe('the rows of a view', () => {
  const recorder = new WaveRecorder({ timescale: -9 });
  const structType = recorder.structure({
    name: 'pair',
    fields: [
      { name: 'high', offset: 4, width: 4, signed: false },
      { name: 'low', offset: 0, width: 4, signed: true },
    ],
  });
  const scope = recorder.scope({ name: 't', kind: 'module', parent: -1 });
  recorder.declare({ scope, name: 'a', word: 'reg', type: 'bits', width: 1 });
  recorder.declare({ scope, name: 'p', word: 'pair', type: 'bits', width: 8, structType });
  const array = { dims: [{ left: 0, right: 9999 }], count: 10_000 };
  recorder.declare({ scope, name: 'mem', word: 'reg', type: 'bits', width: 8, array });
  const database = new WaveDatabase();
  database.append(recorder.takeDelta());

  it('have headings for groups and parts below what is opened', () => {
    const view = {
      signals: [
        { path: 't.a', group: 'G' },
        { path: 't.p', group: 'G', expanded: ['t.p', 't.p.low'] },
        { path: 't.gone' },
        { path: 't.mem', group: 'M' },
      ],
      cursors: [],
      from: 0,
      to: 0,
      collapsed: ['M'],
    };
    const rows = rowsOf(view, database);
    const told = rows.map((row) =>
      row.kind === 'wave'
        ? `${'  '.repeat(row.depth)}${row.wave?.path ?? '?'} ${row.radix}`
        : row.kind === 'group'
          ? `${row.name} ${row.count} ${row.collapsed}`
          : 'more',
    );
    expect(told).toEqual([
      'G 2 false',
      't.a binary',
      't.p hex',
      '  t.p.high hex',
      '  t.p.low signed',
      '    t.p.low[3] binary',
      '    t.p.low[2] binary',
      '    t.p.low[1] binary',
      '    t.p.low[0] binary',
      '? hex',
      'M 1 true',
    ]);
    expect(rowsWithin(rows, 50, 100)).toEqual({ first: 2, end: 5 });
    expect(rowsWithin(rows, 9000, 9100)).toEqual({ first: 11, end: 11 });
  });

  it('do not become millions', () => {
    const signals = [{ path: 't.mem', expanded: ['t.mem'] }];
    const rows = rowsOf({ signals, cursors: [], from: 0, to: 0 }, database);
    expect(rows.length).toBe(4098);
    expect(rows.at(-1)).toMatchObject({ kind: 'more', count: 10_000 - 4096 });
  });

  it('are moved together, into the group they come to', () => {
    const signals = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, group: path === 'd' ? 'G' : undefined }));
    expect(moved(signals, [0, 4], 3, 'G').map(({ path, group }) => path + (group ?? ''))).toEqual([
      'b',
      'c',
      'aG',
      'eG',
      'dG',
    ]);
    expect(freeGroup(signals, 'G')).toBe('G 2');
  });
});
