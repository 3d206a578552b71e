import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import type { Job } from '../core/job.ts';
import type { Artefact } from '../core/report.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import { checkInputs, type Flow, type FlowNode, type FlowReport, findLinks, runFlow, sortSlices } from './flow.ts';
import type { DesignDocument } from './types.ts';

/** A chain of toys: `source` makes a number, `bits` halves it and rounds, `sum` adds what it takes in. */
interface SourceSlice {
  value: number;
}
interface BitsSlice {
  model: Artefact<'model', number>;
}
interface SumSlice {
  terms: { of: Artefact<'plan', number> }[];
  base?: Artefact<'model', number>;
}

function report(kind: string, data: number): Result<FlowReport> {
  const artefacts = [{ kind, version: 1, data }];
  return ok({
    engine: { id: 'toy', version: '1' },
    figures: { data },
    provenance: {},
    artefacts,
    assumptions: [],
    measured: { timesMs: {}, log: [] },
  });
}

const engine = {
  id: 'toy',
  version: '1',
  entries: {
    source: async ({ value }: SourceSlice) =>
      value < 0 ? fail(error('negative', 'The value is negative.')) : report('model', value),
    bits: async ({ model }: BitsSlice) => report('plan', Math.floor(model.data / 2)),
    sum: async ({ terms, base }: SumSlice) =>
      report(
        'total',
        terms.reduce((sum, { of }) => sum + of.data, base?.data ?? 0),
      ),
  },
};

const nodes: Record<string, FlowNode> = {
  source: { entry: () => 'toy/source', engineVersion: '1', inputs: {} },
  bits: { entry: () => 'toy/bits', engineVersion: '1', inputs: { model: 'model' } },
  sum: { entry: () => 'toy/sum', engineVersion: '1', inputs: { 'terms.*.of': 'plan', base: 'model' } },
};

function design(slices: Record<string, unknown>): DesignDocument {
  return { version: 1, madeWith: '', title: 'T', seed: 1, lab: 'sum', slices };
}

const from = (id: string) => ({ from: id });
const slices = (value: number) => ({
  sum: { terms: [{ of: from('bits') }], base: from('source') },
  bits: { model: from('source') },
  source: { value },
});

/** A flow over one cache, with the list of the entries that were run. */
function setUp() {
  const runs: string[] = [];
  const inner = inlineJob({ engines: { toy: engine } });
  const job: Job = {
    ...inner,
    call: (entry, spec, options) => {
      runs.push(entry);
      return inner.call(entry, spec, options);
    },
  };
  const cache: Flow['cache'] = new Map();
  const flow = (content: Record<string, unknown>, target = 'sum'): Flow => ({
    document: design(content),
    target,
    node: (id) => nodes[id],
    cache,
  });
  return { runs, job, flow };
}

function codes(result: Result<unknown>): string[] {
  return result.ok ? [] : result.problems.map(({ code }) => code);
}

describe('sortSlices', () => {
  it('puts each slice after those it takes from', () => {
    expect(sortSlices(slices(1))).toEqual(ok(['source', 'bits', 'sum']));
    expect(sortSlices({ b: 1, a: { x: from('missing') } })).toEqual(ok(['a', 'b']));
  });

  it('names the slices of a cycle, and the place of one of its links', () => {
    const result = sortSlices({ a: from('b'), b: { deep: [from('c')] }, c: { x: from('b') }, d: from('a') });
    expect(result.ok ? undefined : result.problems[0]).toMatchObject({
      code: 'flow-cycle',
      what: expect.stringContaining('"b" takes from "c" takes from "b"'),
      where: { path: 'slices.b.deep.0' },
    });
    expect(codes(sortSlices({ a: { x: from('a') } }))).toEqual(['flow-cycle']);
  });

  it('takes only the exact form for a link', () => {
    expect(findLinks({ a: { x: { from: 'b', to: 'c' }, y: { from: 3 } }, b: [from('a')] })).toEqual([
      { to: 'b', path: [0], from: 'a' },
    ]);
  });
});

