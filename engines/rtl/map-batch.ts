import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import type { Result } from '../core/result.ts';
import { buildMapScript, type MapPlan } from '../synthesis/map-script.ts';
import { toStandardOutput } from '../synthesis/script.ts';
import { runYosys, type Tree } from '../synthesis/yosys.ts';
import { parseMessages } from '../synthesis/yosys-messages.ts';
import { compilePlan } from './lowering.ts';
import { finishMapping, type Mapped, mapPlan, merged, ofMapping } from './map.ts';
import { type MapTarget, targetOf } from './map-target.ts';
import { planOf, type RtlPlan } from './plan.ts';
import type { RtlSlice } from './types.ts';

/** Answer for a design that has to be mapped by a run of its own, as `mapDesign` does it. */
export const ALONE = 'alone';

export interface BatchRun {
  /** In the order of the slices. */
  results: (Result<Mapped> | typeof ALONE)[];
  yosysRuns: number;
}

interface Ready {
  index: number;
  plan: RtlPlan;
  top: string;
  target: MapTarget;
  mapping: MapPlan;
}

const MARK = 'crossbar-design';

/**
 * Yosys numbers names, sorts by these numbers here and there, and gives the numbers of names that are gone to new ones. So many names of no
 * use before each design take up what the one before has left, so that each gets ascending numbers, as in a run of its own: without, the gates found
 * would often depend on what ran before. Even so some (an ALU after a SystemVerilog design) get other gates than by themselves.
 */
const FILLING = 20_000;
/** A design of more cells may have left more numbers than that: what follows it is run anew. */
const LARGE_CELLS = 1000;

function filling(at: number): string {
  const wires = Array.from({ length: FILLING }, (_, wire) => `wire \\f${at}_${wire}\n`);
  return `module \\filling\n${wires.join('')}end\n`;
}

/**
 * Maps many designs, so many of them in one run of Yosys: each after a `design -reset`, its files in a folder of its own. A design that the simulator's front
 * end does not read, or that Yosys ends at, is left to be mapped alone, where it is found out what is wrong; so are designs in folders,
 * and those of several modules that are not flattened.
 */
export async function mapBatch(slices: readonly RtlSlice[], together: number, job: Job): Promise<BatchRun> {
  const results: BatchRun['results'] = slices.map(() => ALONE);
  const groups = new Map<string, Ready[]>();
  for (const [index, slice] of slices.entries()) {
    const ready = await prepare(slice, index, job);
    await breathe(job.signal);
    if (!ready) continue;
    const group = groups.get(ready.target.key);
    if (group) group.push(ready);
    else groups.set(ready.target.key, [ready]);
  }
  let yosysRuns = 0;
  for (const group of groups.values()) {
    let rest = group;
    while (rest.length > 0) {
      yosysRuns++;
      const { done, next = together } = await runTogether(rest.slice(0, together), job);
      for (const [ready, result] of done) results[ready.index] = result;
      rest = rest.slice(next);
      await breathe(job.signal);
    }
  }
  return { results, yosysRuns };
}

/** What a run of several designs needs of one; undefined where it has to be alone. */
async function prepare(slice: RtlSlice, index: number, job: Job): Promise<Ready | undefined> {
  const inFolders = slice.files.some(({ path }) => /[/\\]/.test(path)) || slice.includeDirs.length > 0;
  if (inFolders) return undefined;
  const target = await targetOf(slice, job);
  if (!target.ok) return undefined;
  const planned = await planOf(slice, job);
  if (!planned.ok) return undefined;
  const plan = planned.value;
  const { design, tops, modules } = topsOf(plan, slice.top);
  if (!design || tops.length !== 1) return undefined;
  // The order of modules that are kept depends on what ran before.
  if (!slice.flatten && modules > 1) return undefined;
  const [top = ''] = tops;
  const known = design.scopes[design.tops[0]!]!.parameters.filter(({ local }) => !local).map(({ name }) => name);
  if (Object.keys(plan.script.parameters).some((name) => !known.includes(name))) return undefined;

  const folder = `d${String(index).padStart(3, '0')}/`;
  const { script } = plan;
  const placed = {
    ...script,
    top,
    sources: script.sources.map((source) => ({ ...source, name: folder + source.name })),
    includeDirs: script.includeDirs.map((dir) => folder + dir),
    ...(script.prelude !== undefined && { prelude: folder + script.prelude }),
  };
  const mapping = { ...mapPlan(slice, { ...plan, script: placed }, target.value), withoutPlaces: true, folder };
  return { index, plan, top, target: target.value, mapping };
}

