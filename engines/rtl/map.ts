import { breathe } from '../core/abort.ts';
import { hashValue } from '../core/hash.ts';
import type { Job } from '../core/job.ts';
import type { Assumption } from '../core/report.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { LineLabels } from '../synthesis/attribution.ts';
import { flattenGates } from '../synthesis/gates/flatten.ts';
import type { GateNetlist } from '../synthesis/gates/types.ts';
import { labelMap, withDirections } from '../synthesis/map-labels.ts';
import { buildMapScript, type MapPlan, mapAssumptions } from '../synthesis/map-script.ts';
import { toStandardOutput } from '../synthesis/script.ts';
import { placeOf } from '../synthesis/src.ts';
import { runYosys } from '../synthesis/yosys.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';
import { parseMessages } from '../synthesis/yosys-messages.ts';
import { elaborate } from './elaborate.ts';
import { type MapTarget, targetOf } from './map-target.ts';
import { planOf, type RtlPlan } from './plan.ts';
import type { RtlSlice } from './types.ts';

/** A design mapped to a library. */
export interface Mapped {
  top: string;
  plan: RtlPlan;
  target: MapTarget;
  /** Of the run that did it, as a native Yosys runs it, with the files it reads beside sources and library. */
  script: string;
  files: Record<string, string>;
  netlist: YosysNetlist;
  design: GateNetlist;
  /** As Yosys' `stat -liberty` has it. */
  areaUm2: number;
  problems: Problem[];
  assumptions: Assumption[];
}

interface Words {
  plan: RtlPlan;
  top: string;
  netlist: YosysNetlist;
  problems: Problem[];
}

/** What was worked out last, by what decides it: constraints and activities change more often than the design. */
class Last<T> {
  readonly #kept = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): T | undefined {
    const found = this.#kept.get(key);
    if (found !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, found);
    }
    return found;
  }

  set(key: string, value: T): void {
    this.#kept.set(key, value);
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(old);
    }
  }
}

const words = new Last<Words>(2);
const mapped = new Last<Mapped>(4);

/** Lines of the log that tell the course of a run. */
const TELLING = /^\d+\. Executing|Warning: |ERROR: |^ABC RESULTS|^ABC: \+|^ABC: WireLoad/;

/**
 * Maps a design to the library of its slice: a run of Yosys to words, for source places and warnings, and one to the library's cells.
 * The last few results are kept in this worker.
 */
export async function mapDesign(slice: RtlSlice, job: Job): Promise<Result<Mapped>> {
  job.progress(0, 'Reading the library');
  const target = await targetOf(slice, job);
  if (!target.ok) return target;
  const key = mapKey(slice, target.value);
  const known = mapped.get(key);
  if (known) return ok(known);

  job.progress(0.05, 'Elaborating');
  const elaborated = await wordsOf(slice, job);
  if (!elaborated.ok) return elaborated;
  await breathe(job.signal);

  job.progress(0.2, 'Mapping to cells of the library');
  const found = await mapWords(slice, elaborated.value, target.value, job);
  if (!found.ok) return found;
  mapped.set(key, found.value);
  return found;
}

/** What decides the words of a design. */
function wordsKey(slice: RtlSlice): string {
  const { top, parameters, defines, includeDirs, fileList, flatten } = slice;
  const files = slice.files.filter((file) => file.role !== 'bench');
  return hashValue({ files, top, parameters, defines, includeDirs, fileList, flatten });
}

function mapKey(slice: RtlSlice, target: MapTarget): string {
  const { script, analysis } = slice;
  const { clockGating, outputLoadFf } = analysis;
  return hashValue([wordsKey(slice), target.key, script, clockOf(slice), clockGating, outputLoadFf]);
}

/** The clock that the mapping aims at: none for area. */
function clockOf({ script, clockNs }: RtlSlice): number | undefined {
  return script === 'area' ? undefined : clockNs;
}

async function wordsOf(slice: RtlSlice, job: Job): Promise<Result<Words>> {
  const key = wordsKey(slice);
  const known = words.get(key);
  if (known) return ok(known);
  const planned = await planOf(slice, job);
  if (!planned.ok) return planned;
  let text: string | undefined;
  const found = await elaborate(planned.value, slice, {
    stage: 'word',
    signal: job.signal,
    onNetlist: (document) => {
      text = document;
    },
  });
  if (found.outcome.exit !== 0 || found.top === '' || text === undefined) return failed(found.problems);
  const { plan, top, problems } = found;
  const value: Words = {
    plan: { ...plan, script: { ...plan.script, top } },
    top,
    netlist: JSON.parse(text) as YosysNetlist,
    problems,
  };
  words.set(key, value);
  return ok(value);
}

/** The plan of the mapping of a design whose top is known. */
export function mapPlan(slice: RtlSlice, plan: RtlPlan, target: MapTarget): MapPlan {
  return {
    design: plan.script,
    goal: slice.script,
    clockNs: clockOf(slice),
    outputLoadFf: slice.analysis.outputLoadFf,
    clockGating: slice.analysis.clockGating,
    cells: target.cells,
    libraryFile: target.file,
  };
}

