import { hashValue } from '../core/hash.ts';
import type { EntryName, Job } from '../core/job.ts';
import type { Artefact, Report } from '../core/report.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { copyJson, eachObject, formatPath, isPlainObject, type Path, valueAt } from './json.ts';
import type { DesignDocument } from './types.ts';

/** What one slice takes from another: `{"from": "bfp"}`, standing at `path` inside slice `to`. */
export interface FlowLink {
  to: string;
  path: Path;
  from: string;
}

/** How a slice is run, and what it takes in. */
export interface FlowNode {
  /** The entry that the slice asks for; its spec is the slice, each link replaced by the artefact it stands for. */
  entry(slice: unknown): EntryName;
  engineVersion: string;
  /** Kind of artefact by the place of the input in the slice; `*` for any index (`"bits"`, `"layers.*.bits"`). */
  inputs: Record<string, string>;
}

export type FlowReport = Report<object>;

/** Results by a key that changes with whatever they depend on. A `Map` will do. */
export interface FlowCache {
  get(key: string): Result<FlowReport> | undefined;
  set(key: string, result: Result<FlowReport>): void;
}

export interface Flow {
  document: DesignDocument;
  /** The slice whose report is wanted. */
  target: string;
  /** Undefined for slices whose engine is not there. */
  node(slice: string): FlowNode | undefined;
  cache: FlowCache;
}

/** True for a link as it stands in a slice. */
export function isFlowLink(value: unknown): value is { from: string } {
  return isPlainObject(value) && typeof value.from === 'string' && Object.keys(value).length === 1;
}

/** All links between the slices of a document: objects with the one key `from`. */
export function findLinks(slices: Record<string, unknown>): FlowLink[] {
  const links: FlowLink[] = [];
  for (const [to, slice] of Object.entries(slices)) {
    eachObject(slice, (object, path) => {
      if (isFlowLink(object)) links.push({ to, path, from: object.from });
    });
  }
  return links;
}

/** The ids of the slices, each after those that it takes from. Fails with `flow-cycle`, naming the slices that go round. */
export function sortSlices(slices: Record<string, unknown>): Result<string[]> {
  const links = findLinks(slices);
  const sorted: string[] = [];
  const done = new Set<string>();

  function visit(id: string, trail: readonly string[]): FlowLink[] | undefined {
    if (done.has(id)) return undefined;
    for (const link of links.filter(({ to }) => to === id)) {
      if (!Object.hasOwn(slices, link.from)) continue;
      const start = [...trail, id].indexOf(link.from);
      if (start >= 0) return loopOf([...trail, id].slice(start), link);
      const loop = visit(link.from, [...trail, id]);
      if (loop) return loop;
    }
    done.add(id);
    sorted.push(id);
    return undefined;
  }

  function loopOf(ids: string[], last: FlowLink): FlowLink[] {
    const others = ids.slice(0, -1).map((to, index) => links.find((it) => it.to === to && it.from === ids[index + 1])!);
    return [...others, last];
  }

  for (const id of Object.keys(slices).sort()) {
    const loop = visit(id, []);
    if (loop) return fail(cycle(loop));
  }
  return ok(sorted);
}

/**
 * The report of the target slice. What it takes from other slices is run first, if it has not been run as it stands, and
 * its artefacts are handed down. A slice is run anew only when its own settings or an artefact that it takes has changed:
 * an upstream that was run again to the same result costs nothing further down.
 *
 * An upstream that fails, is not there, or has no artefact of the kind is a problem at the input that uses it
 * (`upstream-failed`, `upstream-missing`, `upstream-lacks`), followed by the upstream's own problems.
 */
export async function runFlow(flow: Flow, job: Job): Promise<Result<FlowReport>> {
  const sorted = sortSlices(flow.document.slices);
  if (!sorted.ok) return sorted;
  const report = await new Resolver(flow, job).report(flow.target);
  // With a job, everything is run that was not.
  return report!;
}

/**
 * What is wrong with the inputs of the target slice as things stand, without running anything: besides the problems that
 * `runFlow` gives, `upstream-stale` where an upstream has not been run since it, or what it depends on, was changed.
 */
export async function checkInputs(flow: Flow): Promise<Problem[]> {
  const sorted = sortSlices(flow.document.slices);
  if (!sorted.ok) return sorted.problems;
  const inputs = await new Resolver(flow).inputs(flow.target);
  return inputs.ok ? [] : inputs.problems;
}

