import { breathe } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import { fail, ok, type Problem, type Result } from '../../core/result.ts';
import { compileBy } from '../methods.ts';
import { prepare } from '../prepare.ts';
import type { CimSlice, PlanId } from '../types.ts';
import { emitProgram } from './emit.ts';
import { runProgram } from './execute.ts';
import { cannotRun } from './limits.ts';
import { makeNumbers } from './numbers.ts';
import { runReference } from './reference.ts';
import { lineOf, parseProgram, printProgram } from './text.ts';
import type { Program } from './types.ts';
import { validateProgram } from './validate.ts';

/** Spec of the entry `program`. */
export interface ProgramSpec {
  slice: CimSlice;
  planId: PlanId;
}

export interface ProgramReport {
  lines: string[];
  /** Where each segment's block begins: its line, from 1. */
  blocks: { segment: number; line: number; name: string; instructions: number }[];
  /** Instructions by kind, as they are written. */
  counts: Record<string, number>;
}

/** Spec of the entry `verify`. */
export interface VerifySpec extends ProgramSpec {
  seed: number;
  /** A program of the user's own, in place of the compiled one. */
  text?: string;
}

export interface VerifyReport {
  equal: boolean;
  /** Layers with products, and the network's outputs, as the program and the reference have them. */
  layers: { name: string; values: number; differences: number; largest: number }[];
  instructions: number;
  /** Uses of an array whose mode was checked. */
  modeChecks: number;
  macs: number;
  problems: Problem[];
  assumptions: string[];
}

async function planned({ slice, planId }: ProgramSpec, job: Job) {
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  const { network, problem } = prepared.value;
  const plan = await compileBy(planId, slice, problem, job);
  if (!plan.ok) return plan;
  return ok({ network, problem, plan: plan.value });
}

/** The meta-operator program of a plan, as text. */
export async function program(spec: ProgramSpec, job: Job): Promise<Result<ProgramReport>> {
  const made = await planned(spec, job);
  if (!made.ok) return made;
  const { network, problem, plan } = made.value;
  const emitted = emitProgram(network, problem, plan);
  await breathe(job.signal);
  const counts: Record<string, number> = {};
  for (const block of emitted.segments) {
    for (const each of block) {
      const name = { switch: 'CM.switch', write: 'CIM.write_core', read: 'CIM.read_core', alu: 'ALU' }[each.op];
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  const blocks = emitted.segments.map((block, segment) => {
    const operators = plan.segments[segment]!.operators.map((each) => problem.operators[each]!.name);
    const name = operators.length > 1 ? `${operators[0]} to ${operators.at(-1)}` : operators[0]!;
    return { segment, line: lineOf(emitted, segment, -1), name, instructions: block.length };
  });
  return ok({ lines: [...printProgram(emitted)], blocks, counts });
}

/** What a run rests on. */
const ASSUMPTIONS = [
  'Weights and inputs are random whole numbers of the weights’ and activations’ bits, from the seed.',
  'Arrays hold weights in offset binary, cut into cells; the offset is taken off by the sum of the inputs, as such chips do.',
  'Sums are whole numbers of 32 bits; a layer’s sums are shifted, rounded and clipped to its activations’ bits by one rule.',
  'What the vector unit does is the same code in the program and in the reference: proved are products, their parts, arrays, modes, addresses and order.',
  'Arrays beyond whole copies of an operator’s weights hold part of a further copy and are not used.',
  'Every result is also stored in main memory; which bytes stay in memory arrays is counted by the judge, not traced here.',
];

/**
 * Runs a plan's program, or one of the user's own, on a network of small integers, and compares every layer with the network
 * computed directly. Every use of an array checks its mode.
 */
export async function verify(spec: VerifySpec, job: Job): Promise<Result<VerifyReport>> {
  const made = await planned(spec, job);
  if (!made.ok) return made;
  const { network, problem, plan } = made.value;
  const refused = cannotRun(network, problem);
  if (refused) return fail(refused);
  let code: Program;
  if (spec.text === undefined) code = emitProgram(network, problem, plan);
  else {
    const read = parseProgram(spec.text);
    if (!read.ok) return read;
    code = read.value;
  }
  const problems = validateProgram(code, network, problem);
  if (problems.some(({ severity }) => severity === 'error')) {
    return fail(problems[0]!, ...problems.slice(1));
  }
  const numbers = makeNumbers(network, problem.hardware, spec.seed);
  job.progress(0.1, 'Computing the network directly');
  const truth = await runReference(network, numbers, job.signal);
  job.progress(0.3, 'Running the program');
  const run = await runProgram(code, network, problem, numbers, {
    signal: job.signal,
    progress: (fraction) => job.progress(0.3 + 0.7 * fraction, 'Running the program'),
  });
  if (!run.ok) return run;
  const { results, modeChecks, instructions } = run.value;
  const layers = network.layers.flatMap(({ index, name, kind, consumers }) => {
    const product = kind.op === 'conv' || kind.op === 'fc' || kind.op === 'matmul';
    if (!product && consumers.length > 0) return [];
    const [own, right] = [results[index], truth[index]!];
    if (!own) return [{ name, values: right.length, differences: right.length, largest: 0 }];
    let differences = 0;
    let largest = 0;
    for (let at = 0; at < right.length; at++) {
      const off = Math.abs(own[at]! - right[at]!);
      if (off > 0) differences += 1;
      largest = Math.max(largest, off);
    }
    return [{ name, values: right.length, differences, largest }];
  });
  return ok({
    equal: layers.every(({ differences }) => differences === 0),
    layers,
    instructions,
    modeChecks,
    macs: problem.operators.reduce((sum, { macs }) => sum + macs, 0),
    problems,
    assumptions: ASSUMPTIONS,
  });
}
