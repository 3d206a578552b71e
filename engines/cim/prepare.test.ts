import { describe, expect, it } from 'vitest';
import { modelOf, prepare } from './prepare.ts';
import { slice } from './slice.ts';
import type { CimSlice } from './types.ts';

const job = { source: async () => undefined };

function prepared(choices: Partial<CimSlice>) {
  return prepare({ ...slice.defaults, ...choices }, job);
}

describe('from a design to its operators', () => {
  it('gives a model the sizes that it has names for', () => {
    const sizes = (choices: Partial<CimSlice>) => modelOf({ ...slice.defaults, sequence: 96, ...choices });
    expect(sizes({ model: 'vgg16' })).toEqual({ zoo: 'vgg16', symbols: {} });
    expect(sizes({ model: 'bert-base' })).toEqual({ zoo: 'bert-base', symbols: { sequence: 96 } });
    expect(sizes({ model: 'gpt2', phase: 'decode' })).toEqual({ zoo: 'gpt2', symbols: { sequence: 1, past: 96 } });
    const own = { zoo: 'gpt2', symbols: { sequence: 7 } };
    expect(sizes({ model: own })).toEqual({ zoo: 'gpt2', symbols: { sequence: 7 } });
  });

  it('prefills all tokens, and decodes one after those before it', async () => {
    const vectors = async (choices: Partial<CimSlice>) => {
      const result = await prepared({ model: 'gpt2', sequence: 32, ...choices });
      if (!result.ok) throw new Error(result.problems[0]!.what);
      const [first] = result.value.problem.operators;
      const scores = result.value.problem.operators.find(({ dynamic }) => dynamic)!;
      return [first!.vectors, scores.columns];
    };
    expect(await vectors({})).toEqual([32, 32]);
    expect(await vectors({ phase: 'decode' })).toEqual([1, 33]);
    expect(await vectors({ phase: 'decode', batch: 8 })).toEqual([8, 33]);
  });

  it('refuses to decode with a model that only reads', async () => {
    expect(await prepared({ model: 'bert-base', phase: 'decode' })).toMatchObject({
      ok: false,
      problems: [{ code: 'cim.no-decode', where: { path: 'slices.cim.phase' } }],
    });
    const cnn = await prepared({ model: 'lenet5', phase: 'decode' });
    expect(cnn).toMatchObject({ ok: true, value: { problems: [{ code: 'cim.no-phase', severity: 'note' }] } });
  });

  it('says what is wrong with model, chip and sizes, and where', async () => {
    const paths = async (choices: Partial<CimSlice>) => {
      const result = await prepared(choices);
      return result.ok ? [] : result.problems.map(({ where }) => where?.path);
    };
    expect(await paths({ model: 'vgg61' })).toEqual(['slices.cim.model']);
    expect(await paths({ hardware: 'nothing-like-it' })).toEqual(['slices.cim.hardware']);
    expect(await paths({ hardware: { base: 'dynaplasia', mainBytesPerCycle: 0 } })).toEqual([
      'slices.cim.hardware.mainBytesPerCycle',
    ]);
    expect(await paths({ hardware: { base: 'dynaplasia', arrays: 1, array: { columns: 4 } } })).toEqual([
      'slices.cim.hardware.arrays',
    ]);
  });

  it('notes a single block asked of a network without', async () => {
    const cnn = await prepared({ model: 'lenet5', blocks: 'one' });
    expect(cnn).toMatchObject({ ok: true, value: { problems: [{ code: 'cim.no-blocks' }] } });
    const bert = await prepared({ model: 'bert-base', blocks: 'one', sequence: 8 });
    expect(bert).toMatchObject({ ok: true, value: { problems: [] } });
  });
});
