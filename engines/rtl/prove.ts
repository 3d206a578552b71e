import type { Job } from '../core/job.ts';
import type { Assumption } from '../core/report.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { proofAssumptions } from '../synthesis/equivalence/assumptions.ts';
import { pairOf } from '../synthesis/equivalence/pair.ts';
import { comparePorts } from '../synthesis/equivalence/ports.ts';
import { type Proof, provePair } from '../synthesis/equivalence/prove-pair.ts';
import type { StepSpec } from '../synthesis/equivalence/scripts.ts';
import { runStep, type StepFinding } from '../synthesis/equivalence/step.ts';
import type { Counterexample } from '../synthesis/equivalence/types.ts';
import { goldSliceOf, type ReadVersion, readVersion } from './against.ts';
import { replay } from './replay.ts';
import type { ProofReport, RtlSlice } from './types.ts';
import { ENGINE } from './version.ts';

/** A worker is ended so long after the limit that a step keeps itself. */
const GRACE_MS = 1000;

/**
 * Proves the design equal to what `against` names, or finds the shortest inputs that tell them apart. Steps of the proof run in workers of their
 * own; what is found so far is streamed as `Partial<ProofReport>`.
 */
export async function prove(slice: RtlSlice, job: Job): Promise<Result<ProofReport>> {
  const started = performance.now();
  const { against, proof: options } = slice;
  if (!against) {
    return fail(
      error('no-against', 'There is no version that this design could be compared with.', 'Choose one, or pin one.', {
        path: 'slices.rtl.against',
      }),
    );
  }
  job.progress(0, 'Reading both versions');
  const gate = await readVersion(slice, job, 'gate');
  const gold = await readVersion(goldSliceOf(slice, against), job, 'gold');
  if (!gate.ok || !gold.ok) {
    const [first, ...rest] = [...(gate.ok ? [] : gate.problems), ...(gold.ok ? [] : gold.problems)];
    return first ? fail(first, ...rest) : fail(error('unread', 'The versions could not be read.'));
  }
  const versions = { gold: gold.value, gate: gate.value };
  const [portProblem, ...morePorts] = comparePorts(
    { name: versions.gold.top, module: versions.gold.design.module },
    { name: versions.gate.top, module: versions.gate.design.module },
    'slices.rtl.against',
  );
  if (portProblem) return fail(portProblem, ...morePorts);

  const preparation = { gold: versions.gold.script, gate: versions.gate.script };
  const problems = [...obstacles(versions), ...notes(versions)];
  const report = (proof: Proof, assumptions: Assumption[], counterexample?: Counterexample): ProofReport => ({
    engine: ENGINE,
    figures: {
      equivalence: proof.verdict,
      boundedDepth: proof.boundedDepth,
      pointsMatched: proof.points.matched,
      pointsProved: proof.points.proved,
      counterexampleCycles: counterexample?.cycles ?? null,
    },
    provenance: {},
    artefacts: [],
    assumptions,
    measured: { timesMs: { all: performance.now() - started }, log: [] },
    top: versions.gate.top,
    verdict: proof.verdict,
    boundedDepth: proof.boundedDepth,
    points: proof.points,
    steps: proof.steps,
    preparation,
    ...(counterexample && { counterexample }),
    problems: [...problems, ...proof.problems],
  });
  if (problems.some(({ severity }) => severity === 'error')) return ok(report(NOTHING, []));

  const pair = pairOf(versions.gold.design, versions.gate.design, options.start);
  if (options.start === 'reset' && pair.model !== 'combinational' && pair.resets.length === 0) {
    return fail(noReset(pair.model === 'moments'));
  }
  const assumptions = proofAssumptions(options, pair);
  const proof = await provePair(pair, options, {
    run: (spec) => job.call<StepFinding>('rtl/proof-step', spec, { timeoutMs: spec.limitMs + GRACE_MS }),
    progress: (fraction, what, soFar) =>
      job.progress(0.1 + 0.8 * fraction, what, { ...soFar, preparation } satisfies Partial<ProofReport>),
  });
  job.log(`${proof.steps.length} steps: ${proof.verdict}`);
  if (!proof.trace) return ok(report(proof, assumptions));
  job.progress(0.92, 'Simulating the counterexample', { ...proof, trace: undefined, preparation });
  const example = await replay(pair, versions, proof.trace, options.start, job);
  if (!example.ok) {
    return ok(
      report({ ...proof, verdict: 'undecided', problems: [...proof.problems, ...example.problems] }, assumptions),
    );
  }
  job.progress(1, 'Done');
  const { counterexample, problems: found } = example.value;
  return ok(report({ ...proof, problems: [...proof.problems, ...found] }, assumptions, counterexample));
}

/** One run of Yosys of a proof: `rtl/proof-step`, which `prove` calls. */
export function proofStep(spec: StepSpec, job: Job): Promise<Result<StepFinding>> {
  return runStep(spec, job.signal);
}

function noReset(clocks: boolean): Problem {
  const where = { path: 'slices.rtl.proof.start' };
  return clocks
    ? error(
        'no-reset-start',
        'A proof that starts with a reset needs one clock and one edge for all registers; this design has more, or latches.',
        'Start registers at zero or at anything.',
        where,
      )
    : error(
        'no-reset-start',
        'No input is named as a reset (rst, reset, rst_n ..), so the proof cannot start with one.',
        'Start registers at zero or at anything, or rename the input.',
        where,
      );
}

const NOTHING: Proof = {
  verdict: 'undecided',
  boundedDepth: 0,
  points: { matched: 0, proved: 0 },
  steps: [],
  problems: [],
};

export type Versions = Record<'gold' | 'gate', ReadVersion>;

function obstacles({ gold, gate }: Versions): Problem[] {
  const of = ({ design }: ReadVersion, prefix: string): Problem[] =>
    design.obstacles.map(({ code, what, remedy }) => error(code, `${prefix}${what}`, remedy));
  return [...of(gold, 'In the compared version: '), ...of(gate, '')];
}

function notes({ gold, gate }: Versions): Problem[] {
  const all = new Set([...gold.design.notes, ...gate.design.notes]);
  const found: Problem[] = [...all].map((what) => ({ code: 'proof-note', severity: 'note', what }));
  const lowered = [...gold.problems, ...gate.problems].filter(({ code }) => code === 'lowered');
  return [...found, ...lowered];
}
