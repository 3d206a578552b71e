import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../../../engines/core/inline-job.ts';
import type { DesignDocument } from '../../../../engines/document/index.ts';
import { createRegistry, restoreStrict } from '../../../../engines/document/index.ts';
import { engine, type RtlReport, type RtlSlice, slice } from '../../../../engines/rtl/index.ts';
import { designs } from '../../../lessons/designs.fixture.ts';
import type { Lesson, LessonContext, LessonStep } from '../../../lessons/types.ts';
import { lessons } from './index.ts';

const job = inlineJob();

const reports = new Map<string, RtlReport>();

/** The context of a design after the real engine has run on it. */
async function run(document: DesignDocument): Promise<LessonContext & { report: RtlReport }> {
  const key = JSON.stringify(document.slices);
  let report = reports.get(key);
  if (!report) {
    const result = await engine.entries.synthesise?.(document.slices.rtl, job);
    if (!result?.ok) throw new Error(JSON.stringify(result?.problems));
    report = result.value as RtlReport;
    reports.set(key, report);
  }
  return { document, report };
}

function lesson(id: string): Lesson {
  const found = lessons.find((each) => each.id === id);
  if (!found) throw new Error(`There is no lesson ${id}.`);
  return found;
}

function text(document: DesignDocument): string {
  const [file] = (document.slices.rtl as RtlSlice).files;
  return file && 'text' in file ? file.text : '';
}

function edit(document: DesignDocument, from: string, to: string): DesignDocument {
  expect(text(document)).toContain(from);
  const [file] = (document.slices.rtl as RtlSlice).files as [{ path: string; text: string }];
  const edited = { ...(document.slices.rtl as RtlSlice), files: [{ ...file, text: file.text.replace(from, to) }] };
  return { ...document, slices: { rtl: edited } };
}

/** What a student who thinks would answer, worked out on paper; undefined: the step has no question. */
const ANSWERS: Record<string, (string | number | undefined)[]> = {
  gates: [
    5, // three & and two |
    'As many gates as operators',
    undefined,
    32, // (2 + 2) x 8
    'More than 8 gates',
    9, // bits of y
    9, // bits of y
    undefined,
  ],
  'line-cost': [
    'sum = c + d',
    'sum = c + d',
    0,
    undefined,
    'More than five sums',
    'Something like one sum',
    2,
    undefined,
  ],
};

const ofGates = lessons.filter(({ id }) => id in ANSWERS);

describe.each(ofGates.map((each) => [each.id, each] as const))('%s', (id, of) => {
  it('starts from a sound design of its lab, and every change leaves one', async () => {
    const registry = createRegistry();
    registry.register(slice);
    for (const document of [await of.start(), ...(await designs(of))]) {
      expect(document.lab).toBe(of.lab);
      expect(restoreStrict(document, registry)).toEqual({ ok: true, value: expect.anything() });
    }
  });

  it('has 5 to 8 steps, each with something to do and a place to look at', () => {
    expect(of.steps.length).toBeGreaterThanOrEqual(5);
    expect(of.steps.length).toBeLessThanOrEqual(8);
    for (const step of of.steps) {
      expect(['gutter', 'schematic', 'readings', 'problems']).toContain(step.look);
      expect(step.question !== undefined || step.done !== undefined, step.title).toBe(true);
      expect(step.text.length).toBeLessThanOrEqual(4);
    }
  });

  it('answers every question by the engine, and one choice alone is right', async () => {
    const expected = ANSWERS[id] ?? [];
    const documents = await designs(of);
    expect(expected).toHaveLength(of.steps.length);
    for (const [i, step] of of.steps.entries()) {
      const { question } = step;
      if (!question) {
        expect(expected[i]).toBeUndefined();
        continue;
      }
      const context = await run(documents[i] as DesignDocument);
      const answer = question.answer(context);
      expect(answer, step.title).toBe(expected[i]);
      if (question.choices) {
        expect(
          question.choices.filter((choice) => choice === answer),
          step.title,
        ).toHaveLength(1);
        expect(new Set(question.choices).size).toBe(question.choices.length);
      }
      const words = question.explain(context);
      expect(words, step.title).toMatch(/^[A-Z0-9].*\.$/);
      expect(words).not.toMatch(/undefined|NaN|not counted/);
      if (typeof answer === 'number') expect(numbers(words), step.title).toContain(answer);
    }
  });

  it('has no answer before the gates are counted', async () => {
    const documents = await designs(of);
    for (const [i, step] of of.steps.entries()) {
      const document = documents[i] as DesignDocument;
      const { report } = await run(document);
      for (const context of [{ document }, { document, report: { ...report, stage: 'word' as const } }]) {
        expect(step.question?.answer(context), step.title).toBeUndefined();
        expect(step.question?.explain(context) ?? 'not counted').toContain('not counted');
        expect(step.done?.(context) ?? false, step.title).toBe(false);
      }
    }
  });

  it("has no answer from the report of the step's earlier design", async () => {
    const documents = await designs(of);
    for (const [i, step] of of.steps.entries()) {
      if (!step.change || !step.question || i === 0) continue;
      const { report } = await run(documents[i - 1] as DesignDocument);
      const context = { document: documents[i] as DesignDocument, report };
      expect(step.question.answer(context), step.title).toBeUndefined();
    }
  });

  it('changes the design by every button, and only the source', async () => {
    let before = await of.start();
    for (const step of of.steps) {
      if (!step.change) continue;
      const after = step.change.apply(before);
      expect(text(after), step.title).not.toBe(text(before));
      expect({ ...after, slices: {} }).toEqual({ ...before, slices: {} });
      before = after;
    }
  });
});

