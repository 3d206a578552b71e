import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { buildScript, toStandardOutput } from '../synthesis/script.ts';
import { runYosys } from '../synthesis/yosys.ts';
import { parseMessages } from '../synthesis/yosys-messages.ts';
import { elaborate } from './elaborate.ts';
import { planOf, type RtlPlan } from './plan.ts';
import type { NetlistFile, NetlistFormat, NetlistSpec, RtlSlice } from './types.ts';

const ENDINGS: Record<NetlistFormat, string> = { verilog: 'v', json: 'json', blif: 'blif' };

/** The netlist of gates as a file: the same gates that `synthesise` counts. */
export async function netlist({ format, ...slice }: NetlistSpec, job: Job): Promise<Result<NetlistFile>> {
  job.progress(0, 'Elaborating');
  const resolved = await resolvePlan(slice, job);
  if (!resolved.ok) return resolved;
  const { plan, top } = resolved.value;
  await breathe(job.signal);

  job.progress(0.3, 'Mapping to gates');
  const run = await runYosys({
    script: toStandardOutput(buildScript({ ...plan.script, stage: 'gates', only: format })),
    files: plan.sources.tree,
    quiet: true,
    signal: job.signal,
  });
  if (run.broken) return fail(run.broken);
  if (run.exit !== 0) return failWith(parseMessages(run.log, plan.messages));
  job.progress(1, 'Done');
  return ok({ name: `${top}.${ENDINGS[format]}`, text: new TextDecoder().decode(run.output) });
}

/** The plan of a slice with its top module worked out. */
export async function resolvePlan(slice: RtlSlice, job: Job): Promise<Result<{ plan: RtlPlan; top: string }>> {
  const plan = await planOf(slice, job);
  if (!plan.ok) return plan;
  const found = await elaborate(plan.value, slice, { stage: 'check', signal: job.signal });
  if (found.outcome.exit !== 0 || found.top === '') return failWith(found.problems);
  const { script } = found.plan;
  return ok({ plan: { ...found.plan, script: { ...script, top: found.top } }, top: found.top });
}

function failWith(problems: readonly Problem[]): Result<never> {
  const [first, ...rest] = problems;
  if (first?.severity === 'error') return fail(first, ...rest);
  return fail(
    error('yosys-error', 'Yosys ended without giving the netlist.', 'Look at the end of the log.'),
    ...problems,
  );
}
