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
    { numRuns: 60 },
  );
  expect(compiledRuns).toBeGreaterThan(30);
});

test('generated text holds no names of the design', () => {
  const known: Variable[] = [
    { width: 8, signed: false, fourState: true, a: 1n, b: 0n },
    { width: 70, signed: true, fourState: true, a: 1n, b: 0n },
  ];
  const hostile = ["x'); globalThis.broken = 1; ('", 'constructor', '__proto__', 'process_exit'];
  const [body] = fc.sample(statements(known, 3), { numRuns: 1, seed: 7 });
  const signals = signalsOf(known, true).map((it, i) => ({ ...it, name: hostile[i % hostile.length]! }));
  const clock = signals.at(-1)!;
  const read: ir.Expr = { op: 'signal', signal: clock.id, type: vector(1) };
  const item: ir.EventItem = { edge: 'posedge', what: { kind: 'expr', expr: read, reads: [{ signal: clock.id }] } };
  const delay: ir.DelayExpr = {
    scope: 0,
    value: { op: 'const', type: vector(32), value: { kind: 'vector', width: 32, signed: false, a: 5n, b: 0n } },
  };
  const { at } = body!;
  const text: ir.Stmt = {
    op: 'systask',
    at,
    name: '$display',
    scope: 0,
    args: [
      {
        kind: 'expr',
        text: hostile[0]!,
        expr: { op: 'const', type: { kind: 'string' }, value: { kind: 'string', value: hostile[0]! } },
      },
    ],
  };
  const waits: ir.Stmt = { op: 'block', at, body: [{ op: 'delay', at, delay }, text, body!] };
  const design = designOf(signals, [always(body!, [item]), { kind: 'always', scope: 0, at, body: waits }]);
  design.scopes[0]!.name = hostile[0]!;
  const { runtime, plan, waits: suspends, shapes } = runtimeOf(design);
  const interpreter = new Interpreter(runtime, suspends);
  const made = compileDesign(runtime, plan, suspends, shapes, { ...none, threads: interpreter.threads });
  expect(made.threads.size).toBe(1);
  const words = new Set(made.text.match(/[A-Za-z_$][\w$]*/g));
  const own =
    /^(v\d+g?|s\d+|[A-Z]|T[ABM]|[abcdeiptq]|x|function|return|const|let|if|else|for|while|switch|case|default|break|yield|Math|imul|heard|bodies|pieces|threads|nodes|groups|follows|settle|wake|loopFuel|push|notify|notifyElement|nba|nbaWide|nbaRun|nbaRunAfter|waitTicks|waitEvent|true|false|pick|pickSigned|pick1|inside|parity|high|power|mulWide|powWide|divWide|put)$/;
  expect([...words].filter((word) => !own.test(word))).toEqual([]);
  expect(made.text).not.toMatch(/['"`]/);
});