describe('runFlow', () => {
  it('runs what is upstream, once each, and hands its artefacts down', async () => {
    const { runs, job, flow } = setUp();
    const result = await runFlow(flow(slices(9)), job);
    expect(result.ok && result.value.figures).toEqual({ data: 13 });
    expect(runs).toEqual(['toy/source', 'toy/bits', 'toy/sum']);
  });

  it('leaves the document as it was, and does not run what the target does not need', async () => {
    const { runs, job, flow } = setUp();
    const content = slices(9);
    await runFlow(flow(content, 'bits'), job);
    expect(content).toEqual(slices(9));
    expect(runs).toEqual(['toy/source', 'toy/bits']);
  });

  it('runs again only what depends on a change, and nothing below an unchanged result', async () => {
    const { runs, job, flow } = setUp();
    await runFlow(flow(slices(8)), job);
    runs.length = 0;
    await runFlow(flow(slices(8)), job);
    expect(runs).toEqual([]);
    await runFlow(flow({ ...slices(9), sum: { terms: [{ of: from('bits') }] } }), job);
    expect(runs).toEqual(['toy/source', 'toy/bits', 'toy/sum']);
    runs.length = 0;
    // Half of 8 is half of 9 rounded down: what takes only the plan has nothing to do.
    await runFlow(flow({ ...slices(8), sum: { terms: [{ of: from('bits') }] } }), job);
    expect(runs).toEqual([]);
  });

  it('reports a failed upstream at the input that uses it, through the whole chain', async () => {
    const { runs, job, flow } = setUp();
    const result = await runFlow(flow(slices(-1)), job);
    expect(codes(result)).toEqual(['upstream-failed', 'upstream-failed', 'negative', 'upstream-failed', 'negative']);
    expect(result.ok ? [] : result.problems.map(({ where }) => where?.path)).toEqual([
      'slices.sum.terms.0.of',
      'slices.bits.model',
      undefined,
      'slices.sum.base',
      undefined,
    ]);
    expect(runs).toEqual(['toy/source']);
  });

  it('runs a failed upstream again', async () => {
    const { runs, job, flow } = setUp();
    for (let run = 0; run < 2; run++) await runFlow(flow(slices(-1)), job);
    expect(runs).toEqual(['toy/source', 'toy/source']);
  });

  it('reports inputs that lead nowhere', async () => {
    const { job, flow } = setUp();
    const sum = (of: unknown) => ({ ...slices(1), sum: { terms: [{ of }] } });
    expect(codes(await runFlow(flow(sum(from('gone'))), job))).toEqual(['upstream-missing']);
    expect(codes(await runFlow(flow(sum(from('source'))), job))).toEqual(['upstream-lacks']);
    expect(codes(await runFlow(flow({ ...slices(1), sum: { other: from('bits') } }), job))).toEqual(['input-unknown']);
    expect(codes(await runFlow(flow(slices(1), 'gone'), job))).toEqual(['slice-missing']);
    expect(codes(await runFlow(flow({ sum: from('sum') }), job))).toEqual(['flow-cycle']);
  });
});

describe('checkInputs', () => {
  it('says which inputs are stale or failed, without running anything', async () => {
    const { runs, job, flow } = setUp();
    const state = async (value: number) =>
      (await checkInputs(flow(slices(value)))).map(({ code, where }) => [code, where?.path]);
    expect(await state(1)).toContainEqual(['upstream-stale', 'slices.sum.base']);
    expect(runs).toEqual([]);
    await runFlow(flow(slices(1)), job);
    expect(await state(1)).toEqual([]);
    expect(await state(2)).toContainEqual(['upstream-stale', 'slices.sum.base']);
    await runFlow(flow(slices(-1)), job);
    expect(await state(-1)).toContainEqual(['upstream-failed', 'slices.sum.base']);
  });
});
