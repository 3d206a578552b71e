/** The proof that two designs are equal, as a series of runs of Yosys; how a run is made is the caller's. */
import { error, type Problem, type Result } from '../../core/result.ts';
import type { Pair } from './pair.ts';
import { scriptName } from './pair.ts';
import { afterResetScript, boundedScript, inductionScript, type StepSpec, structuralScript } from './scripts.ts';
import { differingPoints, endedStep, type StepFinding } from './step.ts';
import type { SatTrace } from './trace.ts';
import type { ProofOptions, ProofOutcome, ProofStep } from './types.ts';

/**
 * Rounds of equivalence passes: steps back in time that each looks, which are searched from the start state before. One step proves most of
 * what has kept its registers, and is quick; each further round leaves out the names that stood for different things in the round before.
 */
const ROUNDS = [1, 4, 4, 4];
/** The search from the start state is cut into runs of so many steps, so that a run that is ended leaves what those before found. */
const FIRST_DEPTH = 4;
const DEPTH_FACTOR = 4;

export type Proof = Pick<ProofOutcome, 'verdict' | 'boundedDepth' | 'points' | 'steps' | 'problems'> & {
  trace?: SatTrace;
};

export interface ProofHost {
  run(spec: StepSpec): Promise<Result<StepFinding>>;
  progress(fraction: number, what: string, soFar: Omit<Proof, 'verdict' | 'trace'>): void;
}

/** Equivalence passes, then the search for a difference, then induction, as far as it takes to know. */
export async function provePair(pair: Pair, options: ProofOptions, host: ProofHost): Promise<Proof> {
  const proof: Proof = {
    verdict: 'undecided',
    boundedDepth: 0,
    points: { matched: 0, proved: 0 },
    steps: [],
    problems: [],
  };
  const limitMs = options.timeLimitS * 1000;
  const step = async (
    fraction: number,
    what: string,
    method: ProofStep['method'],
    built: Omit<StepSpec, 'limitMs'>,
  ): Promise<StepFinding> => {
    host.progress(fraction, what, { ...proof, steps: [...proof.steps], problems: [...proof.problems] });
    const result = await host.run({ ...built, limitMs });
    const finding = result.ok ? result.value : endedStep(result.problems);
    // The cycle of a reset counts, where there was one.
    if (built.reads === 'search' && finding.depth > 0 && pair.resets.length > 0) finding.depth++;
    proof.steps.push({ method, what, outcome: finding.outcome, depth: finding.depth, script: built.script });
    if (finding.outcome === 'failed') {
      proof.problems.push({
        code: 'proof-step-failed',
        severity: 'warning',
        what: `A step of the proof (${what}) ended early: ${finding.why ?? 'Yosys did not say why.'}`,
        remedy: 'Look at the script of the step; what the other steps found stands.',
      });
    }
    return finding;
  };

  if (await byPasses(pair, options, proof, step)) return { ...proof, verdict: 'equal' };
  const depth = pair.model === 'combinational' ? 1 : Math.max(pair.resets.length > 0 ? 2 : 1, options.depth);
  for (const reach of reaches(depth)) {
    const what =
      pair.model === 'combinational'
        ? 'search for inputs that tell them apart'
        : `search for a difference within ${reach} steps`;
    const found = await step(
      0.3 + (0.4 * proof.boundedDepth) / depth,
      what,
      'bounded',
      boundedScript(pair, options, reach),
    );
    proof.boundedDepth = Math.max(proof.boundedDepth, found.depth);
    if (found.outcome === 'different') {
      if (found.trace) return { ...proof, verdict: 'different', trace: found.trace };
      proof.problems.push(
        error(
          'incomplete-model',
          `Yosys found a difference in step ${found.depth + 1}, but the inputs that it printed could not be read.`,
          'Run the script of the last step with a native Yosys.',
        ),
      );
      return proof;
    }
    if (found.outcome !== 'nothing') break;
    if (pair.model === 'combinational' && found.depth >= 1) {
      // Without registers, one step is all time.
      proof.steps.at(-1)!.outcome = 'equal';
      return { ...proof, verdict: 'equal' };
    }
  }
  // The cycle of the reset is not compared, so induction has one less to stand on.
  const compared = proof.boundedDepth - (pair.resets.length > 0 ? 1 : 0);
  if (pair.model !== 'combinational' && compared > 0) {
    const built = inductionScript(pair, compared);
    const found = await step(0.75, `induction over up to ${compared} steps`, 'induction', built);
    if (found.outcome === 'equal') return { ...proof, verdict: 'equal' };
  }
  proof.problems.push(undecided(proof, depth, options));
  return proof;
}

