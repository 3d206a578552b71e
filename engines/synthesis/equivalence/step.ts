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
  if (spec.method === 'structural') return ok(readPasses(finding, run.log));
  const text = run.log.join('\n');
  if (/model found for base case: FAIL/.test(text)) {
    const trace = readTrace(run.log);
    return ok({ ...finding, outcome: 'different', ...(trace && { trace }) });
  }
  if (spec.method === 'induction' && /^Induction step proven: SUCCESS!/m.test(text))
    return ok({ ...finding, outcome: 'equal' });
  return ok(finding);
}

function readPasses(finding: StepFinding, log: readonly string[]): StepFinding {
  const statuses = log.flatMap((line, at) => (/^Found \d+ \$equiv cells? in /.test(line) ? [at] : []));
  const failed = log.some((line) => /model found for base case: FAIL/.test(line));
  // Where the first steps show a difference, the passes that stand on them have proved nothing.
  const counted = (failed ? statuses[0] : statuses.at(-1)) ?? log.length;
  const matched = Number(/^Found (\d+)/.exec(log[counted] ?? '')?.[1] ?? 0);
  const proved = Number(/(\d+) are proven/.exec(log[counted + 1] ?? '')?.[1] ?? 0);
  const open = new Set<string>();
  for (const line of log.slice((statuses.at(-1) ?? log.length) + 1)) {
    const name = /^ {2}Unproven \$equiv \S+: \\?(\S+)_gold(?: \[\d+\])? /.exec(line)?.[1];
    if (name !== undefined) open.add(name);
  }
  if (failed) for (const name of differingPoints(readTrace(log))) open.add(name);
  return {
    ...finding,
    outcome: !failed && matched > 0 && proved === matched ? 'equal' : 'nothing',
    points: { matched, proved },
    open: [...open],
  };
}

/** Names of nets that hold different values in the last step. */
function differingPoints(trace: SatTrace | undefined): string[] {
  const last = trace?.steps.at(-1);
  if (!last) return [];
  return [...last].flatMap(([name, bits]) => {
    if (!name.endsWith('_gold')) return [];
    const plain = name.slice(0, -'_gold'.length);
    const other = last.get(`${plain}_gate`);
    const differs = other !== undefined && [...bits].some((bit, index) => bit !== 'x' && bit !== other[index]);
    return differs ? [plain] : [];
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
    ...(!late && { why: problems[0]?.what }),
    log: [],
  };
}
