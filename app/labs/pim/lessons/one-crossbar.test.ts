import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import { createRegistry, type DesignDocument, restoreStrict } from '../../../../engines/document/index.ts';
import { crossbar } from '../../../../engines/pim/crossbar/index.ts';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { slice } from '../../../../engines/pim/slice.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { oneCrossbarLesson as lesson } from './one-crossbar.ts';

async function run(document: DesignDocument): Promise<LessonContext & { report: CrossbarReport }> {
  const result = await crossbar((document.slices.pim as PimSlice).crossbar, inlineJob({ seed: document.seed }));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { document, report: result.value };
}

function edit(document: DesignDocument, change: Partial<CrossbarSpec>): DesignDocument {
  const pim = document.slices.pim as PimSlice;
  return { ...document, slices: { pim: { ...pim, crossbar: { ...pim.crossbar, ...change } } } };
}

/** Worked out on paper; undefined: the step has no question. */
const ANSWERS = [
  8, // half of 16 levels
  3, // 12, 11 and 9 have the bit of 8
  12 + 15 + 14, // levels of 4, 7, 6 in column 3
  (41 - 8 * 3) * 8,
  4, // 60 / 15
  undefined,
  'The column farthest from the drivers',
  undefined,
];

describe('one crossbar, sixteen cells', () => {
  it('starts from a sound design, and every change leaves one', async () => {
    const registry = createRegistry();
    registry.register(slice);
    for (const document of [await lesson.start(), ...(await designs(lesson))]) {
      expect(restoreStrict(document, registry)).toEqual({ ok: true, value: expect.anything() });
    }
  });

  it('answers every question by the engine, as on paper', async () => {
    const documents = await designs(lesson);
    expect(ANSWERS).toHaveLength(lesson.steps.length);
    for (const [at, { question, title, done }] of lesson.steps.entries()) {
      const context = await run(documents[at]!);
      expect(question?.answer(context), title).toBe(ANSWERS[at]);
      if (!question) {
        expect(done?.(context), title).toBe(false);
        continue;
      }
      const words = question.explain(context);
      expect(words, title).toMatch(/^[(A-Z0-9].*\.$/);
      expect(words).not.toMatch(/undefined|NaN|not computed/);
      if (question.choices) expect(question.choices).toContain(ANSWERS[at]);
    }
  });

  it('has no answer before the product is there, nor from that of an earlier design', async () => {
    const documents = await designs(lesson);
    const other = await run(edit(documents[0]!, { rows: 5 }));
    for (const [at, { question, done, title }] of lesson.steps.entries()) {
      for (const report of [undefined, other.report]) {
        const context = { document: documents[at]!, report };
        expect(question?.answer(context), title).toBeUndefined();
        expect(question?.explain(context) ?? 'not computed').toContain('not computed');
        expect(done?.(context) ?? false, title).toBe(false);
      }
    }
  });

  it('is done with just enough bits, and not with more', async () => {
    const documents = await designs(lesson);
    const done = async (adcBits: number) => lesson.steps[5]!.done?.(await run(edit(documents[5]!, { adcBits })));
    expect([await done(5), await done(6), await done(7), await done(8)]).toEqual([false, true, false, false]);
  });

  it('can be bettered by less conductance, and not by taking the wires away', async () => {
    const documents = await designs(lesson);
    const done = async (change: Partial<CrossbarSpec>) =>
      lesson.steps[7]!.done?.(await run(edit(documents[7]!, change)));
    expect(await done({ gMaxUs: 20, gMinUs: 0.5 })).toBe(true);
    expect(await done({ wireOhm: 0 })).toBe(false);
    expect(await done({ rows: 4 })).toBe(false);
    expect(await done({ gMaxUs: 90 })).toBe(false);
  });

  it('says truly what the largest sum and the best conducting cell are', async () => {
    const documents = await designs(lesson);
    expect((await run(documents[4]!)).report.converter).toMatchObject({ largestSum: 60, mostCode: 15 });
    expect((documents[6]!.slices.pim as PimSlice).crossbar.gMaxUs).toBe(100);
  });
});
