import { describe, expect, it } from 'vitest';
import { slice } from '../../../engines/bfp/slice.ts';
import type { Plan } from '../../../engines/onnx/run/types.ts';
import { parseFormat } from '../../../engines/tensor/formats/text.ts';
import type { NumberFormat } from '../../../engines/tensor/formats/types.ts';
import { choiceOf, planOf, withFound } from './actions.ts';
import { differenceWords } from './readings/difference.ts';
import { bitsOf, FAMILIES, familyOf, inFamily } from './setup/families.ts';
import { resetBfp, useBfp } from './state.ts';

function format(text: string): NumberFormat {
  const parsed = parseFormat(text);
  if (!parsed.ok) throw new Error(parsed.problems[0]?.what);
  return parsed.value;
}

const base = { ...slice.defaults, format: { weights: 'bfp4/16', activations: 'bfp6/16' } };
const found: Plan = {
  conv1: { weights: format('bfp8/16'), inputs: format('bfp6/16') },
  conv2: { weights: format('bfp4/16'), inputs: format('bfp6/16') },
  fc1: { weights: format('bfp4/16'), inputs: format('bfp3/32'), outputs: format('bfp8/16') },
};

describe('a plan in the document', () => {
  it('names what differs from the formats of all layers, and nothing else', () => {
    const plan = planOf(base, found);
    expect(plan).toEqual({ conv1: { weights: 'bfp8/16' }, fc1: { inputs: 'bfp3/32', outputs: 'bfp8/16' } });
    for (const [name, formats] of Object.entries(found)) {
      const own = { ...base, plan };
      expect(choiceOf(own, name, 'weights')).toBe(choiceOf({ ...base, plan: { [name]: formats } }, name, 'weights'));
      expect(choiceOf(own, name, 'inputs')).toBe(choiceOf({ ...base, plan: { [name]: formats } }, name, 'inputs'));
    }
  });

  it('is what the search on the screen found, when one layer of it is changed', () => {
    const searched = { ...base, search: { method: 'exact' as const }, plan: { conv2: { weights: 'bfp9/16' } } };
    expect(withFound(searched)).toEqual({ ...searched, search: null });
    const report = { plan: found } as never;
    useBfp.setState({ result: { report, spec: searched, source: 'live' } });
    expect(withFound(searched)).toEqual({ ...searched, search: null, plan: planOf(base, found) });
    // Of other choices than those of the search, the search says nothing.
    expect(withFound({ ...searched, samples: 7 }).plan).toEqual(searched.plan);
    resetBfp();
  });
});

describe('families of formats', () => {
  it('cost about the same after a change of family, as far as the family goes', () => {
    for (const family of FAMILIES) {
      const changed = inFamily(family, format('bfp6/32'));
      expect(familyOf(changed)).toBe(family);
      if (['bfp', 'block-minifloat', 'mx', 'int', 'gguf'].includes(family)) {
        expect(Math.abs(bitsOf(changed) - bitsOf(format('bfp6/32')))).toBeLessThanOrEqual(1.5);
      }
    }
  });
});

describe('a paired difference in words', () => {
  const of = { of: 2000 };
  const difference = { points: -0.9, lowPoints: -1.49, highPoints: -0.38, test: 'mcnemar' as const, lost: 23, won: 5 };

  it('says which is better, by how much, and whether chance explains it', () => {
    expect(differenceWords({ ...difference, pValue: 0.0009 }, of, 'classes').join(' ')).toMatch(
      /0\.90.points below float32 .*p < 0\.001, more than chance.* 23 samples right only in float32, 5 only/,
    );
    expect(differenceWords({ ...difference, pValue: 0.4 }, of, 'classes').join(' ')).toMatch(/p = 0\.40, chance/);
  });

  it('says so where nothing differs', () => {
    const same = { ...difference, points: 0, lowPoints: 0, highPoints: 0, lost: 0, won: 0, pValue: 1 };
    expect(differenceWords(same, of, 'classes')).toHaveLength(1);
  });
});
