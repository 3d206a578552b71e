import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { compile } from './compile.ts';
import { slice } from './slice.ts';
import type { CimReport, CimSlice } from './types.ts';

async function compiled(choices: Partial<CimSlice>): Promise<CimReport> {
  const result = await compile({ ...slice.defaults, ...choices }, inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

async function problemsOf(choices: Partial<CimSlice>) {
  const result = await compile({ ...slice.defaults, ...choices }, inlineJob());
  if (result.ok) throw new Error('It compiled.');
  return result.problems;
}

describe('the report', () => {
  it('has the design’s own plan first, and how often it is as fast as each other', async () => {
    const { figures, plans } = await compiled({ model: 'vgg8' });
    expect(plans[0]!.id).toBe('improved');
    expect(figures.cycles).toBe(plans[0]!.totals.cycles);
    const by = (id: string) => plans.find((plan) => plan.id === id)!.totals.cycles;
    expect(figures.baselineCycles).toMatchObject({
      computeOnly: by('compute-only'),
      cimMlc: by('cim-mlc-like'),
      published: by('published'),
    });
    expect(figures.speedup!.computeOnly).toBe(by('compute-only') / figures.cycles);
    const shares = figures.computeSharePercent + figures.reloadSharePercent + figures.writeBackSharePercent;
    expect(shares + figures.switchSharePercent).toBeCloseTo(100, 9);
  });

  it('runs nothing beside the design’s own plan unless asked to', async () => {
    const { figures, plans } = await compiled({ model: 'vgg8', baselines: false });
    expect(plans.map(({ id }) => id)).toEqual(['improved']);
    expect(figures.speedup).toBeUndefined();
  });

  it('has the plan by hand first, and the compiler’s own to set it against', async () => {
    const free = await compiled({ model: 'vgg8' });
    const report = await compiled({ model: 'vgg8', cuts: ['stage1/conv1'] }).catch((error: Error) => error.message);
    // Everything after the first convolution does not fit at once.
    expect(report).toContain('cim.');
    const names = free.problem.operators.map(({ name }) => name);
    const alone = await compiled({ model: 'vgg8', cuts: names.slice(0, -1) });
    expect(alone.plans.slice(0, 2).map(({ id }) => id)).toEqual(['by-hand', 'improved']);
    expect(alone.plans[0]!.segments).toHaveLength(names.length);
    expect(alone.figures.cycles).toBeGreaterThan(free.figures.cycles);
    // The compiler’s own cuts, made by hand, cost what they cost it.
    const own = free.plans[0]!.segments.map(({ operators }) => names[operators.at(-1)!]!);
    const same = await compiled({ model: 'vgg8', cuts: own.slice(0, -1) });
    expect(same.figures.cycles).toBeCloseTo(free.figures.cycles, 6);
  });

  it('counts a folded block as often as it is there', async () => {
    const folded = await compiled({ model: 'bert-base', blocks: 'folded', baselines: false });
    const one = await compiled({ model: 'bert-base', blocks: 'one', baselines: false });
    expect(folded.problem.sections.map(({ times }) => times)).toContain(12);
    expect(folded.figures.macs / one.figures.macs).toBeGreaterThan(11.9);
    expect(folded.figures.cycles / one.figures.cycles).toBeGreaterThan(11);
  });

  it('says what it rests on, and prints no number of a paper as its own', async () => {
    const { assumptions, provenance } = await compiled({ model: 'vgg8' });
    expect(assumptions.length).toBeGreaterThan(5);
    expect(assumptions.every(({ reason }) => reason.length > 10)).toBe(true);
    expect(Object.values(provenance)).not.toContain('claimed');
  });

  it('is the same each time', async () => {
    const [a, b] = [await compiled({ model: 'resnet18' }), await compiled({ model: 'resnet18' })];
    expect({ ...a, measured: undefined }).toEqual({ ...b, measured: undefined });
  });
});

describe('what cannot be compiled says why', () => {
  it.each([
    [{ hardware: 'dynaplasma' }, 'Did you mean "dynaplasia"?'],
    [{ hardware: { base: 'dynaplasia', mainBytesPerCycle: 0, array: { memoryBytesPerCycle: 0 } } }, 'andwidth'],
    [{ hardware: { base: 'dynaplasia', arrays: 0 } }, 'Arrays'],
    [{ cuts: ['stage1/conv9'] }, 'stage1/conv9'],
    [{ model: 'vgg17' }, 'vgg16'],
  ] as [Partial<CimSlice>, string][])('%o', async (choices, word) => {
    const [problem] = await problemsOf({ model: 'vgg16', ...choices });
    expect(`${problem!.what} ${problem!.remedy}`).toContain(word);
    expect(problem!.remedy).toBeTruthy();
  });
});
