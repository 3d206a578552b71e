import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaveDatabase } from './database.ts';
import { deltaBuffers, WaveRecorder } from './recorder.ts';
import { binaryText, bitsAt, bitsOf } from './value.ts';
import { changesOf } from './waves.fixture.ts';

function recorderOf(width: number) {
  const recorder = new WaveRecorder({ timescale: -9 });
  const scope = recorder.scope({ name: 'top', kind: 'module', parent: -1 });
  const trace = recorder.declare({ scope, name: 'v', word: 'reg', type: 'bits', width });
  return { recorder, scope, trace };
}

describe('a recorder and its database', () => {
  it('keep what was recorded, of any width, whenever deltas are taken', () => {
    const run = fc.integer({ min: 1, max: 140 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        steps: fc.array(
          fc.record({
            wait: fc.integer({ min: 0, max: 5_000_000_000 }),
            value: fc.string({ unit: fc.constantFrom('0', '1', 'x', 'z'), minLength: width, maxLength: width }),
            take: fc.boolean(),
          }),
          { maxLength: 60 },
        ),
      }),
    );
    fc.assert(
      fc.property(run, ({ width, steps }) => {
        const { recorder, trace } = recorderOf(width);
        const database = new WaveDatabase();
        const expected: [number, string][] = [];
        let time = 0;
        for (const { wait, value, take } of steps) {
          time += wait;
          const { a, b } = bitsOf(value);
          if (width === 1) recorder.change1(trace, time, a[0]!, b[0]!);
          else if (width <= 32) recorder.change32(trace, time, a[0]!, b[0]!);
          else recorder.change(trace, time, a, b, 0, a.length);
          if (expected.at(-1)?.[0] === time) expected.pop();
          if (expected.at(-1)?.[1] !== value) expected.push([time, value]);
          if (take) database.append(structuredClone(recorder.takeDelta()));
        }
        database.append(recorder.takeDelta());
        expect(database.incomplete).toBe(false);
        expect(changesOf(database, 'top.v')).toEqual(expected.map(([at, value]) => `${at}=${value}`));
      }),
    );
  });

  it('find the entry that holds at any time, and count what a stretch holds', () => {
    const value = fc.constantFrom('0000', '0101', 'xx01', 'zz11', 'zzzz');
    const steps = fc.array(fc.record({ wait: fc.integer({ min: 1, max: 9 }), value }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (list, one, other) => {
        const { recorder, trace } = recorderOf(4);
        const kept: { time: number; value: string }[] = [];
        let time = 0;
        for (const { wait, value } of list) {
          time += wait;
          const { a, b } = bitsOf(value);
          recorder.change32(trace, time, a[0]!, b[0]!);
          if (kept.at(-1)?.value !== value) kept.push({ time, value });
        }
        const database = new WaveDatabase();
        database.append(recorder.takeDelta());
        const data = database.trace(trace);
        const at = data.entryAt(database.stepAt(one));
        expect(at).toBe(kept.filter((each) => each.time <= one).length - 1);
        const [from, to] = [Math.min(one, other) % (kept.length + 1), Math.max(one, other) % (kept.length + 1)].sort(
          (first, second) => first - second,
        ) as [number, number];
        const inside = kept.slice(from, to);
        const x = inside.filter((each) => each.value.includes('x')).length;
        const z = inside.filter((each) => each.value.includes('z') && !each.value.includes('x')).length;
        expect(data.contents(from, to)).toEqual({ known: inside.length - x - z, x, z });
      }),
    );
  });

  it('keep reals, texts and events', () => {
    const recorder = new WaveRecorder({ timescale: -12 });
    const scope = recorder.scope({ name: 'top', kind: 'module', parent: -1 });
    const real = recorder.declare({ scope, name: 'r', word: 'real', type: 'real', width: 64 });
    const text = recorder.declare({ scope, name: 's', word: 'string', type: 'text', width: 0 });
    const event = recorder.declare({ scope, name: 'e', word: 'event', type: 'event', width: 0 });
    recorder.real(real, 0, 0.1);
    recorder.text(text, 0, 'idle');
    recorder.real(real, 7, -0);
    recorder.change1(event, 7, 1, 0);
    recorder.change1(event, 7, 1, 0);
    const database = new WaveDatabase();
    database.append(recorder.takeDelta());
    recorder.change1(event, 9, 1, 0);
    recorder.text(text, 2 ** 40, 'busy');
    database.append(recorder.takeDelta());
    expect(changesOf(database, 'top.r')).toEqual(['0=0.1', '7=0']);
    expect(changesOf(database, 'top.s')).toEqual(['0="idle"', `${2 ** 40}="busy"`]);
    expect(changesOf(database, 'top.e')).toEqual(['7', '9']);
    expect(database.endTime).toBe(2 ** 40);
  });

  it('stop at the limit of memory and say since when', () => {
    const recorder = new WaveRecorder({ timescale: -9 }, 1000);
    const trace = recorder.declare({ scope: -1, name: 'v', word: 'reg', type: 'bits', width: 1 });
    const database = new WaveDatabase();
    for (let time = 0; time < 5000; time++) recorder.change1(trace, time, time & 1, 0);
    database.append(recorder.takeDelta());
    expect(recorder.bytes).toBeLessThanOrEqual(1000);
    const { stoppedAt } = database;
    expect(stoppedAt).toBeGreaterThan(10);
    expect(changesOf(database, 'v').at(-1)).toBe(`${stoppedAt}=${stoppedAt! & 1}`);
    recorder.change1(trace, 6000, 0, 0);
    expect(recorder.takeDelta().log).toEqual([]);
  });

  it('share one trace under several names and notice a delta that is lost', () => {
    const { recorder, scope, trace } = recorderOf(8);
    const inner = recorder.scope({ name: 'u1', kind: 'module', parent: scope });
    recorder.declare({ scope: inner, name: 'in', word: 'wire', type: 'bits', width: 8, alias: trace });
    recorder.change32(trace, 3, 0x5a, 0);
    const database = new WaveDatabase();
    const delta = recorder.takeDelta();
    expect(deltaBuffers(delta)).toHaveLength(1);
    database.append(delta);
    expect(changesOf(database, 'top.u1.in')).toEqual(['3=01011010']);
    expect(database.incomplete).toBe(false);
    recorder.takeDelta();
    database.append(recorder.takeDelta());
    expect(database.incomplete).toBe(true);
  });

  it('give memories, fields and bits as waves of their own, with the changes that are theirs', () => {
    const recorder = new WaveRecorder({ timescale: -9 });
    const structType = recorder.structure({
      name: 'op_t',
      fields: [
        { name: 'code', offset: 4, width: 3, signed: false },
        { name: 'left', offset: 0, width: 4, signed: true },
      ],
    });
    const scope = recorder.scope({ name: 'top', kind: 'module', parent: -1 });
    const dims = [{ left: 0, right: 3 }];
    const memory = { dims, count: 4 };
    const mem = recorder.declare({ scope, name: 'mem', word: 'reg', type: 'bits', width: 8, array: memory });
    const op = recorder.declare({ scope, name: 'op', word: 'op_t', type: 'bits', width: 7, structType });
    const range = [{ left: 0, right: 7 }];
    const up = recorder.declare({ scope, name: 'up', word: 'reg', type: 'bits', width: 8, ranges: range });
    expect([mem, op, up]).toEqual([0, 4, 5]);
    recorder.change32(up, 1, 0b10000110, 0);
    recorder.change32(op, 1, 0b1010011, 0);
    recorder.change32(op, 2, 0b1010100, 0);
    recorder.change32(op, 3, 0b0010100, 0);
    recorder.change32(mem + 2, 5, 0xab, 0);
    const database = new WaveDatabase();
    database.append(recorder.takeDelta());
    expect(changesOf(database, 'top.mem[2]')).toEqual(['5=10101011']);
    expect(changesOf(database, 'top.mem[2][7]')).toEqual(['5=1']);
    expect(database.find('top.mem')).toMatchObject({ trace: -1 });
    expect(database.find('top.mem[4]')).toBeUndefined();
    expect(changesOf(database, 'top.op.code')).toEqual(['1=101', '3=001']);
    expect(changesOf(database, 'top.op.left')).toEqual(['1=0011', '2=0100']);
    expect(database.find('top.op.left')).toMatchObject({ signed: true, low: 0, width: 4 });
    expect(changesOf(database, 'top.up[0]')).toEqual(['1=1']);
    expect(changesOf(database, 'top.up[4:6]')).toEqual(['1=011']);
    expect(database.find('top.nothing')).toBeUndefined();
    recorder.change32(op, 9, 0b1110100, 0);
    database.append(recorder.takeDelta());
    expect(changesOf(database, 'top.op.code')).toEqual(['1=101', '3=001', '9=111']);
  });

  it('cuts bits out of wide vectors across words', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '1', 'x', 'z'), minLength: 70, maxLength: 100 }),
        fc.nat({ max: 69 }),
        fc.nat({ max: 69 }),
        (value, one, other) => {
          const { recorder, trace } = recorderOf(value.length);
          const { a, b } = bitsOf(value);
          recorder.change(trace, 0, a, b, 0, a.length);
          const database = new WaveDatabase();
          database.append(recorder.takeDelta());
          const [high, low] = [Math.max(one, other), Math.min(one, other)];
          const data = database.data(database.find(`top.v[${high}:${low}]`)!)!;
          const expected = value.slice(value.length - 1 - high, value.length - low);
          expect(binaryText(bitsAt(data, 0))).toBe(expected);
        },
      ),
    );
  });
});
