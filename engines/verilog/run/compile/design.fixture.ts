/** Small designs made of random statements, without source text. */
import fc from 'fast-check';
import type * as ir from '../../ir/types.ts';
import { layOut } from '../layout.ts';
import { planNets } from '../nets.ts';
import { shapeOf, Waits } from '../processes.ts';
import { Runtime } from '../runtime.ts';
import type { SimSpec } from '../types.ts';
import { expressions, type Variable, vector } from './expression.fixture.ts';

const at: ir.At = { file: 'a.v', line: 1, column: 1 };
const number = (value: number, width = 32, signed = true): ir.Expr => ({
  op: 'const',
  type: vector(width, signed),
  value: { kind: 'vector', width, signed, a: BigInt.asUintN(width, BigInt(value)), b: 0n },
});

/** Signals 0.. are the variables, then a memory of 5 words for every second of them. */
export function signalsOf(known: readonly Variable[], clock: boolean): ir.Signal[] {
  const make = (id: number, type: ir.IrType): ir.Signal => ({
    id,
    name: `s${id}`,
    scope: 0,
    at,
    kind: 'variable',
    type,
    packed: [],
    word: 'reg',
    automatic: false,
  });
  const list = known.map((it, id) => make(id, vector(it.width, it.signed, it.fourState)));
  for (const it of known) {
    list.push(
      make(list.length, {
        kind: 'array',
        element: vector(it.width, it.signed, it.fourState),
        dims: [{ left: 0, right: 4 }],
        count: 5,
      }),
    );
  }
  if (clock) list.push(make(list.length, vector(1)));
  return list;
}

const assigned = (known: readonly Variable[]): fc.Arbitrary<ir.Stmt> => {
  const index = fc.oneof(
    fc.integer({ min: -1, max: 6 }).map((it) => number(it)),
    expressions(known, vector(3), 1),
    expressions(known, vector(4, true), 1),
  );
  const simple: fc.Arbitrary<ir.LValue> = fc
    .tuple(fc.nat({ max: known.length - 1 }), fc.nat({ max: 4 }), index, fc.integer({ min: 1, max: 40 }), index)
    .map(([signal, shape, element, partWidth, offset]): ir.LValue => {
      const it = known[signal]!;
      const indices = shape === 1 || shape === 4 ? [{ value: element, size: 5 }] : undefined;
      const part = shape >= 2 && shape !== 4 ? { offset, width: Math.min(partWidth, it.width) } : undefined;
      const part4 = shape === 4 ? { offset, width: Math.min(partWidth, it.width) } : part;
      return {
        kind: 'signal',
        signal: indices ? known.length + signal : signal,
        indices,
        part: part4,
        type: part4 ? vector(part4.width, false, it.fourState) : vector(it.width, it.signed, it.fourState),
      };
    });
  const target: fc.Arbitrary<ir.LValue> = fc.oneof(
    { weight: 5, arbitrary: simple },
    {
      weight: 1,
      arbitrary: fc.tuple(simple, simple).map((parts): ir.LValue => {
        const width = parts.reduce((sum, it) => sum + (it.type as ir.VectorType).width, 0);
        const four = parts.every((it) => (it.type as ir.VectorType).fourState);
        return { kind: 'concat', parts, type: vector(width, false, four) };
      }),
    },
  );
  return target.chain((to) =>
    fc
      .tuple(withMemory(known, to.type as ir.VectorType), fc.boolean())
      .map(([value, later]): ir.Stmt => ({ op: later ? 'nonblocking' : 'assign', at, target: to, value })),
  );
};

/** An expression, in which memories may be read. */
const withMemory = (known: readonly Variable[], type: ir.VectorType): fc.Arbitrary<ir.Expr> =>
  fc.oneof(
    { weight: 3, arbitrary: expressions(known, type, 2) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat({ max: known.length - 1 }), expressions(known, vector(3), 1))
        .map(([signal, value]): ir.Expr => {
          const it = known[signal]!;
          return {
            op: 'resize',
            type,
            operand: {
              op: 'element',
              signal: known.length + signal,
              indices: [{ value, size: 5 }],
              type: vector(it.width, it.signed, it.fourState),
            },
          };
        }),
    },
  );

export function statements(known: readonly Variable[], depth: number): fc.Arbitrary<ir.Stmt> {
  if (depth === 0) return assigned(known);
  const sub = statements(known, depth - 1);
  const condition = fc.integer({ min: 1, max: 40 }).chain((width) => withMemory(known, vector(width)));
  return fc.oneof(
    assigned(known),
    fc.array(sub, { minLength: 1, maxLength: 4 }).map((body): ir.Stmt => ({ op: 'block', at, body })),
    fc.tuple(condition, sub, fc.option(sub, { nil: undefined })).map(
      ([test, yes, no]): ir.Stmt => ({
        op: 'if',
        at,
        condition: test,
        // biome-ignore lint/suspicious/noThenProperty: the IR calls it so
        then: yes,
        else: no,
      }),
    ),
    fc
      .tuple(fc.constantFrom('ceq' as const, 'casez-eq' as const, 'casex-eq' as const), fc.integer({ min: 1, max: 40 }))
      .chain(([match, width]) =>
        fc
          .tuple(
            withMemory(known, vector(width)),
            fc.array(fc.tuple(fc.array(expressions(known, vector(width), 0), { minLength: 1, maxLength: 2 }), sub), {
              maxLength: 3,
            }),
            fc.option(sub, { nil: undefined }),
          )
          .map(
            ([subject, items, otherwise]): ir.Stmt => ({
              op: 'case',
              at,
              match,
              subject,
              items: items.map(([labels, body]) => ({
                labels: labels.map((value) => ({ kind: 'value' as const, value })),
                body,
              })),
              default: otherwise,
            }),
          ),
      ),
    fc
      .tuple(fc.integer({ min: 0, max: 4 }), sub)
      .map(([times, body]): ir.Stmt => ({ op: 'repeat', at, count: number(times), body })),
  );
}

export const always = (body: ir.Stmt, items: ir.EventItem[]): ir.Process => ({
  kind: 'always',
  scope: 0,
  at,
  body: { op: 'wait-event', at, items, body },
});

export function designOf(signals: ir.Signal[], processes: ir.Process[]): ir.Design {
  return {
    scopes: [
      {
        id: 0,
        name: 'top',
        kind: 'module',
        at,
        unit: -9,
        precision: -9,
        children: [],
        signals: signals.map((it) => it.id),
        parameters: [],
      },
    ],
    tops: [0],
    signals,
    enums: [],
    structs: [],
    subprograms: [],
    processes,
    assigns: [],
    gates: [],
    switches: [],
    udps: [],
    udpInstances: [],
    links: [],
    paths: [],
    precision: -9,
  };
}

export function runtimeOf(design: ir.Design) {
  const plan = planNets(design);
  const layout = layOut(design, plan.canon, 1e8);
  if (!layout.ok) throw new Error('no layout');
  const spec = {
    limits: { stepEvents: 100000, memoryBytes: 1e8, outputChars: 1e6, waveBytes: 1e6 },
  } as unknown as SimSpec;
  const runtime = new Runtime(
    design,
    spec,
    layout.value,
    { files: { read: () => undefined, write: () => {} }, print: () => {} },
    100,
  );
  const waits = new Waits(design);
  const shapes = design.processes.map((process) => shapeOf(process, waits));
  return { runtime, plan, waits, shapes };
}