async function mapWords(
  slice: RtlSlice,
  { plan, top, netlist: word, problems: found }: Words,
  target: MapTarget,
  job: Job,
): Promise<Result<Mapped>> {
  const mapping = mapPlan(slice, plan, target);
  const { script, files } = buildMapScript(mapping);
  const documents: string[] = [];
  const run = await runYosys({
    script: toStandardOutput(script),
    files: { ...plan.sources.tree, ...files, [target.file]: target.liberty },
    signal: job.signal,
    onLine(line) {
      if (TELLING.test(line)) job.log(line);
      return undefined;
    },
    onDocument(text) {
      documents.push(text);
      return undefined;
    },
  });
  const problems = merged([...target.problems, ...found], parseMessages(run.log, plan.messages).map(ofMapping));
  if (run.broken) return failed([run.broken, ...problems]);
  const [before, area, netlist] = documents;
  if (run.exit !== 0 || before === undefined || area === undefined || netlist === undefined) return failed(problems);
  await breathe(job.signal);
  job.progress(0.6, 'Finding the source lines of cells');
  return finishMapping({
    words: { plan, top, problems },
    mapping,
    target,
    script,
    files,
    area,
    netlist,
    labels: (mapped) =>
      labelMap({ word, before: JSON.parse(before), netlist: mapped }, target.library, plan.sources.userPath),
  });
}

/** A run of the mapping's script that went well. */
export interface MapRun {
  words: Pick<Words, 'plan' | 'top' | 'problems'>;
  mapping: MapPlan;
  target: MapTarget;
  script: string;
  files: Record<string, string>;
  /** The documents that it printed. */
  area: string;
  netlist: string;
  labels?(netlist: YosysNetlist): LineLabels;
}

/** Reads the netlist of a mapping; problems where the library lacks a cell. */
export function finishMapping({ words, mapping, target, script, files, ...run }: MapRun): Result<Mapped> {
  const { plan, top, problems } = words;
  const { userPath } = plan.sources;
  const netlist: YosysNetlist = JSON.parse(run.netlist);
  const { design: statistics } = JSON.parse(run.area) as { design: { area?: number } };
  const unmapped = unmappedCells(netlist, target, userPath);
  if (unmapped.length > 0) return failed([...unmapped, ...problems]);
  for (const module of Object.values(netlist.modules)) withDirections(module, target.library);
  const design = flattenGates(netlist, target.library, { labels: run.labels?.(netlist), userPath, top });
  if (!design.ok) return failed([...design.problems, ...problems]);
  return ok({
    top,
    plan,
    target,
    script,
    files,
    netlist,
    design: design.value,
    areaUm2: statistics.area ?? 0,
    problems: merged(problems, design.value.problems ?? []),
    assumptions: mapAssumptions(mapping),
  });
}

const KINDS: [RegExp, string][] = [
  [/^\$_S?(DFF|ALDFF|FF)/, 'flip-flops of this kind'],
  [/^\$_(DLATCH|SR)/, 'latches of this kind'],
  [/^\$_TBUF_/, 'three-state drivers'],
];

/** Cells that no cell of the library could take the place of, by type. */
function unmappedCells(netlist: YosysNetlist, target: MapTarget, userPath: (name: string) => string): Problem[] {
  const found = new Map<string, { count: number; src?: string }>();
  for (const module of Object.values(netlist.modules)) {
    for (const { type, attributes } of Object.values(module.cells)) {
      if (!type.startsWith('$') || type.startsWith('$paramod') || type.startsWith('$array') || type === '$scopeinfo')
        continue;
      if (netlist.modules[type]) continue;
      const known = found.get(type);
      if (known) known.count++;
      else found.set(type, { count: 1, src: attributes.src });
    }
  }
  return [...found].map(([type, { count, src }]) => {
    const what = KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'logic of this kind';
    return error(
      'map-no-cell',
      `The library ${target.library.name} has no cell for ${what} (${type}); the design needs ${count}.`,
      'Choose a library that has one, or write the design without.',
      placeOf(src, userPath) ?? { path: 'slices.rtl.library' },
    );
  });
}

/** What passes of the mapping say of a library that lacks cells. */
export function ofMapping(problem: Problem): Problem {
  if (problem.severity !== 'error') return problem;
  if (!/(D latch|DLATCH|latches|flip-flop|\bFFs?\b|\$_\w*(DFF|SR|DLATCH)\w*_)/.test(problem.what)) return problem;
  return {
    ...problem,
    code: 'map-no-cell',
    what: `The library has no cell for a register or latch that the design needs. Yosys says: ${problem.what}`,
    remedy: 'Choose a library that has one, or write the design without.',
    where: problem.where ?? { path: 'slices.rtl.library' },
  };
}

/** Findings of several steps, each once, errors first. */
export function merged(...lists: readonly (readonly Problem[])[]): Problem[] {
  const seen = new Set<string>();
  const all = lists.flat().filter((problem) => {
    const key = JSON.stringify([problem.code, problem.what, problem.where?.file, problem.where?.line]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return [...all.filter(({ severity }) => severity === 'error'), ...all.filter(({ severity }) => severity !== 'error')];
}

export function failed(problems: readonly Problem[]): Result<never> {
  const [first, ...rest] = problems;
  if (first?.severity === 'error') return fail(first, ...rest);
  return fail(
    error('yosys-error', 'Yosys ended without giving the netlist.', 'Look at the end of the log.'),
    ...problems,
  );
}
