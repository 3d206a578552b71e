import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import type { DesignDocument } from '../../../../engines/document/index.ts';
import { createRegistry, restoreStrict } from '../../../../engines/document/index.ts';
import { engine, slice } from '../../../../engines/rtl/index.ts';
import type { PpaReport } from '../../../../engines/rtl/types.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { reportForLessons } from './context.ts';
import { slackLesson } from './slack.ts';

async function analyse(document: DesignDocument): Promise<LessonContext> {
  const result = await engine.entries.ppa!(document.slices.rtl, inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { document, report: reportForLessons({ ppa: result.value as PpaReport })! };
}

describe('the lesson on slack', () => {
  it('starts from a sound design, and every change leaves one', async () => {
    const registry = createRegistry();
    registry.register(slice);
    for (const document of [await slackLesson.start(), ...(await designs(slackLesson))]) {
      expect(restoreStrict(document, registry)).toEqual({ ok: true, value: expect.anything() });
    }
  });

  it('answers every question from the analysis of its design, and not before', async () => {
    const documents = await designs(slackLesson);
    const found: (string | number | undefined)[] = [];
    let last: LessonContext | undefined;
    for (const [i, step] of slackLesson.steps.entries()) {
      const document = documents[i]!;
      const question = step.question!;
      expect(question.answer({ document })).toBeUndefined();
      expect(question.explain({ document })).toContain('not there yet');
      last = last && last.document.slices === document.slices ? last : await analyse(document);
      const context = { ...last, document };
      found.push(question.answer(context));
      expect(question.explain(context)).not.toContain('not there yet');
    }
    const [kept, end, fMaxMhz, flipFlops] = found;
    expect(kept).toBe('no');
    expect(end).toBe('y');
    // Of one stage it was below 1,000 MHz, by the first answer.
    expect(fMaxMhz).toBeGreaterThan(0);
    // Inputs, products, result.
    expect(flipFlops).toBe(32 + 32 + 17);
  }, 60_000);

  it('is faster with the stage in between', async () => {
    const documents = await designs(slackLesson);
    const speeds: number[] = [];
    for (const document of [documents[0]!, documents.at(-1)!]) {
      const { report } = await analyse(document);
      speeds.push((report as { ppa?: PpaReport }).ppa?.figures.fMaxMhz ?? 0);
    }
    expect(speeds[0]).toBeLessThan(1000);
    expect(speeds[1]).toBeGreaterThan(1.1 * speeds[0]!);
  }, 60_000);
});
