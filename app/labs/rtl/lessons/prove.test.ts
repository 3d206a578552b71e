import { expect, it } from 'vitest';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import { createRegistry, type DesignDocument, restoreStrict } from '../../../../engines/document/index.ts';
import { engine, type ProofReport, type RtlSlice, slice } from '../../../../engines/rtl/index.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { reportForLessons } from './context.ts';
import { proveLesson } from './prove.ts';

/** What a student who thinks would answer, worked out on paper; undefined: the step has no question. */
const ANSWERS = ['equal', 'undecided', 15, undefined, 1, 'equal'];

async function prove(document: DesignDocument): Promise<LessonContext> {
  const result = await engine.entries.prove?.(document.slices.rtl, inlineJob({ engines: { rtl: engine } }));
  if (!result?.ok) throw new Error(JSON.stringify(result?.problems));
  return { document, report: reportForLessons({ proof: result.value as ProofReport }) };
}

it('starts from a sound design of its lab, and every change leaves one', async () => {
  const registry = createRegistry();
  registry.register(slice);
  for (const document of [await proveLesson.start(), ...(await designs(proveLesson))]) {
    expect(restoreStrict(document, registry)).toEqual({ ok: true, value: expect.anything() });
  }
});

it('answers every question by the engine', async () => {
  const documents = await designs(proveLesson);
  expect(ANSWERS).toHaveLength(documents.length);
  for (const [i, { question, title, done }] of proveLesson.steps.entries()) {
    const document = documents[i]!;
    expect(question?.answer({ document }), title).toBeUndefined();
    expect(question?.explain({ document }) ?? 'press Prove', title).toContain('press Prove');
    if (done) {
      expect(done({ document })).toBe(false);
      const rtl = document.slices.rtl as RtlSlice;
      const files = rtl.files.map((file) =>
        'text' in file ? { ...file, text: file.text.replace('count[1];', 'count[1] & count[0];') } : file,
      );
      expect(done(await prove({ ...document, slices: { rtl: { ...rtl, files } } }))).toBe(true);
    }
    if (!question) continue;
    const context = await prove(document);
    expect(question.answer(context), title).toBe(ANSWERS[i]);
    if (question.choices) expect(question.choices).toContain(ANSWERS[i]);
    expect(question.explain(context)).toMatch(/^[A-Z].*\.$/);
    expect(question.explain(context)).not.toMatch(/undefined|NaN|press Prove/);
  }
}, 60_000);