async function byPasses(
  pair: Pair,
  options: ProofOptions,
  proof: Proof,
  step: (
    fraction: number,
    what: string,
    method: 'structural',
    built: Omit<StepSpec, 'limitMs'>,
  ) => Promise<StepFinding>,
): Promise<boolean> {
  if (pair.unknowns && (pair.gold.looksAtUnknowns || pair.gate.looksAtUnknowns)) {
    proof.problems.push({
      code: 'no-passes',
      severity: 'note',
      what: 'The equivalence passes are left out: the design makes x and tests for it (===), which they cannot follow.',
      remedy: 'Compare with == in what is synthesised.',
    });
    return false;
  }
  const outputBits = pair.outputs.reduce((sum, { width }) => sum + width, 0);
  const ports = new Set([...pair.inputs, ...pair.outputs].map(({ name }) => scriptName(name)));
  const unmatched: string[] = [];
  for (const [round, history] of ROUNDS.entries()) {
    const left =
      unmatched.length === 0 ? '' : `, ${unmatched.length} ${unmatched.length === 1 ? 'name' : 'names'} left out`;
    const back = pair.model === 'combinational' ? '' : history === 1 ? ', one step back' : `, ${history} steps back`;
    const found = await step(
      0.08 * round,
      `equivalence passes over nets of the same name${left}${back}`,
      'structural',
      structuralScript(pair, options, { history, unmatched }),
    );
    if (found.points.matched > 0) proof.points = found.points;
    // Every bit of every output is a point.
    if (found.outcome === 'equal' && found.points.matched < outputBits) return false;
    let { open } = found;
    if (found.outcome === 'equal' && pair.resets.length > 0 && found.later.length > 0) {
      // The passes took for granted that points were equal before; here is where that begins.
      proof.steps.at(-1)!.outcome = 'nothing';
      const first = await step(
        0.08 * round + 0.04,
        `${history === 1 ? 'the first cycle' : `the first ${history} cycles`} after the reset, on which the passes stand`,
        'structural',
        afterResetScript(pair, options, { history, names: found.later }),
      );
      if (first.outcome === 'different') {
        open = differingPoints(first.trace);
        proof.steps.at(-1)!.outcome = 'nothing';
      } else if (first.outcome === 'nothing') {
        proof.steps.at(-1)!.outcome = 'equal';
        proof.boundedDepth = Math.max(proof.boundedDepth, first.depth);
        return true;
      } else return false;
    } else if (found.outcome === 'equal') {
      proof.boundedDepth = Math.max(proof.boundedDepth, found.depth, pair.model === 'combinational' ? 1 : 0);
      return true;
    } else if (found.outcome !== 'nothing') return false;
    // A name that stands for different things in both says nothing; outputs must stay.
    const misleading = open.filter((name) => !ports.has(name) && !unmatched.includes(name));
    if (misleading.length === 0 && (pair.model === 'combinational' || history > 1)) return false;
    unmatched.push(...misleading);
  }
  return false;
}

function* reaches(depth: number): Generator<number> {
  for (let reach = FIRST_DEPTH; reach < depth; reach *= DEPTH_FACTOR) yield reach;
  yield depth;
}

function undecided({ steps, boundedDepth, points }: Proof, depth: number, { timeLimitS }: ProofOptions): Problem {
  const late = steps.some(({ outcome }) => outcome === 'timed-out');
  const covered =
    boundedDepth > 0
      ? `No difference exists within ${boundedDepth} ${boundedDepth === 1 ? 'step' : 'steps'} from the start`
      : 'No search from the start came to its end';
  const passes =
    points.matched > 0
      ? `, and ${points.proved} of ${points.matched} pairs of nets are proved equal as far as the others are`
      : '';
  return {
    code: 'undecided',
    severity: 'warning',
    what: `It is not decided whether both versions are equal. ${covered}${passes}; that is no proof.`,
    remedy: late
      ? `Allow more time than ${timeLimitS} s a step, make the design smaller by its parameters, or keep the names of inner signals and registers the same in both versions.`
      : `Search deeper than ${depth} steps, or keep the names of inner signals and registers the same in both versions, so that the passes can match them.`,
  };
}
