import { error, type Problem } from '../core/result.ts';
import { ModuleScan, type SourceModule } from '../synthesis/modules.ts';
import { buildScript, toStandardOutput } from '../synthesis/script.ts';
import { runYosys, type YosysOutcome } from '../synthesis/yosys.ts';
import { parseMessages } from '../synthesis/yosys-messages.ts';
import type { RtlPlan } from './plan.ts';
import type { ModuleInfo, RtlSlice } from './types.ts';

export interface Elaboration {
  /** What was run in the end: the plan that was asked for, or its sources lowered. */
  plan: RtlPlan;
  /** Set where the sources were lowered: Yosys' scan knows the flat module only. */
  modules?: ModuleInfo[];
  outcome: YosysOutcome;
  /** As a native Yosys runs it. */
  script: string;
  scan: ModuleScan;
  /** The top module; empty when there is none or several. */
  top: string;
  /** What is wrong, errors first, and warnings. */
  problems: Problem[];
}

export interface ElaborationOptions {
  stage: 'check' | 'word' | 'proof';
  signal: AbortSignal;
  onLine?(line: string): void;
  /** The netlist of stage 'word' or 'proof'. */
  onNetlist?(text: string, top: string): void;
}

/** Errors of a design that was read: another reader finds the same. */
const NOT_OF_READING = new Set([
  'latch-in-always-comb',
  'no-latch-in-always-latch',
  'missing-include',
  'missing-module',
  'missing-port',
  'no-such-top',
  'unknown-parameter',
]);

/**
 * Runs the script of a plan. Sources that Yosys refuses, and the simulator's front end reads, run again as the plain Verilog that it lowers
 * them to; a note says so.
 */
export async function elaborate(plan: RtlPlan, slice: RtlSlice, options: ElaborationOptions): Promise<Elaboration> {
  const found = await elaborateAsWritten(plan, slice, options);
  const refused = found.problems.find((problem) => problem.severity === 'error');
  if (found.outcome.exit !== 1 || found.outcome.broken || !refused || NOT_OF_READING.has(refused.code)) return found;
  const { lowerPlan } = await import('./lowering.ts');
  const lowered = await lowerPlan(plan, slice, options.signal);
  if (!lowered) return found;
  if ('problems' in lowered) return { ...found, problems: [...found.problems, ...lowered.problems] };
  const { plan: loweredPlan, top, modules, notes } = lowered;
  const again = await elaborateOnce(loweredPlan, { ...slice, top, parameters: {} }, options);
  if (again.outcome.exit !== 0) return { ...found, problems: [...found.problems, ...again.problems] };
  const note: Problem = {
    code: 'lowered',
    severity: 'note',
    what: `Yosys does not read these sources as they are written (${withoutStop(refused.what)}); they are synthesised from the plain Verilog that the simulator's reader lowers them to, with the same meaning.`,
    remedy: 'Nothing needs to be done; the bundle holds the lowered file.',
    where: refused.where,
  };
  return { ...again, modules, problems: [...again.problems, note, ...notes] };
}

function withoutStop(sentence: string): string {
  return sentence.replace(/[.]$/, '');
}

/**
 * Runs the script of a plan. The choice of top and parameters is checked as soon as the modules are known, and the run
 * ends there when it is wrong.
 */
async function elaborateAsWritten(plan: RtlPlan, slice: RtlSlice, options: ElaborationOptions): Promise<Elaboration> {
  let top = plan.script.top;
  if (top === '' && Object.keys(plan.script.parameters).length > 0) {
    // Overrides need the name of the top, so it is looked for first.
    const first = await elaborateOnce({ ...plan, script: { ...plan.script, parameters: {} } }, slice, {
      ...options,
      stage: 'check',
      onNetlist: undefined,
      onLine: undefined,
    });
    if (first.top === '' || first.outcome.exit === 'stopped') return first;
    top = first.top;
  }
  return elaborateOnce({ ...plan, script: { ...plan.script, top } }, slice, options);
}