function topsOf(plan: RtlPlan, top: string) {
  const { elaborated, units } = compilePlan(plan, top, {});
  const design = elaborated?.design;
  const modules = units.flatMap(({ unit }) => unit.items.filter(({ kind }) => kind === 'module')).length;
  const tops = design ? design.tops.map((id) => design.scopes[id]!.module ?? design.scopes[id]!.name) : [];
  return { design, tops, modules };
}

async function runTogether(
  group: readonly Ready[],
  job: Job,
): Promise<{ done: [Ready, Result<Mapped>][]; next?: number }> {
  const lines: string[] = [];
  const tree: Tree = {};
  const built = group.map(({ mapping }) => buildMapScript(mapping));
  for (const [at, { plan, target, mapping }] of group.entries()) {
    const { script, files } = built[at]!;
    tree[target.file] = target.liberty;
    tree[(mapping.folder ?? '').replace('/', '')] = { ...plan.sources.tree, ...files };
    lines.push(`log ${MARK} ${at}`);
    if (at > 0) {
      const name = `filling${at}`;
      tree[`${name}.il`] = filling(at);
      lines.push(`read_rtlil ${name}.il`, `design -stash ${name}`, 'design -reset');
    }
    lines.push('verilog_defaults -push', script, 'verilog_defaults -pop');
    lines.push('design -reset', 'design -reset-vlog', '');
  }
  const logs: string[][] = group.map(() => []);
  const documents: string[][] = group.map(() => []);
  let at = -1;
  const run = await runYosys({
    script: toStandardOutput(lines.join('\n')),
    files: tree,
    signal: job.signal,
    onLine(line) {
      const mark = line.startsWith(MARK) ? Number(line.slice(MARK.length)) : undefined;
      if (mark !== undefined) {
        at = mark;
        job.progress(at / group.length, `Design ${at + 1} of ${group.length}`);
      } else logs[at]?.push(line);
      return undefined;
    },
    onDocument(text) {
      documents[at]?.push(text);
      return undefined;
    },
  });
  const failedAt = run.exit === 0 ? undefined : Math.max(0, at);
  const done: [Ready, Result<Mapped>][] = [];
  for (const [index, ready] of group.entries()) {
    if (failedAt !== undefined && index >= failedAt) break;
    const [area, netlist] = documents[index]!;
    if (area === undefined || netlist === undefined) return { done, next: index + 1 };
    const { plan, top, target, mapping } = ready;
    const { userPath } = plan.sources;
    const folder = mapping.folder ?? '';
    const messages = {
      ...plan.messages,
      userPath: (name: string) => userPath(name.startsWith(folder) ? name.slice(folder.length) : name),
    };
    const problems = merged(target.problems, parseMessages(logs[index]!, messages).map(ofMapping), plan.warnings);
    const { script, files } = built[index]!;
    const result = finishMapping({ words: { plan, top, problems }, mapping, target, script, files, area, netlist });
    done.push([ready, result]);
    if (result.ok && result.value.design.instances.length > LARGE_CELLS && index + 1 < group.length)
      return { done, next: index + 1 };
    await breathe(job.signal);
  }
  return { done, next: failedAt === undefined ? undefined : failedAt + 1 };
}
