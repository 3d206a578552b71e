import { describe, expect, it } from 'vitest';
import { assumptionsOf } from './assumptions.ts';
import { CHOSEN_RULES } from './assumptions-rules.ts';
import { prepare } from './prepare.ts';
import { PRESETS } from './presets/index.ts';
import { STUDY_RULES } from './rules.ts';
import { slice } from './slice.ts';
import type { CimSlice } from './types.ts';

async function assumed(choices: Partial<CimSlice>) {
  const design = { ...slice.defaults, ...choices };
  const prepared = await prepare(design, { source: async () => undefined });
  if (!prepared.ok) throw new Error(prepared.problems[0]!.what);
  return assumptionsOf(design, prepared.value.problem);
}

const ids = (list: { id: string }[]) => list.map(({ id }) => id);
const gpt = { model: 'gpt2', sequence: 4, batch: 1 } as const;

describe('what a report rests on', () => {
  it.each(Object.keys(PRESETS))('names every constant of %s that is ours, with its value and reason', async (id) => {
    const list = await assumed({ model: 'lenet5', hardware: id });
    const { constants } = PRESETS[id]!;
    for (const { path, source, reason } of constants) {
      const found = list.find((each) => each.id === `chip.${path}`);
      if (source !== 'ours' || path === 'grid.columns') expect(found).toBeUndefined();
      else expect(found).toMatchObject({ reason, source: 'ours' });
      if (found) expect(found.value).toBeTruthy();
    }
    expect(new Set(ids(list)).size).toBe(list.length);
    for (const { what, reason } of list) expect(`${what} ${reason}`).toMatch(/\.$/);
  });

  it('says what the design changed, and from what', async () => {
    const list = await assumed({
      model: 'lenet5',
      hardware: { base: 'dynaplasia', mainBytesPerCycle: 84, arrays: 48 },
    });
    expect(list.find(({ id }) => id === 'chip.mainBytesPerCycle')).toMatchObject({
      value: '84 B/cycle',
      reason: 'The preset "DynaPlasia" has 44 B/cycle.',
    });
    // Even what a paper gives is ours once it is changed.
    expect(list.find(({ id }) => id === 'chip.arrays')).toMatchObject({ value: '48', source: 'ours' });
  });

  it('follows the rules in force', async () => {
    const said = async (rules: Partial<CimSlice['rules']>, model: Partial<CimSlice> = gpt) => {
      const list = await assumed({ ...model, rules: { ...slice.defaults.rules, ...rules } });
      return new Map(list.map(({ id, what }) => [id, what]));
    };
    const plain = await said({});
    const study = await said(STUDY_RULES);
    for (const id of ['rule.writeBack', 'rule.sharing', 'rule.dynamicInSegment', 'rule.attention']) {
      expect([id, plain.has(id), study.has(id)]).toEqual([id, true, true]);
      expect(plain.get(id)).not.toBe(study.get(id));
    }
    expect((await said({ reload: 'bytes' })).get('rule.reload')).not.toBe(plain.get('rule.reload'));
    expect((await said({ inPlace: true })).has('rule.inPlace')).toBe(true);
    expect(plain.has('rule.inPlace')).toBe(false);
    // A rule that has nothing to bear on is not spoken of.
    const cnn = await said({ inPlace: true }, { model: 'lenet5' });
    expect([...cnn.keys()].filter((id) => /inPlace|dynamic|attention|depthwise/.test(id))).toEqual([]);
    expect((await said({}, { model: 'mobilenet-v2' })).has('rule.depthwise')).toBe(true);
  });

  it('has one text for each value of each rule, and never two at once', () => {
    const values = {
      reload: ['largest', 'bytes'],
      writeBack: ['kept', 'held'],
      sharing: [true, false],
      depthwise: ['packed', 'as-dense'],
      attention: ['per-head', 'one-head'],
      dynamicInSegment: [true, false],
    } as const;
    const operators = [{ kind: 'depthwise' }, { kind: 'matmul', dynamic: true }] as never;
    for (const [name, options] of Object.entries(values)) {
      for (const value of options) {
        const rules = { ...slice.defaults.rules, [name]: value };
        const found = CHOSEN_RULES.filter(({ id, holds }) => id === `rule.${name}` && holds(rules, operators));
        expect([name, value, found.length]).toEqual([name, value, 1]);
      }
    }
  });

  it('speaks of splitting, folding, caches, batches and baselines only where they are', async () => {
    const small = ids(await assumed({ model: 'lenet5', baselines: false }));
    for (const id of ['splitting', 'partial-sums', 'folded', 'batch', 'baselines', 'residual', 'cache-outside']) {
      expect(small).not.toContain(id);
    }
    expect(small).toEqual(expect.arrayContaining(['vector-unit', 'starting-mode', 'read-back', 'duplication']));
    const large = await assumed({ ...gpt, phase: 'decode', batch: 2 });
    expect(ids(large)).toEqual(
      expect.arrayContaining([
        'splitting',
        'folded',
        'batch',
        'baselines',
        'residual',
        'cache-outside',
        'published-one-sample',
      ]),
    );
    expect(large.find(({ id }) => id === 'folded')!.value).toBe('12 x layer0');
    expect(ids(await assumed({ model: 'vgg16' }))).toContain('partial-sums');
    expect(ids(await assumed({ ...gpt, blocks: 'one' }))).toContain('one-block');
  });
});
