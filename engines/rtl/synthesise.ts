import { checkAborted } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { fail, ok, type Problem, type Result } from '../core/result.ts';
import { countByLine, type LineLabels, labelBySrc, labelGates, placeOfCell } from '../synthesis/attribution.ts';
import { logicDepth } from '../synthesis/depth.ts';
import { countNetlist, findLatches, findMemories } from '../synthesis/netlist.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';
import { parseMessages } from '../synthesis/yosys-messages.ts';
import { ASSUMPTIONS } from './assumptions.ts';
import { elaborate, moduleInfos } from './elaborate.ts';
import { planOf, type RtlPlan } from './plan.ts';
import type { RtlReport, RtlSlice } from './types.ts';
import { ENGINE } from './version.ts';

/** Lines of the log that tell the course of a run. */
const TELLING = /^\d+\. Executing|^Latch inferred|Warning: |ERROR: |^ABC RESULTS|^ABC: \+/;

/**
 * Synthesises a design: one run of Yosys, of which the word level netlist is reported as soon as it is printed
 * (a partial report of stage 'word'), then gates.
 */
export async function synthesise(slice: RtlSlice, job: Job): Promise<Result<RtlReport>> {
  const started = performance.now();
  job.progress(0, 'Reading the sources');
  const plan = await planOf(slice, job);
  if (!plan.ok) return plan;
  checkAborted(job.signal);

  const timesMs: Record<string, number> = {};
  const log: string[] = [];
  let word: RtlReport | undefined;
  let mapped: YosysNetlist | undefined;
  let gatesText: string | undefined;
  const scriptLog: string[] = [];
  let analysing = 0;

  const found = await elaborate(plan.value, slice, {
    stage: 'gates',
    signal: job.signal,
    onLine(line) {
      scriptLog.push(line);
      if (TELLING.test(line)) {
        log.push(line);
        job.log(line);
      }
    },
    onNetlist(text, index, top) {
      const from = performance.now();
      if (index === 0) {
        timesMs.wordLevel = from - started;
        word = wordReport(plan.value, JSON.parse(text), top, scriptLog);
        job.progress(0.3, 'Mapping to gates', word);
      } else if (index === 1) {
        mapped = JSON.parse(text);
        job.progress(0.6, 'Optimising gates');
      } else {
        gatesText = text;
      }
      analysing += performance.now() - from;
    },
  });
  timesMs.yosys = performance.now() - started - analysing;
  const [first, ...rest] = found.problems;
  if (found.outcome.exit !== 0 || !word || !mapped || gatesText === undefined) {
    return first ? fail(first, ...rest) : fail(noOutput());
  }
  checkAborted(job.signal);

  job.progress(0.9, 'Counting');
  const from = performance.now();
  const gates: YosysNetlist = JSON.parse(gatesText);
  const labels = labelGates(mapped, gates, plan.value.sources.userPath);
  const report = reportOf(plan.value, gates, labels, {
    ...word,
    stage: 'gates',
    modules: moduleInfos(found.scan),
    problems: found.problems,
    script: found.script,
  });
  timesMs.analysis = analysing + performance.now() - from;
  timesMs.all = performance.now() - started;
  report.measured = { timesMs, log };
  job.progress(1, 'Done');
  return ok(report);
}

function wordReport(plan: RtlPlan, netlist: YosysNetlist, top: string, log: readonly string[]): RtlReport {
  const { userPath } = plan.sources;
  const counts = countNetlist(netlist);
  const base: RtlReport = {
    engine: ENGINE,
    stage: 'word',
    top,
    figures: {
      cells: 0,
      flipFlops: 0,
      latches: 0,
      memories: counts.memories,
      memoryBits: counts.memoryBits,
      wires: 0,
      logicDepth: 0,
    },
    provenance: {},
    artefacts: [{ kind: 'word-netlist', version: 1, data: netlist }],
    assumptions: ASSUMPTIONS,
    measured: { timesMs: {}, log: [] },
    modules: [],
    cellsByType: [],
    cellsByModule: [],
    cellsByLine: [],
    unattributedCells: 0,
    latches: findLatches(netlist, userPath),
    memories: findMemories(netlist, userPath),
    longestPath: [],
    problems: [...parseMessages(log, plan.messages), ...plan.warnings],
    script: '',
  };
  return reportOf(plan, netlist, labelBySrc(netlist, userPath), base);
}

/** Figures and tables of a netlist; what is of the design, and not of the netlist, comes from `base`. */
function reportOf(_plan: RtlPlan, netlist: YosysNetlist, labels: LineLabels, base: RtlReport): RtlReport {
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

function noOutput(): Problem {
  return {
    code: 'yosys-error',
    severity: 'error',
    what: 'Yosys ended without giving the netlist.',
    remedy: 'Look at the end of the log; the sources may hold no logic at all.',
  };
}
