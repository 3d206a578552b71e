import type { Job } from '../core/job.ts';
import { ok, type Problem, type Result } from '../core/result.ts';
import { moduleNames } from '../synthesis/module-names.ts';
import { elaborate, moduleInfos } from './elaborate.ts';
import { MANY_BYTES, planOf, type RtlPlan } from './plan.ts';
import type { CheckReport, ModuleInfo, RtlSlice } from './types.ts';

/**
 * Syntax and elaboration, without synthesis: fast enough for every pause in typing. What is wrong with the sources is
 * part of an ok result, so that it always finds its way to the markers; the result fails only when Yosys itself does.
 */
export async function check(slice: RtlSlice, job: Job): Promise<Result<CheckReport>> {
  const plan = await planOf(slice, job);
  if (!plan.ok) return ok({ top: '', modules: [], problems: plan.problems });
  const bytes = plan.value.sources.entries.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes > MANY_BYTES) {
    const skipped: Problem = {
      code: 'check-skipped',
      severity: 'note',
      what: `The sources hold ${(bytes / 1024 / 1024).toFixed(1)} MB, too much to check while typing.`,
      remedy: 'Synthesise to see errors and warnings.',
    };
    const modules = namesOf(plan.value);
    return ok({ top: slice.top, modules, namesOnly: true, problems: [skipped, ...plan.value.warnings] });
  }
  const found = await elaborate(plan.value, slice, { stage: 'check', signal: job.signal });
  if (found.outcome.broken) return { ok: false, problems: [found.outcome.broken] };
  return ok({ top: found.top, modules: moduleInfos(found), problems: found.problems });
}

/** What the top can be chosen from. */
function namesOf({ sources, compiled }: RtlPlan): ModuleInfo[] {
  const read = new Set(compiled);
  const decoder = new TextDecoder();
  return sources.entries.flatMap(({ alias, content }) => {
    const file = sources.userPath(alias);
    if (!read.has(file)) return [];
    const text = typeof content === 'string' ? content : decoder.decode(content);
    return moduleNames(text).map(({ name, line }) => ({
      name,
      sourceName: name,
      where: { file, line },
      parameters: [],
    }));
  });
}
