/** Runs a counterexample on both versions in the studio's own simulator. */
import type { Job } from '../core/job.ts';
import { fail, ok, type Problem, type Result } from '../core/result.ts';
import { counterexampleBench } from '../synthesis/equivalence/bench.ts';
import { type Example, readExample, startValues } from '../synthesis/equivalence/example.ts';
import type { Pair } from '../synthesis/equivalence/pair.ts';
import type { SatTrace } from '../synthesis/equivalence/trace.ts';
import type { Counterexample, ProofOptions } from '../synthesis/equivalence/types.ts';
import { sideBySide } from '../synthesis/equivalence/waves.ts';
import type { SimulateReport } from '../verilog/types.ts';
import type { ReadVersion } from './against.ts';
import { simulateSpecOf } from './simulation.ts';

/** The counterexample that a solver's model describes, simulated; problems tell where the simulator says something else. */
export async function replay(
  pair: Pair,
  versions: Record<'gold' | 'gate', ReadVersion>,
  trace: SatTrace,
  start: ProofOptions['start'],
  job: Job,
): Promise<Result<{ counterexample: Counterexample; problems: Problem[] }>> {
  const example = readExample(pair, trace, start);
  if ('code' in example) return fail(example);
  const gold = await simulateVersion(pair, versions.gold, example, 'gold', job);
  const gate = await simulateVersion(pair, versions.gate, example, 'gate', job);
  const problems = [...gold.problems, ...gate.problems];
  const failsAtEnd = new RegExp(`^FAIL in ${example.step} ${example.cycles}:`);
  const confirmed =
    gold.run?.verdict.kind === 'passed' && (gate.run?.console.some(({ text }) => failsAtEnd.test(text)) ?? false);
  const sides = [
    ...(gold.run ? [{ name: 'gold', instance: gold.instance, waves: gold.run.waves }] : []),
    ...(gate.run ? [{ name: 'gate', instance: gate.instance, waves: gate.run.waves }] : []),
  ];
  return ok({
    counterexample: {
      ...example,
      start: { gold: startValues(example.start.gold), gate: startValues(example.start.gate) },
      waves: sideBySide(sides),
      precision: gate.run?.precision ?? gold.run?.precision ?? -9,
      endTicks: Math.max(gold.run?.endTicks ?? 0, gate.run?.endTicks ?? 0),
      bench: gate.bench,
      confirmed,
    },
    problems,
  });
}

interface Simulated {
  bench: { path: string; text: string };
  instance: string;
  run?: SimulateReport;
  problems: Problem[];
}

async function simulateVersion(
  pair: Pair,
  { slice, top }: ReadVersion,
  example: Example,
  side: 'gold' | 'gate',
  job: Job,
): Promise<Simulated> {
  const taken = new Set(slice.files.map(({ path }) => path));
  const base = top.replace(/\W/g, '_');
  let name = `${base}_differs_tb`;
  let path = `bench/${name}.v`;
  for (let i = 2; taken.has(path); i++) {
    name = `${base}_differs_${i}_tb`;
    path = `bench/${name}.v`;
  }
  const { text, instance } = counterexampleBench({
    name,
    top,
    parameters: slice.parameters,
    example,
    ...(pair.clock && { clock: pair.clock }),
    first: [...new Set([...pair.gold.clockInputs, ...pair.gate.clockInputs])],
    start: example.start[side],
    title: `Inputs that tell two versions of ${top} apart, found by proof. The expected values are those\nof the version that was compared with: it passes, the other fails in ${example.step} ${example.cycles}.`,
  });
  const files = [...slice.files.filter(({ role }) => role !== 'bench'), { path, text, role: 'bench' as const }];
  const spec = simulateSpecOf({
    ...slice,
    files,
    simulation: {
      ...slice.simulation,
      tops: [name],
      timeLimit: '',
      plusArgs: [],
      specify: false,
      record: 'all',
      eventLimit: 100_000_000,
    },
  });
  // Loaded when it is needed: most proofs end without a counterexample.
  const { simulateEntry } = await import('../verilog/entries/simulate.ts');
  const quiet: Job = { ...job, progress() {}, log() {} };
  const result = await simulateEntry(spec, quiet);
  const bench = { path, text };
  if (result.ok) return { bench, instance, run: result.value, problems: [] };
  const problems = result.problems
    .filter(({ severity }) => severity === 'error')
    .slice(0, 3)
    .map(
      (problem): Problem => ({
        code: 'not-simulated',
        severity: 'warning',
        what: `The ${side === 'gold' ? 'compared version' : 'design'} could not be simulated with the counterexample: ${problem.what}`,
        ...(problem.where && side === 'gate' && { where: problem.where }),
        remedy: 'The values of the counterexample stand; only their waves are missing.',
      }),
    );
  return { bench, instance, problems };
}