async function elaborateOnce(plan: RtlPlan, slice: RtlSlice, options: ElaborationOptions): Promise<Elaboration> {
  const script = buildScript({ ...plan.script, stage: options.stage });
  const scan = new ModuleScan(plan.messages.userPath);
  let choice: Choice | undefined;
  const outcome = await runYosys({
    script: toStandardOutput(script),
    files: plan.sources.tree,
    signal: options.signal,
    onLine(line) {
      scan.line(line);
      options.onLine?.(line);
      // The headers are complete when elaboration begins.
      if (choice === undefined && /^\d+\. Executing (HIERARCHY|AST frontend)/.test(line)) {
        choice = chooseTop(scan, slice);
        return choice.problems.length === 0;
      }
      return undefined;
    },
    onDocument(text, index) {
      if (index === 0) scan.statistics(JSON.parse(text));
      else options.onNetlist?.(text, choice?.top ?? '');
      return undefined;
    },
  });
  const problems: Problem[] = [
    ...(choice?.problems ?? []),
    ...parseMessages(outcome.log, plan.messages),
    ...plan.warnings,
  ];
  if (outcome.broken) problems.unshift(outcome.broken);
  else if (outcome.exit === 1 && !problems.some((problem) => problem.severity === 'error')) {
    problems.unshift(
      error('yosys-error', 'Yosys ended with an error and did not say why.', 'Look at the end of the log.'),
    );
  }
  return { plan, outcome, script, scan, top: choice?.top ?? '', problems };
}

interface Choice {
  top: string;
  problems: Problem[];
}

/** The top module: the one chosen, or the only one that no other instantiates. */
export function chooseTop(scan: ModuleScan, slice: RtlSlice): Choice {
  const { modules } = scan;
  const names = modules.map((module) => module.name);
  if (modules.length === 0) {
    return {
      top: '',
      problems: [
        error('no-modules', 'The files define no module.', 'Write a module, or check that no `ifdef hides it.', {
          file: slice.files[0]?.path,
          line: 1,
        }),
      ],
    };
  }
  if (slice.top !== '') {
    const module = scan.get(slice.top);
    if (!module) {
      return {
        top: '',
        problems: [
          error(
            'no-such-top',
            `There is no module ${slice.top} in the files.`,
            `Choose one of ${list(names)}, or none to detect the top.`,
            { path: 'slices.rtl.top' },
          ),
        ],
      };
    }
    return { top: slice.top, problems: parameterProblems(module, slice) };
  }
  const candidates = scan.topCandidates();
  const [only, ...others] = candidates;
  if (!only) {
    return {
      top: '',
      problems: [
        error(
          'no-top',
          `Every module is instantiated by another (${list(names)}), so none is the top.`,
          'Break the circle, or choose the top in the settings.',
          { path: 'slices.rtl.top' },
        ),
      ],
    };
  }
  if (others.length > 0) {
    return {
      top: '',
      problems: [
        error(
          'several-tops',
          `${candidates.length} modules are instantiated by no other: ${list(candidates.map((module) => module.name))}.`,
          'Choose one of them as the top.',
          { path: 'slices.rtl.top', ...only.where },
        ),
      ],
    };
  }
  return { top: only.name, problems: parameterProblems(only, slice) };
}

function parameterProblems(module: SourceModule, slice: RtlSlice): Problem[] {
  if (!module.described) return [];
  const known = module.parameters.map((parameter) => parameter.name);
  return Object.keys(slice.parameters)
    .filter((name) => !known.includes(name))
    .map((name) =>
      error(
        'unknown-parameter',
        `The module ${module.name} has no parameter ${name}.`,
        known.length === 0 ? 'It has no parameters: remove the override.' : `It has ${list(known)}.`,
        { path: `slices.rtl.parameters.${name}` },
      ),
    );
}

/** "a, b and c"; long lists are cut. */
function list(names: readonly string[]): string {
  const shown = names.length > 8 ? [...names.slice(0, 8), `${names.length - 8} more`] : [...names];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

export function moduleInfos({ scan, modules }: Pick<Elaboration, 'scan' | 'modules'>): ModuleInfo[] {
  return (
    modules ??
    scan.modules.map(({ name, where, parameters }) => ({
      name,
      sourceName: name,
      where,
      parameters: parameters.map((parameter) => ({ ...parameter })),
    }))
  );
}