interface Inputs {
  spec: unknown;
  /** By the place of the input: the hash of the artefact that stands there. */
  hashes: Record<string, string>;
}

class Resolver {
  readonly #flow: Flow;
  readonly #job: Job | undefined;
  readonly #links: FlowLink[];
  /** A slice that two others take from is resolved once. */
  readonly #reports = new Map<string, Promise<Result<FlowReport> | undefined>>();

  /** Without a job, nothing is run. */
  constructor(flow: Flow, job?: Job) {
    this.#flow = flow;
    this.#job = job;
    this.#links = findLinks(flow.document.slices);
  }

  /** Undefined: not run as it stands, and there is no job to run it. */
  report(id: string): Promise<Result<FlowReport> | undefined> {
    const known = this.#reports.get(id);
    if (known) return known;
    const report = this.#makeReport(id);
    this.#reports.set(id, report);
    return report;
  }

  /** The spec of a slice with its artefacts in place. */
  async inputs(id: string): Promise<Result<Inputs>> {
    const spec = copyJson(this.#flow.document.slices[id]);
    const inputs: Inputs = { spec, hashes: {} };
    const problems: Problem[] = [];
    for (const link of this.#links.filter(({ to }) => to === id)) {
      const artefact = await this.#artefact(link);
      if (!artefact.ok) problems.push(...artefact.problems);
      else {
        if (link.path.length === 0) inputs.spec = artefact.value;
        else (valueAt(spec, link.path.slice(0, -1)) as Record<string, unknown>)[link.path.at(-1)!] = artefact.value;
        inputs.hashes[formatPath(link.path)] = hashValue(artefact.value);
      }
    }
    return problems.length > 0 ? { ok: false, problems } : ok(inputs);
  }

  async #makeReport(id: string): Promise<Result<FlowReport> | undefined> {
    const { document, cache } = this.#flow;
    const node = Object.hasOwn(document.slices, id) ? this.#flow.node(id) : undefined;
    if (!node) return fail(error('slice-missing', `There is no "${id}" that could be run in this design.`));
    const inputs = await this.inputs(id);
    if (!inputs.ok) return inputs;
    const slice = document.slices[id];
    const entry = node.entry(slice);
    const { seed } = document;
    const key = hashValue({ entry, version: node.engineVersion, slice, seed, inputs: inputs.value.hashes });
    const kept = cache.get(key);
    if (kept?.ok || !this.#job) return kept;
    const result = await this.#job.call<FlowReport>(entry, inputs.value.spec);
    cache.set(key, result);
    return result;
  }

  async #artefact(link: FlowLink): Promise<Result<Artefact>> {
    const { node, document } = this.#flow;
    const path = formatPath(['slices', link.to, ...link.path]);
    const kind = node(link.to)?.inputs[formatPath(link.path.map((part) => (typeof part === 'number' ? '*' : part)))];
    if (kind === undefined) {
      return fail(
        error('input-unknown', `${path} takes no result of another lab.`, 'Give it a value of its own.', { path }),
      );
    }
    if (!Object.hasOwn(document.slices, link.from) || !node(link.from)) {
      const what = `${path} takes its ${kind} from "${link.from}", which this design does not have.`;
      return fail(error('upstream-missing', what, `Add "${link.from}", or give a value here.`, { path }));
    }
    const result = await this.report(link.from);
    if (!result) {
      const what = `${path} takes its ${kind} from "${link.from}", which was changed since it was last run.`;
      return fail(error('upstream-stale', what, `Run "${link.from}" again.`, { path }));
    }
    if (!result.ok) {
      const what = `${path} takes its ${kind} from "${link.from}", which failed: ${result.problems[0]?.what ?? ''}`;
      return fail(
        error('upstream-failed', what, `Mend "${link.from}", or give a value here.`, { path }),
        ...result.problems,
      );
    }
    const artefact = result.value.artefacts.find((it) => it.kind === kind);
    if (artefact) return ok(artefact);
    const what = `${path} takes its ${kind} from "${link.from}", whose result has none.`;
    return fail(error('upstream-lacks', what, 'Take it from another lab, or give a value here.', { path }));
  }
}

function cycle(loop: FlowLink[]): Problem {
  const round = [...loop.map(({ to }) => to), loop.at(-1)!.from].map((id) => `"${id}"`).join(' takes from ');
  const path = formatPath(['slices', loop[0]!.to, ...loop[0]!.path]);
  return error(
    'flow-cycle',
    `These parts of the design wait for each other: ${round}.`,
    'Give one of them a value of its own.',
    {
      path,
    },
  );
}
