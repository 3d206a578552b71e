import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { countByLine, type LineLabels, labelBySrc, labelGates, placeOfCell } from '../synthesis/attribution.ts';
import { logicDepth } from '../synthesis/depth.ts';
import { countNetlist, findLatches, findMemories } from '../synthesis/netlist.ts';
import { buildScript, toStandardOutput } from '../synthesis/script.ts';
import { runYosys } from '../synthesis/yosys.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';
import { parseMessages } from '../synthesis/yosys-messages.ts';
import { ASSUMPTIONS } from './assumptions.ts';
import { type Elaboration, elaborate, moduleInfos } from './elaborate.ts';
import { planOf, type RtlPlan } from './plan.ts';
import type { RtlReport, RtlSlice } from './types.ts';
import { ENGINE } from './version.ts';

/** Lines of the log that tell the course of a run. */
const TELLING = /^\d+\. Executing|^Latch inferred|Warning: |ERROR: |^ABC RESULTS|^ABC: \+/;

/**
 * Synthesises a design: a run of Yosys to word level, reported as a partial result of stage 'word', then a run to gates.
 */
export async function synthesise(slice: RtlSlice, job: Job): Promise<Result<RtlReport>> {
  const started = performance.now();
  const log: string[] = [];
  const onLine = (line: string): undefined => {
    if (!TELLING.test(line)) return;
    log.push(line);
    job.log(line);
  };
  job.progress(0, 'Reading the sources');
  const planned = await planOf(slice, job);
  if (!planned.ok) return planned;

  job.progress(0.05, 'Elaborating');
  let word: { text: string; top: string } | undefined;
  const found = await elaborate(planned.value, slice, {
    stage: 'word',
    signal: job.signal,
    onLine,
    onNetlist: (text, top) => {
      word = { text, top };
    },
  });
  if (found.outcome.exit !== 0 || !word) return failed(found.problems);
  const { plan } = found;
  const wordReport = reportOfWords(plan, JSON.parse(word.text), word.top, found);
  const wordLevel = performance.now() - started;
  wordReport.measured = { timesMs: { wordLevel }, log: [...log] };
  job.progress(0.3, 'Mapping to gates', wordReport);
  await breathe(job.signal);

  const script = buildScript({ ...plan.script, top: word.top, stage: 'gates' });
  const netlists: string[] = [];
  const run = await runYosys({
    script: toStandardOutput(script),
    files: plan.sources.tree,
    signal: job.signal,
    onLine,
    onDocument(text) {
      netlists.push(text);
      if (netlists.length === 1) job.progress(0.6, 'Optimising gates');
      return undefined;
    },
  });
  const [mappedText, gatesText] = netlists;
  const problems = mergeProblems(found.problems, parseMessages(run.log, plan.messages));
  if (run.broken) return failed([run.broken, ...problems]);
  if (run.exit !== 0 || mappedText === undefined || gatesText === undefined) return failed(problems);
  const yosys = performance.now() - started;
  job.progress(0.9, 'Counting');
  await breathe(job.signal);

  const gates: YosysNetlist = JSON.parse(gatesText);
  const stages = { word: wordReport.artefacts[0].data, mapped: JSON.parse(mappedText), gates };
  const labels = labelGates(stages, plan.sources.userPath);
  const report = reportOf(gates, labels, { ...wordReport, stage: 'gates', problems, script });
  const all = performance.now() - started;
  report.measured = { timesMs: { wordLevel, gates: yosys - wordLevel, counting: all - yosys, all }, log };
  job.progress(1, 'Done');
  return ok(report);
}

/** Findings of both runs, each once. */
function mergeProblems(first: readonly Problem[], second: readonly Problem[]): Problem[] {
  const seen = new Set(first.map((problem) => JSON.stringify([problem.code, problem.what])));
  const merged = [...first, ...second.filter((problem) => !seen.has(JSON.stringify([problem.code, problem.what])))];
  return [
    ...merged.filter((problem) => problem.severity === 'error'),
    ...merged.filter((problem) => problem.severity !== 'error'),
  ];
}

function failed(problems: readonly Problem[]): Result<never> {
  const [first, ...rest] = problems;
  if (first?.severity === 'error') return fail(first, ...rest);
  return fail(
    error('yosys-error', 'Yosys ended without giving the netlist.', 'Look at the end of the log.'),
    ...problems,
  );
}

function reportOfWords(plan: RtlPlan, netlist: YosysNetlist, top: string, found: Elaboration): RtlReport {
  const { userPath } = plan.sources;
  const { memories, memoryBits } = countNetlist(netlist);
  return reportOf(netlist, labelBySrc(netlist, userPath), {
    engine: ENGINE,
    stage: 'word',
    top,
    figures: { cells: 0, flipFlops: 0, latches: 0, memories, memoryBits, wires: 0, logicDepth: 0 },
    provenance: {},
    artefacts: [{ kind: 'word-netlist', version: 1, data: netlist }],
    assumptions: ASSUMPTIONS,
    measured: { timesMs: {}, log: [] },
    modules: moduleInfos(found),
    cellsByType: [],
    cellsByModule: [],
    cellsByLine: [],
    unattributedCells: 0,
    latches: findLatches(netlist, userPath),
    memories: findMemories(netlist, userPath),
    longestPath: [],
    problems: found.problems,
    script: found.script,
  });
}

/** Figures and tables of a netlist; what is of the design, and not of the netlist, comes from `base`. */
function reportOf(netlist: YosysNetlist, labels: LineLabels, base: RtlReport): RtlReport {
  const counts = countNetlist(netlist);
  const depth = logicDepth(netlist);
  const { lines, unattributed } = countByLine(netlist, labels);
  const problems = [...base.problems];
  const [start] = depth.path;
  if (depth.cyclic > 0 && !problems.some((problem) => problem.code === 'combinational-loop')) {
    problems.push({
      code: 'combinational-loop',
      severity: 'warning',
      what: `${depth.cyclic} cells lie on or behind a loop of logic without a register; the logic depth leaves them out.`,
      remedy: 'Break the loop with a register.',
      where: start && placeOfCell(labels, start.module, start.index),
    });
  }
  return {
    ...base,
    figures: {
      cells: counts.cells,
      flipFlops: counts.flipFlops,
      latches: counts.latches,
      memories: base.figures.memories,
      memoryBits: base.figures.memoryBits,
      wires: counts.wires,
      logicDepth: depth.depth,
    },
    cellsByType: counts.byType,
    cellsByModule: counts.byModule,
    cellsByLine: lines,
    unattributedCells: unattributed,
    longestPath: depth.path.map(({ cell, type, module, index }) => ({
      cell,
      type,
      where: placeOfCell(labels, module, index),
    })),
    problems,
  };
}
