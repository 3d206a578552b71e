import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { type PreparedDesign, prepareDesign, topModule } from '../synthesis/equivalence/prepare.ts';
import { elaborate } from './elaborate.ts';
import { planOf } from './plan.ts';
import type { Against, RtlSlice } from './types.ts';

/** A version of the design, read for a proof. */
export interface ReadVersion {
  slice: RtlSlice;
  /** Name in the source. */
  top: string;
  design: PreparedDesign;
  script: string;
  /** Warnings. */
  problems: Problem[];
}

/** The design that is compared with, as a slice of its own: what `against` leaves out is as in the design. */
export function goldSliceOf(slice: RtlSlice, against: Against): RtlSlice {
  return {
    ...slice,
    files: against.files,
    top: against.top ?? slice.top,
    parameters: against.parameters ?? slice.parameters,
  };
}

/** Elaborates a version as synthesis does. Problems of the compared version say so, and point into `slices.rtl.against`. */
export async function readVersion(slice: RtlSlice, job: Job, side: 'gold' | 'gate'): Promise<Result<ReadVersion>> {
  const planned = await planOf(slice, job);
  if (!planned.ok) return { ok: false, problems: planned.problems.map((problem) => ofSide(problem, side)) };
  let netlist: { text: string; top: string } | undefined;
  const found = await elaborate(planned.value, slice, {
    stage: 'proof',
    signal: job.signal,
    onNetlist: (text, top) => {
      netlist = { text, top };
    },
  });
  const problems = found.problems.map((problem) => ofSide(problem, side));
  if (found.outcome.exit !== 0 || !netlist) {
    const [first, ...rest] = problems;
    return first?.severity === 'error'
      ? fail(first, ...rest)
      : fail(error('yosys-error', 'Yosys ended without giving the netlist.', 'Look at the problems.'), ...problems);
  }
  const top = topModule(JSON.parse(netlist.text));
  if (!top) return fail(ofSide(error('no-modules', 'The sources hold no module.', 'Add one.'), side));
  const design = prepareDesign(netlist.top, top.module);
  const loop = found.problems.find(({ code }) => code === 'combinational-loop');
  if (loop) design.obstacles.push({ code: loop.code, what: loop.what, remedy: loop.remedy ?? 'Break the loop.' });
  return ok({ slice, top: netlist.top, design, script: found.script, problems });
}

function ofSide(problem: Problem, side: 'gold' | 'gate'): Problem {
  if (side === 'gate') return problem;
  const { where } = problem;
  const path = where?.path?.replace(/^slices\.rtl\.(files|top|parameters)/, 'slices.rtl.against.$1');
  return {
    ...problem,
    what: `In the compared version: ${problem.what}`,
    ...(where && { where: path === undefined ? where : { ...where, path } }),
  };
}
