import { describe, expect, it } from 'vitest';
import { compile } from '../../../../engines/cim/compile.ts';
import { slice } from '../../../../engines/cim/slice.ts';
import type { CimReport, CimSlice } from '../../../../engines/cim/types.ts';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import { createRegistry, type DesignDocument, restoreStrict } from '../../../../engines/document/index.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { withChoices } from './context.ts';
import { memoryOrComputeLesson } from './memory-or-compute.ts';
import { segmentVggLesson } from './segment-vgg.ts';

async function run(document: DesignDocument): Promise<LessonContext & { report: CimReport }> {
  const result = await compile(document.slices.cim as CimSlice, inlineJob({ seed: document.seed }));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { document, report: result.value };
}

/** What a student who thinks would answer, where it can be known beforehand; 'any' where it must be read off. */
const ANSWERS: Record<string, (string | number | undefined)[]> = {
  'memory-or-compute': ['feeding', 'any', 'any', 'Reloading weights', undefined, undefined],
  // 4,608 rows are 15 tiles, 512 outputs of 8 columns 13: 195 arrays; 4 + 16 + 28 fit, 56 more do not.
  'segment-vgg': [3, undefined, 'stage2/conv2', undefined, 'any', 4],
};

describe.each([memoryOrComputeLesson, segmentVggLesson])('$title', (lesson) => {
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
      expect(question?.answer({ document: documents[at]! }), title).toBeUndefined();
      const context = await run(documents[at]!);
      if (!question) {
        expect(done?.(context), title).toBe(false);
        continue;
      }
      const answer = question.answer(context);
      if (expected[at] === 'any') expect(answer, title).toBeGreaterThanOrEqual(0);
      else expect(answer, title).toBe(expected[at]);
      if (question.choices) expect(question.choices.filter((choice) => choice === answer)).toHaveLength(1);
      const words = question.explain(context);
      expect(words, title).toMatch(/^[A-Z0-9].*\.$/);
      expect(words, title).not.toMatch(/undefined|NaN|not compiled/);
    }
  });
});

describe('what is done by hand', () => {
  it('counts when two products are joined, and when the cuts are nearly as good as the compiler’s', async () => {
    const [, joined, , near] = segmentVggLesson.steps;
    const document = await segmentVggLesson.start();
    const cuts = (document.slices.cim as CimSlice).cuts!;
    const tried = (left: string[]) => run(withChoices(document, { cuts: left }));
    expect(joined!.done?.(await tried(cuts.slice(1)))).toBe(true);
    expect(near!.done?.(await tried(cuts.slice(1)))).toBe(false);
    expect(near!.done?.(await tried(cuts.slice(2)))).toBe(true);
  });

  it('counts when the batch makes memory worth a tenth, and the constants undo it', async () => {
    const at = memoryOrComputeLesson.steps.findIndex(({ title }) => title === 'Use each weight more often');
    const [raise, undo] = memoryOrComputeLesson.steps.slice(at);
    const document = (await designs(memoryOrComputeLesson))[at]!;
    const batched = withChoices(document, { batch: 64 });
    expect(raise!.done?.(await run(withChoices(document, { batch: 2 })))).toBe(false);
    expect(raise!.done?.(await run(batched))).toBe(true);
    expect(undo!.done?.(await run(batched))).toBe(false);
    const slow = withChoices(batched, {
      hardware: { base: 'dynaplasia', mainBytesPerCycle: 640, array: { writeCycles: 3200 } },
    });
    expect(undo!.done?.(await run(slow))).toBe(true);
  });
});
