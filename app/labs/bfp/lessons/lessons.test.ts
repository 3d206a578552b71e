import { describe, expect, it } from 'vitest';
import { engine } from '../../../../engines/bfp/index.ts';
import { slice } from '../../../../engines/bfp/slice.ts';
import type { BfpReport, BfpSlice } from '../../../../engines/bfp/types.ts';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import { publicFile } from '../../../../engines/core/public-file.fixture.ts';
import { createRegistry, type DesignDocument, restoreStrict } from '../../../../engines/document/index.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { SAMPLES, withChoices, withFormats } from './context.ts';
import { oneExponentLesson } from './one-exponent.ts';
import { spendBitsLesson } from './spend-bits.ts';

const reports = new Map<string, Promise<BfpReport>>();
/** Fewer digits here than in the lesson, and a search with nothing to choose, so that all is asked in seconds. */
const FEW = 40;

async function measured(document: DesignDocument): Promise<BfpReport> {
  const { seed } = document;
  const job = inlineJob({ seed, engines: { bfp: engine }, asset: publicFile });
  const asked = document.slices.bfp as BfpSlice;
  const search = asked.search && { ...asked.search, objective: 'published', mantissaBits: [4], measured: 1 };
  const result = await engine.entries.run!({ ...asked, search, samples: FEW }, job);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** The context of a design after the real engine has run on it; equal designs are measured once. */
async function run(document: DesignDocument): Promise<LessonContext & { report: BfpReport }> {
  const key = JSON.stringify(document.slices);
  const report = reports.get(key) ?? measured(document);
  reports.set(key, report);
  return { document, report: await report };
}

/** What a student who thinks would answer, where it can be known beforehand; 'any' where it must be read off. */
const ANSWERS: Record<string, ('any' | number | undefined)[]> = {
  'one-exponent': [4 + 8 / 16, 'any', 'any', 'any', 'any', 'any', undefined],
  'spend-bits': ['any', 'any', 'any', 'any', 'any', 'any', undefined],
};

describe.each([oneExponentLesson, spendBitsLesson])('$title', (lesson) => {
  it('starts from a sound design, and every change leaves one', async () => {
    const registry = createRegistry();
    registry.register(slice);
    for (const document of [await lesson.start(), ...(await designs(lesson))]) {
      expect(restoreStrict(document, registry)).toEqual({ ok: true, value: expect.anything() });
      expect((document.slices.bfp as BfpSlice).samples).toBe(SAMPLES);
    }
  });

  it('answers every question by the engine, and says so', async () => {
    const documents = await designs(lesson);
    const expected = ANSWERS[lesson.id] ?? [];
    expect(expected).toHaveLength(lesson.steps.length);
    for (const [at, { question, title, done, text }] of lesson.steps.entries()) {
      expect(text.length).toBeLessThanOrEqual(4);
      const context = await run(documents[at]!);
      if (!question) {
        expect(done?.(context), title).toBe(false);
        continue;
      }
      const answer = question.answer(context);
      if (expected[at] !== 'any') expect(answer, title).toBe(expected[at]);
      else if (question.choices) expect(question.choices.filter((choice) => choice === answer)).toHaveLength(1);
      else expect(answer, title).toBeGreaterThanOrEqual(0);
      const words = question.explain(context);
      expect(words, title).toMatch(/^[A-Z0-9].*\.$/);
      expect(words, title).not.toMatch(/undefined|NaN|Infinity|not measured/);
    }
  });

  it('has no answer before the engine has, nor from the design of an earlier step', async () => {
    const documents = await designs(lesson);
    for (const [at, step] of lesson.steps.entries()) {
      const document = documents[at]!;
      expect(step.question?.answer({ document }), step.title).toBeUndefined();
      expect(step.done?.({ document }) ?? false, step.title).toBe(false);
    }
  });
});

describe('what is done by hand', () => {
  it('counts when the weights are cheap and the answers right', async () => {
    const last = oneExponentLesson.steps.at(-1)!;
    const document = (await designs(oneExponentLesson)).at(-1)!;
    const tried = async (weights: string) =>
      last.done?.(await run(withFormats(document, { weights, activations: 'bfp8/16' })));
    expect(await tried('bfp8/16')).toBe(false);
    expect(await tried('bfp2/tensor')).toBe(false);
    expect(await tried('bfp4/32')).toBe(true);
  });

  it('counts once a plan was measured on the test digits', async () => {
    const last = spendBitsLesson.steps.at(-1)!;
    const document = (await designs(spendBitsLesson)).at(-1)!;
    const { report } = await run(document);
    const plan = Object.fromEntries(
      Object.keys(report.plan).map((name) => [name, { weights: 'bfp4/16', inputs: 'bfp4/16' }]),
    );
    const taken = withChoices(document, { plan, search: null });
    expect(last.done?.(await run(taken))).toBe(false);
    expect(last.done?.(await run(withChoices(taken, { set: 'test' })))).toBe(true);
  });
});
