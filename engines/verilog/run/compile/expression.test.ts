import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../../ir/words.ts';
import { toBits } from '../value/vector.ts';
import { Context, type Surroundings } from './context.ts';
import { expressions, reference, type Variable, variables, vecOf, vector } from './expression.fixture.ts';
import { emit } from './expression.ts';
import { helpers } from './runtime.ts';

/** Writes the expression, runs it on the variables, and hands back its bits; undefined: it speculated in vain. */
function run(e: Parameters<typeof emit>[0], known: readonly Variable[], speculate: boolean): string | undefined {
  const memory: number[] = [];
  const offsets: number[] = [];
  for (const it of known) {
    offsets.push(memory.length);
    const v = vecOf(it);
    memory.push(...v.a, ...v.b);
  }
  let names = 0;
  let scratch = 0;
  const env: Surroundings = {
    place: (signal) => ({
      kind: 'words',
      offset: offsets[signal]!,
      plane: known[signal]!.fourState ? wordsOf(known[signal]!.width) : 0,
    }),
    canon: (signal) => signal,
    width: (signal) => known[signal]!.width,
    fourState: (signal) => known[signal]!.fourState,
    scratch: (words) => {
      scratch += words;
      return scratch - words;
    },
    fresh: () => `v${names++}`,
    subprogram: () => {
      throw new Error('none');
    },
  };
  const c = new Context(env, new Set());
  if (speculate) c.gather = 'u';
  const value = c.bindAll(emit(e, c));
  const text = `let u = 0;\n${c.lines.join('\n')}\nreturn u !== 0 ? undefined : [[${value.words.map((w) => w.a).join(', ')}], [${value.words.map((w) => w.b).join(', ')}]];`;
  const make = new Function('M', 'T', ...Object.keys(helpers), text);
  const out = make(Int32Array.from(memory), new Int32Array(scratch + 1), ...Object.values(helpers)) as
    | [number[], number[]]
    | undefined;
  if (out === undefined) return undefined;
  for (const word of out.flat()) expect(Object.is(word | 0, word) || word === 0).toBe(true);
  return toBits({ width: value.width, a: Int32Array.from(out[0]), b: Int32Array.from(out[1]) });
}

const cases = fc
  .tuple(variables, fc.integer({ min: 1, max: 100 }), fc.boolean(), fc.integer({ min: 1, max: 3 }))
  .chain(([known, width, signed, depth]) =>
    fc.tuple(fc.constant(known), expressions(known, vector(width, signed), depth)),
  );

function mayLose(e: unknown): boolean {
  if (typeof e !== 'object' || e === null) return false;
  const it = e as Record<string, unknown>;
  if (it.op === 'select' || it.operator === 'div' || it.operator === 'mod' || it.op === 'const') return true;
  return Object.values(it).some(mayLose);
}

test('written expressions are worth what the value library says', () => {
  fc.assert(
    fc.property(cases, ([known, e]) => {
      expect(run(e, known, false)).toBe(toBits(reference(e, known.map(vecOf))));
    }),
    { numRuns: 400 },
  );
});

test('what speculates on known values is right or says that it was in vain', () => {
  fc.assert(
    fc.property(cases, ([known, e]) => {
      const bits = run(e, known, true);
      if (bits !== undefined) expect(bits).toBe(toBits(reference(e, known.map(vecOf))));
      // Nothing that is known through and through can be doubted, but for a place outside or a division by zero.
      else if (known.every((it) => it.b === 0n)) expect(mayLose(e)).toBe(true);
    }),
    { numRuns: 400 },
  );
});
