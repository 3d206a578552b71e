import { expect, it } from 'vitest';
import type { BoundArg, CallSite, Machine, Value } from '../machine.ts';
import { isVec, toInteger } from '../value/vector.ts';
import { QueueTasks } from './queue-tasks.ts';
import { integer } from './values.ts';

const type = { kind: 'vector', width: 32, signed: true, fourState: true } as const;
const given = (value: number): BoundArg => ({ kind: 'expr', type, text: '', value: () => integer(value) });

it('keep entries in order, their states and what they waited', () => {
  let now = 0;
  const machine = { design: { scopes: [{ unit: 0 }], precision: 0 }, now: () => now } as unknown as Machine;
  const tasks = new QueueTasks(machine);
  const call = (name: string, ...args: (number | 'out')[]): (number | undefined)[] => {
    const out: (number | undefined)[] = [];
    const bound = args.map((arg, place): BoundArg => {
      if (arg !== 'out') return given(arg);
      const assign = (_frame: unknown, value: Value) => {
        out[place] = typeof value === 'object' && isVec(value) ? toInteger(value, true) : undefined;
      };
      return { kind: 'lvalue', type, text: '', value: () => integer(0), assign };
    });
    const site: CallSite = { name, scope: 0, at: { file: 'a.v', line: 1, column: 1 }, args: bound };
    tasks.call(site, undefined);
    return args.flatMap((arg, place) => (arg === 'out' ? [out[place]] : []));
  };
  expect(call('$q_initialize', 1, 1, 2, 'out')).toEqual([0]);
  expect(call('$q_initialize', 1, 1, 2, 'out')).toEqual([6]);
  expect(call('$q_initialize', 2, 3, 2, 'out')).toEqual([4]);
  expect(call('$q_add', 7, 1, 1, 'out')).toEqual([2]);
  expect(call('$q_exam', 1, 2, 'out', 'out')).toEqual([undefined, 10]);
  expect(call('$q_add', 1, 1, 10, 'out')).toEqual([0]);
  now = 4;
  expect(call('$q_add', 1, 1, 20, 'out')).toEqual([0]);
  expect(call('$q_add', 1, 1, 30, 'out')).toEqual([1]);
  now = 6;
  expect(call('$q_exam', 1, 6, 'out', 'out')).toEqual([4, 0]);
  expect(call('$q_remove', 1, 'out', 'out', 'out')).toEqual([1, 10, 0]);
  expect(call('$q_exam', 1, 4, 'out', 'out')).toEqual([6, 0]);
  expect(call('$q_exam', 1, 5, 'out', 'out')).toEqual([2, 0]);
  expect(call('$q_remove', 1, 'out', 'out', 'out')).toEqual([1, 20, 0]);
  expect(call('$q_remove', 1, 'out', 'out', 'out').at(-1)).toBe(3);
});
