import { ok, type Problem, type Result } from '../../core/result.ts';
import { runYosys } from '../yosys.ts';
import type { StepSpec } from './scripts.ts';
import { readTrace, type SatTrace } from './trace.ts';

/** What one run of Yosys found. */
export interface StepFinding {
  outcome: 'equal' | 'different' | 'nothing' | 'timed-out' | 'failed';
  /** Steps from the start state in which no difference exists. */
  depth: number;
  /** Structural: pairs of nets. */
  points: { matched: number; proved: number };
  /** Structural: names of nets that are not proved equal. */
  open: string[];
  /** Structural: names of nets that need the steps before to be proved equal (registers, most of them). */
  later: string[];
  trace?: SatTrace;
  /** Outcome 'failed': what Yosys said. */
  why?: string;
  log: string[];
}

/** Lines of a log that are kept. */
const TELLING =
  /^\d+\. Executing (?:EQUIV|SAT)|^Base case|^Proved|^Found \d+ \$equiv|proof finished|Induction step|ERROR/;

/**
 * Runs one step of a proof in this thread. It ends itself at the limit whenever Yosys prints a line; who must be sure ends the worker.
 */
export async function runStep(spec: StepSpec, signal: AbortSignal): Promise<Result<StepFinding>> {
  const began = performance.now();
  const finding: StepFinding = {
    outcome: 'nothing',
    depth: 0,
    points: { matched: 0, proved: 0 },
    open: [],
    later: [],
    log: [],
  };
  let late = false;
  const run = await runYosys({
    script: spec.script,
    files: spec.files,
    signal,
    onLine(line) {
      if (TELLING.test(line)) finding.log.push(line);
      const proven = /^Base case for induction length (\d+) proven/.exec(line);
      if (proven) finding.depth = Number(proven[1]);
      late = performance.now() - began > spec.limitMs;
      return !late;
    },
  });
  if (run.exit === 'stopped' && late) return ok({ ...finding, outcome: 'timed-out' });
  if (run.exit !== 0) {
    const why = run.broken?.what ?? run.errorLine?.replace(/^.*ERROR: /, '') ?? 'It did not say why.';
    return ok({ ...finding, outcome: 'failed', why });
  }
  const found = /model found for base case: FAIL/.test(run.log.join('\n'));
  if (!found && finding.depth < spec.reach) {
    return ok({ ...finding, outcome: 'failed', why: 'The search from the start state did not come to its end.' });
  }
  if (spec.reads === 'passes') return ok(readPasses(finding, run.log, found));
  if (found) {
    const trace = readTrace(run.log);
    return ok({ ...finding, outcome: 'different', ...(trace && { trace }) });
  }
  const proven =
    spec.reads === 'induction' && run.log.some((line) => line.startsWith('Induction step proven: SUCCESS!'));
  return ok(proven ? { ...finding, outcome: 'equal' } : finding);
}

function readPasses(finding: StepFinding, log: readonly string[], failed: boolean): StepFinding {
  const statuses = log.flatMap((line, at) => (/^Found \d+ \$equiv cells? in /.test(line) ? [at] : []));
  // Where the first steps show a difference, the passes that stand on them have proved nothing.
  const counted = (failed ? statuses[0] : statuses.at(-1)) ?? log.length;
  const matched = Number(/^Found (\d+)/.exec(log[counted] ?? '')?.[1] ?? 0);
  const proved = Number(/(\d+) are proven/.exec(log[counted + 1] ?? '')?.[1] ?? 0);
  const open = unproven(log, statuses.at(-1));
  const later = unproven(log, statuses[0]);
  if (failed) for (const name of differingPoints(readTrace(log))) open.add(name);
  return {
    ...finding,
    outcome: !failed && matched > 0 && proved === matched ? 'equal' : 'nothing',
    points: { matched, proved },
    open: [...open],
    later: [...later],
  };
}

/** Names that the status at this line lists. */
function unproven(log: readonly string[], status = log.length): Set<string> {
  const names = new Set<string>();
  for (let at = status + 1; at < log.length && !log[at]!.startsWith('Found a total'); at++) {
    const name = /^ {2}Unproven \$equiv \S+: \\?(\S+)_gold(?: \[\d+\])? /.exec(log[at]!)?.[1];
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** Names of nets that hold different values in the last step: "r_gold" and "r_gate", or "gold.r" and "gate.r". */
export function differingPoints(trace: SatTrace | undefined): string[] {
  const last = trace?.steps.at(-1);
  if (!last) return [];
  return [...last].flatMap(([name, bits]) => {
    const plain = /^gold\.(.*)$|^(.*)_gold$/.exec(name);
    const net = plain?.[1] ?? plain?.[2];
    if (net === undefined) return [];
    const other = last.get(plain?.[1] === undefined ? `${net}_gate` : `gate.${net}`);
    const differs = other !== undefined && [...bits].some((bit, index) => bit !== 'x' && bit !== other[index]);
    return differs ? [net] : [];
  });
}

/** For `Result` of a run that was ended from outside. */
export function endedStep(problems: readonly Problem[]): StepFinding {
  const late = problems.some(({ code }) => code === 'timed-out');
  return {
    outcome: late ? 'timed-out' : 'failed',
    depth: 0,
    points: { matched: 0, proved: 0 },
    open: [],
    later: [],
    ...(!late && { why: problems[0]?.what }),
    log: [],
  };
}