describe('edits by hand', () => {
  /** Tries a step: not done as it is handed out, done after each of `right`, not done after each of `wrong`. */
  async function attempt(
    of: Lesson,
    title: string,
    right: [string, string][],
    wrong: [string, string][],
  ): Promise<void> {
    const at = of.steps.findIndex((each) => each.title === title);
    const step = of.steps[at] as LessonStep;
    const document = (await designs(of))[at] as DesignDocument;
    const done = async (edited: DesignDocument) => step.done?.(await run(edited));
    expect(await done(document)).toBe(false);
    for (const [from, to] of right) expect(await done(edit(document, from, to)), to).toBe(true);
    for (const [from, to] of wrong) expect(await done(edit(document, from, to)), to).toBe(false);
  }

  it('gates: a better formula', () =>
    attempt(
      lesson('gates'),
      'A better formula',
      [
        ['a & b | a & c', 'a & (b | c)'],
        ['a & b | a & c', '(b | c) & a'],
        ['two | b & c', '(a ^ b) ? c : a'],
      ],
      [
        ['a & b | a & c', 'a & b'],
        ['two | b & c', 'two'],
        ['two | b & c', 'a & b'],
      ],
    ));

  it('gates: out of the trap', () =>
    attempt(
      lesson('gates'),
      'Out of the trap',
      [
        ['if (enable) y = a + b;', 'if (enable) y = a + b; else y = 0;'],
        ['if (enable) y = a + b;', 'begin y = 0; if (enable) y = a + b; end'],
        ['if (enable) y = a + b;', "y = enable ? a + b : 9'd7;"],
      ],
      [
        ['if (enable) y = a + b;', 'if (enable) y = a; else y = 0;'],
        ['if (enable) y = a + b;', 'if (enable) y = a + b; else y[7:0] = 0;'],
      ],
    ));

  it('line-cost: a lucky number', () =>
    attempt(
      lesson('line-cost'),
      'A lucky number',
      [
        ['(h < k)', "(h < 8'd128)"],
        ['(h < k)', "(h < 8'd64)"],
        ['(h < k)', "(h > 8'd191)"],
      ],
      [
        ['(h < k)', "(h < 8'd100)"],
        ['(h < k)', "(h < 8'd0)"],
        ['(h < k)', 'k[0]'],
        ['(h < k)', "1'b1"],
      ],
    ));

  it('line-cost: one adder', () =>
    attempt(
      lesson('line-cost'),
      'One adder',
      [
        [
          'assign y = second ? c + d : a + b;',
          'wire [7:0] left = second ? c : a, right = second ? d : b; assign y = left + right;',
        ],
        ['assign y = second ? c + d : a + b;', 'assign y = (second ? c : a) + (second ? d : b);'],
      ],
      [
        ['assign y = second ? c + d : a + b;', 'assign y = a + b;'],
        ['assign y = second ? c + d : a + b;', 'assign y = second ? a + b : c + d;'],
        ['assign y = second ? c + d : a + b;', 'assign y = (second ? a : c) + (second ? b : d);'],
        ['assign y = second ? c + d : a + b;', 'wire [7:0] s = (second ? c : a) + (second ? d : b); assign y = s;'],
      ],
    ));

  it('line-cost: the one adder is worth what the lesson says', async () => {
    const of = lesson('line-cost');
    const before = (await designs(of)).at(-1) as DesignDocument;
    const after = edit(before, 'second ? c + d : a + b', '(second ? c : a) + (second ? d : b)');
    const [two, one] = [await run(before), await run(after)];
    expect(one.report.figures.cells).toBeLessThan(0.7 * two.report.figures.cells);
  });

  it('gates: the better formula saves a gate, and as many bits cost as many times', async () => {
    const of = lesson('gates');
    const start = await of.start();
    const better = (await run(edit(start, 'a & b | a & c', 'a & (b | c)'))).report.figures;
    expect((await run(start)).report.figures.cells).toBe(better.cells + 1);
    const wide = (await run((await designs(of))[3] as DesignDocument)).report.figures;
    expect(wide.cells).toBe(8 * better.cells);
    // What the explanation says: no path became longer.
    expect(wide.logicDepth).toBe(better.logicDepth);
  });
});

function numbers(words: string): number[] {
  return [...words.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}
