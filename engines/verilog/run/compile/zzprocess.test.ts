import fc from 'fast-check';
import { expect, test } from 'vitest';
import type * as ir from '../../ir/types.ts';
import { Interpreter } from '../interpret.ts';
import { always, designOf, runtimeOf, signalsOf, statements } from './design.fixture.ts';
import { type Variable, variables, vecOf, vector } from './expression.fixture.ts';
import { compileDesign } from './index.ts';

const none = {
  statement: () => () => {},
  event: () => 0,
  process: () => () => {
    throw new Error('A process was left to the interpreter.');
  },
  assign: () => () => {
    throw new Error('An assignment was left to the interpreter.');
  },
};

/** Runs the clocked body `turns` times, with the nonblocking updates after each, and hands back all of memory. */
function run(known: readonly Variable[], body: ir.Stmt, compiled: boolean, turns: number): number[] {
  const signals = signalsOf(known, true);
  const clock = signals.at(-1)!;
  const item: ir.EventItem = {
    edge: 'posedge',
    what: { kind: 'expr', expr: { op: 'signal', signal: clock.id, type: vector(1) }, reads: [{ signal: clock.id }] },
  };
  const { runtime, plan, waits, shapes } = runtimeOf(designOf(signals, [always(body, [item])]));
  known.forEach((it, i) => {
    const v = vecOf(it);
    runtime.words.set(v.a, runtime.layout.offset[i]!);
    runtime.words.set(v.b, runtime.layout.offset[i]! + v.a.length);
    // The memory: some elements known, some as the variable.
    for (let k = 0; k < 5; k += 2)
      runtime.write(known.length + i, k === 4 ? { ...v, b: new Int32Array(v.a.length) } : v, k);
  });
  const interpreter = new Interpreter(runtime, waits);
  let once = interpreter.plain(body);
  if (compiled) {
    const made = compileDesign(runtime, plan, waits, shapes, { ...none, threads: interpreter.threads });
    made.prepare();
    // Parts at varying places of wide elements, written nonblocking, are left to the interpreter.
    once = made.bodies.get(0) ?? once;
    compiledRuns += made.bodies.size;
  }
  runtime.kernel.loopFuel = 100_000;
  for (let i = 0; i < turns; i++) {
    once();
    runtime.kernel.run(1000);
  }
  return [...runtime.words];
}

let compiledRuns = 0;
const cases = variables.chain((known) => fc.tuple(fc.constant(known), statements(known, 3)));

test('a compiled process leaves in memory what the interpreted one leaves', () => {
  fc.assert(
    fc.property(cases, ([known, body]) => {
      expect(run(known, body, true, 3)).toEqual(run(known, body, false, 3));
    }),
    { numRuns: 2500 },
  );
  expect(compiledRuns).toBeGreaterThan(30);
});
