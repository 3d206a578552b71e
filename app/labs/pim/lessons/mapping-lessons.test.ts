import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import { createRegistry, type DesignDocument, restoreStrict } from '../../../../engines/document/index.ts';
import { compile } from '../../../../engines/pim/compile.ts';
import { slice } from '../../../../engines/pim/slice.ts';
import type { PimReport, PimSlice } from '../../../../engines/pim/types.ts';
import { isRight } from '../../../lessons/answer.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { withChoices } from './context.ts';
import { replicateLesson } from './replicate.ts';
import { throughputLatencyLesson } from './throughput-latency.ts';

const reports = new Map<string, Promise<PimReport>>();

async function compiled(document: DesignDocument): Promise<PimReport> {
  const result = await compile(document.slices.pim as PimSlice, inlineJob({ seed: document.seed }));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** The context of a design after the real engine has run on it; equal designs are compiled once. */
async function run(document: DesignDocument): Promise<LessonContext & { report: PimReport }> {
  const key = JSON.stringify(document.slices);
  const report = reports.get(key) ?? compiled(document);
  reports.set(key, report);
  return { document, report: await report };
}

function pin(document: DesignDocument): DesignDocument {
  return { ...document, view: { ...document.view, pinned: { label: '', slices: document.slices } } };
}

/** What a student who thinks would answer, where it can be known beforehand; 'any' where it must be read off. */
const ANSWERS: Record<string, (string | number | undefined)[]> = {
  replicate: [
    28 * 28,
    'conv1', // most pixels
    'fc1', // 400 rows: four slices of 128
    'conv2', // 100 windows against 784 / 8
    undefined,
    1, // no more than windows
    784 + 2 * 100 + 4 + 1 + 1, // conv2 and fc1 need two and four slices of rows
    undefined,
  ],
  'throughput-latency': ['stage1/conv1', 'any', 'Yes, long before', 'any', 'any', 'any', undefined],
};

describe.each([replicateLesson, throughputLatencyLesson])('$title', (lesson) => {
  it('starts from a sound design, and every change leaves one', async () => {
    const registry = createRegistry();
    registry.register(slice);
    for (const document of [await lesson.start(), ...(await designs(lesson))]) {
      expect(restoreStrict(document, registry)).toEqual({ ok: true, value: expect.anything() });
    }
  });

  it('answers every question by the engine, as on paper, and says so', async () => {
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
      if (expected[at] === 'any') expect(answer, title).toBeGreaterThan(0);
      else expect(answer, title).toBe(expected[at]);
      if (question.choices) expect(question.choices.filter((choice) => choice === answer)).toHaveLength(1);
      const words = question.explain(context);
      expect(words, title).toMatch(/^[A-Z0-9].*\.$/);
      expect(words, title).not.toMatch(/undefined|NaN|not compiled/);
    }
  });

  it('has no answer before the compiler has, nor from the design of an earlier step', async () => {
    const documents = await designs(lesson);
    for (const [at, step] of lesson.steps.entries()) {
      const document = documents[at]!;
      expect(step.question?.answer({ document }), step.title).toBeUndefined();
      expect(step.done?.({ document }) ?? false, step.title).toBe(false);
      if (!step.change || !step.question || at === 0) continue;
      const { report } = await run(documents[at - 1]!);
      expect(step.question.answer({ document, report }), step.title).toBeUndefined();
    }
  });
});

describe('what is done by hand', () => {
  it('counts when the cycle is short enough', async () => {
    const at = replicateLesson.steps.findIndex(({ title }) => title === 'Balance by hand');
    const step = replicateLesson.steps[at]!;
    const document = (await designs(replicateLesson))[at]!;
    const tried = async (replicas: Record<string, number>) =>
      step.done?.(await run(withChoices(document, { replicas })));
    expect(await tried({ conv1: 40 })).toBe(false);
    expect(await tried({ conv1: 32, conv2: 4 })).toBe(true);
  });

  it('counts once a pinned result is compared with', async () => {
    const last = replicateLesson.steps.at(-1)!;
    const balanced = (await designs(replicateLesson)).at(-1)!;
    const uniform = withChoices(balanced, { replication: 'uniform' });
    expect(last.done?.(await run(uniform))).toBe(false);
    expect(last.done?.(await run(withChoices(pin(balanced), { replication: 'uniform' })))).toBe(true);
  });

  it('counts when two goals stand beside each other', async () => {
    const last = throughputLatencyLesson.steps.at(-1)!;
    const document = (await designs(throughputLatencyLesson)).at(-1)!;
    const latency = withChoices(pin(document), { mode: 'latency' });
    expect(last.done?.(await run(latency))).toBe(true);
    expect(last.done?.(await run(withChoices(document, { mode: 'latency' })))).toBe(false);
  });
});

describe('a number that is read off', () => {
  it('is right when it is rounded as the screen rounds it', async () => {
    const documents = await designs(throughputLatencyLesson);
    const step = throughputLatencyLesson.steps[3]!;
    const answer = step.question!.answer(await run(documents[3]!)) as number;
    expect(isRight(String(Number(answer.toPrecision(3))), answer)).toBe(true);
  });
});
