import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import type { DesignDocument } from '../../../../engines/document/index.ts';
import { createRegistry, restoreStrict } from '../../../../engines/document/index.ts';
import { slice } from '../../../../engines/rtl/index.ts';
import { simulateSpecOf } from '../../../../engines/rtl/simulation.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { engine } from '../../../../engines/verilog/index.ts';
import type { SimulateReport } from '../../../../engines/verilog/types.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { blockingLesson } from './blocking.ts';
import { reportForLessons } from './context.ts';
import { unknownLesson } from './unknown.ts';

async function run(document: DesignDocument): Promise<LessonContext> {
  const result = await engine.entries.simulate!(simulateSpecOf(document.slices.rtl as RtlSlice), inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { document, report: reportForLessons({ simulation: result.value as SimulateReport })! };
}

/** Worked out on paper. */
const ANSWERS: Record<string, (string | number)[]> = {
  // All at once; one a stage; Icarus runs the three processes in the order of their waiting; traded; a | ~a.
  blocking: ['1 1 1', 3, '1 0 0', '1 0 0', '1'],
  // x + 1; the else; the first edge; ~q[0] and q[1] differ for q = 1 and 2 (mod 4); undriven.
  unknown: ['xxxx', '0', 5, 2, 'z'],
};

describe.each([blockingLesson, unknownLesson].map((each) => [each.id, each] as const))('%s', (id, of) => {
  it('starts from a sound design, and every change leaves one', async () => {
    const registry = createRegistry();
    registry.register(slice);
    for (const document of [await of.start(), ...(await designs(of))]) {
      expect(restoreStrict(document, registry)).toEqual({ ok: true, value: expect.anything() });
    }
  });

  it('has 5 to 8 steps, each with a question about the waves', () => {
    expect(of.steps.length).toBeGreaterThanOrEqual(5);
    expect(of.steps.length).toBeLessThanOrEqual(8);
    for (const step of of.steps) {
      expect(step.look).toBe('waves');
      expect(step.question, step.title).toBeDefined();
      expect(step.text.length).toBeLessThanOrEqual(4);
    }
  });

  it('answers every question from the run of its design, and not before', async () => {
    const documents = await designs(of);
    const found: unknown[] = [];
    for (const [i, step] of of.steps.entries()) {
      const question = step.question!;
      const document = documents[i]!;
      expect(question.answer({ document })).toBeUndefined();
      expect(question.explain({ document })).toContain('has not run');
      const context = await run(document);
      const answer = question.answer(context);
      found.push(answer);
      if (question.choices) expect(question.choices, step.title).toContain(answer);
      expect(question.explain(context)).toContain(String(answer));
      expect(question.explain(context)).not.toMatch(/undefined|NaN/);
    }
    expect(found).toEqual(ANSWERS[id]);
  });
});
