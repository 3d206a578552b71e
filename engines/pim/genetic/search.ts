import { wholeDigits } from '../../core/digits.ts';
import type { Job } from '../../core/job.ts';
import { fail, ok, type Problem, type Result } from '../../core/result.ts';
import { evolve, type GeneticSettings, type GeneticState } from '../../search/genetic.ts';
import { runIsland } from '../../search/island.ts';
import type { IslandReport, IslandTask } from '../../search/types.ts';
import { type Prepared, prepare } from '../build.ts';
import { doesNotFit } from '../fit.ts';
import { mappingData } from '../mapping-data.ts';
import type { GeneticTrace, Mapping, MappingData, PimSlice } from '../types.ts';
import type { Genome } from './genome.ts';
import type { MoveNotes } from './moves.ts';
import { MappingProblem } from './problem.ts';

type Task = IslandTask<Genome, MoveNotes>;
type Report = IslandReport<Genome, MoveNotes>;

/** What the entry `pim/fitness` takes: a piece of a search, and the design that it belongs to. */
export interface FitnessSpec {
  slice: PimSlice;
  task: Task;
}

/** What the search streams: `trace.evaluations` as `genetic.stopAfter` gives this very mapping again. */
export interface SearchPartial {
  mapping: MappingData;
  genetic: GeneticTrace;
}

/** Islands and how long they live alone: ours, of no great influence. */
const ISLANDS = 4;
const GENERATIONS_PER_EPOCH = 4;

/**
 * Replication and mapping by a genetic search (DAC'23, IV-B; TCAD, IV-C), as `slice.replication` and `slice.mapping` ask:
 * what is not 'genetic' stays with its heuristic. Seeded by the job's seed, elitist by the evaluation of the final report,
 * on all cores where a host serves `pim/fitness`, else here; the same result either way. Streams the best so far as
 * `SearchPartial`. Fails where a single copy of each layer does not fit.
 * @throws AbortError when the job is cancelled.
 */
export async function searchMapping(
  slice: PimSlice,
  prepared: Prepared,
  job: Job,
): Promise<Result<{ mapping: Mapping; trace: GeneticTrace }>> {
  const problem = new MappingProblem(prepared, slice, job.signal);
  const seeds = problem.seeds();
  if (seeds.named.length + seeds.further.length === 0) return fail(doesNotFit(prepared.layers, prepared.hardware));
  const settings: GeneticSettings = {
    seed: job.seed,
    islands: ISLANDS,
    population: slice.genetic.population,
    generations: slice.genetic.generations,
    generationsPerEpoch: GENERATIONS_PER_EPOCH,
    patience: slice.genetic.patience,
    stopAfter: slice.genetic.stopAfter,
    // The models are the released clock's own; of the own evaluator they are an estimate, to be corrected more often.
    survivors: slice.evaluator === 'reference' ? 1 : 3,
    margin: slice.evaluator === 'reference' ? 1.2 : 4,
  };
  const trace: GeneticTrace = { generations: [], evaluations: 0, startNs: 0, bestNs: 0, stopped: 'taken' };
  const runner = new Runner(slice, problem, job);
  try {
    const outcome = await evolve<Genome, MoveNotes>(seeds, settings, {
      run: (tasks) => runner.run(tasks),
      key: (genome) => problem.key(genome),
      onEpoch(state) {
        note(trace, state);
        const mapping = problem.mappingOf(state.best.genome, methodOf(state));
        const what = `Generation ${state.generation}: ${Math.round(trace.bestNs)} ns after ${state.evaluations} evaluations`;
        const partial: SearchPartial = { mapping: mappingData(mapping), genetic: structuredClone(trace) };
        job.progress(state.generation / Math.max(1, settings.generations), what, partial);
      },
    });
    trace.stopped = outcome.stopped;
    return ok({ mapping: problem.mappingOf(outcome.best.genome, methodOf(outcome)), trace });
  } catch (reason) {
    if (reason instanceof TaskFailed) return { ok: false, problems: reason.problems };
    throw reason;
  }
}

function note(trace: GeneticTrace, state: GeneticState<Genome, MoveNotes>): void {
  const { generation, evaluations, median } = state;
  const bestNs = state.best.exact!;
  trace.generations.push({ generation, evaluations, bestNs, medianNs: median });
  trace.evaluations = evaluations;
  trace.bestNs = bestNs;
  trace.startNs = state.start.exact!;
}

function methodOf({ evaluations }: { evaluations: number }): string {
  return `genetic, ${wholeDigits(evaluations)} evaluations`;
}

class TaskFailed extends Error {
  constructor(readonly problems: Problem[]) {
    super(problems[0]?.what);
  }
}

/** Runs islands on the host's workers, or one after the other where nobody serves them. */
class Runner {
  private alone = false;

  constructor(
    private readonly slice: PimSlice,
    private readonly problem: MappingProblem,
    private readonly job: Job,
  ) {}

  async run(tasks: Task[]): Promise<Report[]> {
    if (!this.alone) {
      const specs = tasks.map((task): FitnessSpec => ({ slice: this.slice, task }));
      const results = await this.job.map<Report>('pim/fitness', specs);
      const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
      if (problems.length === 0) return results.map((result) => (result as { value: Report }).value);
      if (problems.some(({ code }) => code !== 'unknown-entry')) throw new TaskFailed(problems);
      this.alone = true;
    }
    const reports: Report[] = [];
    for (const task of tasks) reports.push(await runIsland(this.problem, task, this.job.signal));
    return reports;
  }
}

let last: { key: string; problem: MappingProblem } | undefined;

/** The entry `pim/fitness`: one piece of a search. A worker keeps the last network that it prepared. */
export async function fitness({ slice, task }: FitnessSpec, job: Job): Promise<Result<Report>> {
  const key = JSON.stringify(slice);
  if (last?.key !== key) {
    const prepared = await prepare(slice, job);
    if (!prepared.ok) return prepared;
    last = { key, problem: new MappingProblem(prepared.value, slice, job.signal) };
  }
  const { problem } = last;
  problem.signal = job.signal;
  return ok(await runIsland(problem, task, job.signal));
}
