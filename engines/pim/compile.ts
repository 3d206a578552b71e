import { breathe } from '../core/abort.ts';
import { wholeDigits as whole } from '../core/digits.ts';
import type { Job } from '../core/job.ts';
import { ok, type Problem, type Result } from '../core/result.ts';
import { stopwatch } from '../core/stopwatch.ts';
import { totalsOf } from '../onnx/counts.ts';
import { assumptionsOf } from './assumptions.ts';
import { type BaselineContext, runBaseline } from './baselines.ts';
import { type Built, build, evaluate, type Prepared, prepare, schedule } from './build.ts';
import { coreCount } from './hardware.ts';
import { mapNetwork } from './map-network.ts';
import { mappingData, mappingFromData } from './mapping-data.ts';
import { Op } from './program/types.ts';
import { coreTable, layerTable } from './report-tables.ts';
import type {
  BaselineResult,
  EvaluatorName,
  GeneticTrace,
  Mapping,
  MappingData,
  PimFigures,
  PimReport,
  PimSlice,
  StageReport,
} from './types.ts';
import { ENGINE } from './version.ts';

/**
 * Compiles a network onto a crossbar accelerator, as PIMCOMP does (DAC'23, TCAD): partitioning, replication, mapping,
 * scheduling, emission, and the evaluation of the program by the chosen clock. The genetic search streams its best so far
 * as partial reports. Problems of the design (a network that does not fit, an unknown preset, a broken model) are values.
 */
export async function compile(slice: PimSlice, job: Job): Promise<Result<PimReport>> {
  return compileBy(slice, job, (prepared, inner) => mapNetwork(slice, prepared, inner));
}

/** A design with the mapping that a search under way has found best: the report of `compile`, without the search. */
export async function taken({ slice, mapping, genetic }: TakenSpec, job: Job): Promise<Result<PimReport>> {
  return compileBy(slice, job, async (prepared) => {
    const found = mappingFromData(mapping, prepared.layers, prepared.hardware);
    return found.ok ? ok({ mapping: found.value, genetic }) : found;
  });
}

/** Spec of the entry `taken`. `genetic` is what the search had done by then. */
export interface TakenSpec {
  slice: PimSlice;
  mapping: MappingData;
  genetic: GeneticTrace;
}

type Mapper = (prepared: Prepared, job: Job) => Promise<Result<{ mapping: Mapping; genetic?: GeneticTrace }>>;

async function compileBy(slice: PimSlice, job: Job, map: Mapper): Promise<Result<PimReport>> {
  const clock = stopwatch();
  job.progress(0, 'Reading the network');
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  clock('network and partition');
  await breathe(job.signal);

  job.progress(0.1, 'Placing array groups');
  const searched = slice.replication === 'genetic' || slice.mapping === 'genetic';
  const mapped = await map(prepared.value, {
    ...job,
    progress: (fraction, what, partial) => job.progress(0.1 + (searched ? 0.7 : 0.1) * fraction, what, partial),
  });
  if (!mapped.ok) return mapped;
  clock('mapping');
  await breathe(job.signal);

  job.progress(searched ? 0.8 : 0.2, 'Scheduling');
  const built = await build(prepared.value, mapped.value.mapping, slice, {
    ...job,
    progress: (fraction, what) => job.progress((searched ? 0.8 : 0.2) + (searched ? 0.15 : 0.5) * fraction, what),
  });
  if (!built.ok) return built;
  clock('schedule and evaluation');

  const other: EvaluatorName = slice.evaluator === 'own' ? 'reference' : 'own';
  const quiet = { signal: job.signal, progress: () => {} };
  const otherwise = await evaluate(
    other,
    withClock(prepared.value, other),
    mapped.value.mapping,
    built.value.program,
    quiet,
  );
  clock('the other clock');

  const baselines: BaselineResult[] = [];
  const problems: Problem[] = [...prepared.value.problems];
  for (const [index, id] of slice.baselines.entries()) {
    job.progress(0.85 + (0.15 * index) / slice.baselines.length, `Running a baseline (${id})`);
    const baseline = await runBaseline(id, baselineContext(slice, prepared.value, quiet), job);
    if (baseline.ok) baselines.push(baseline.value);
    else problems.push(...baseline.problems.map((problem) => ({ ...problem, severity: 'warning' as const })));
  }
  if (baselines.length > 0) clock('baselines');

  const { genetic } = mapped.value;
  return ok({
    ...reportOf(slice, built.value, genetic),
    otherClock: { evaluator: other, timeNs: otherwise.timeNs },
    baselines,
    problems,
    measured: { timesMs: clock.timesMs, log: [] },
  });
}

/** Baselines run on the design's own network, chip, scheduler and clock, so that only the method differs. */
function baselineContext(slice: PimSlice, prepared: Prepared, job: Pick<Job, 'signal' | 'progress'>): BaselineContext {
  return {
    ...prepared,
    mode: slice.mode,
    schedule: (mapping, mode) => schedule(prepared, mapping, { ...slice, mode }, job),
    evaluate: (program, mapping) => evaluate(slice.evaluator, prepared, mapping, program, job),
  };
}

/** The same chip with the product latency that belongs to a clock. */
function withClock(prepared: Prepared, evaluator: EvaluatorName): Prepared {
  return { ...prepared, hardware: prepared.clocks[evaluator] };
}

/** The report of a compiled design, without what is run beside it. */
export function reportOf(slice: PimSlice, built: Built, genetic?: GeneticTrace): PimReport {
  const { prepared, mapping, program, evaluation } = built;
  const { network, hardware } = prepared;
  return {
    engine: ENGINE,
    figures: figuresOf(built),
    provenance: {},
    hardware,
    mode: slice.mode,
    evaluator: slice.evaluator,
    layers: layerTable(network, mapping, hardware, evaluation, slice.crossbar),
    cores: coreTable(mapping, hardware, program, evaluation),
    energy: evaluation.energy,
    baselines: [],
    stages: stagesOf(slice, built, genetic),
    ...(genetic && { genetic }),
    problems: prepared.problems,
    assumptions: assumptionsOf({ ...slice, hardware }),
    artefacts: [{ kind: 'mapping', version: 1, data: mappingData(mapping) }],
    measured: { timesMs: {}, log: [] },
  };
}

function figuresOf({ prepared: { hardware }, mapping, program, evaluation }: Built): PimFigures {
  const { ags } = mapping;
  const crossbars = ags.crossbars.reduce((sum, count) => sum + count, 0);
  const onChip = coreCount(hardware) * hardware.crossbar.perCore;
  const { energy, timeNs } = evaluation;
  const { staticPj, ...dynamic } = energy;
  const dynamicEnergyPj = Object.values(dynamic).reduce((sum, part) => sum + part, 0);
  return {
    timeNs,
    throughputPerSecond: 1e9 / timeNs,
    crossbars,
    arrayGroups: ags.count,
    utilisationPercent: (100 * crossbars) / onChip,
    coresUsed: coresWithProducts(program),
    instructionGroups: program.groups,
    instructions: program.count,
    mvms: evaluation.mvms,
    transfers: evaluation.transfers,
    transferBytes: evaluation.transferBytes,
    loadBytes: evaluation.loadBytes,
    storeBytes: evaluation.storeBytes,
    energyPj: dynamicEnergyPj + staticPj,
    staticEnergyPj: staticPj,
    dynamicEnergyPj,
    peakLocalMemoryBytes:
      program.localElements.reduce((most, count) => Math.max(most, count), 0) * program.elementBytes,
  };
}

function coresWithProducts(program: Built['program']): number {
  let cores = 0;
  for (let core = 0; core < program.cores; core++) {
    const own = program.op.subarray(program.coreStart[core], program.coreStart[core + 1]);
    if (own.includes(Op.MVMUL)) cores++;
  }
  return cores;
}

function stagesOf(
  slice: PimSlice,
  { prepared, mapping, program, evaluation }: Built,
  genetic?: GeneticTrace,
): StageReport[] {
  const { network, hardware, layers } = prepared;
  const totals = totalsOf(network);
  const ags = layers.reduce((sum, layer) => sum + layer.agsPerReplica * layer.columnParts, 0);
  const copies = mapping.layers.reduce((sum, layer) => sum + layer.replication, 0);
  const most = mapping.layers.reduce((best, layer) => (layer.replication > best.replication ? layer : best));
  const peak = program.localElements.reduce((max, count) => Math.max(max, count), 0) * program.elementBytes;
  return [
    {
      id: 'model',
      what: `${network.name}: ${totals.layers} layers, ${totals.weighted} of them with weights, ${whole(totals.parameters)} parameters, ${whole(totals.macs)} multiply-accumulates.`,
    },
    {
      id: 'partition',
      what: `One copy of every layer takes ${whole(ags)} array groups of ${hardware.crossbar.rows} rows.`,
    },
    {
      id: 'replicate',
      what: `${whole(copies)} copies of ${mapping.layers.length} layers; most of ${most.name}: ${most.replication}.`,
    },
    {
      id: 'map',
      what: genetic
        ? `${mapping.method}: ${whole(genetic.startNs)} ns at the start, ${whole(genetic.bestNs)} ns after ${whole(genetic.evaluations)} evaluations.`
        : `${mapping.method}: ${whole(mapping.ags.count)} array groups on ${whole(coreCount(hardware))} cores.`,
    },
    {
      id: 'schedule',
      what: `${slice.mode === 'throughput' ? 'Throughput' : 'Latency'} mode, ${whole(program.groups)} instruction groups, ${whole(program.pairs)} transfers.`,
    },
    {
      id: 'memory',
      what: `Policy ${slice.memory}: at most ${whole(peak)} bytes in one core, of ${whole(hardware.localMemory.bytes)}.`,
    },
    { id: 'emit', what: `${whole(program.count)} instructions, ${whole(evaluation.mvms)} of them products.` },
    {
      id: 'evaluate',
      what: `${slice.evaluator === 'own' ? 'Own clock' : 'Released clock'}, ${whole(hardware.mvmLatencyNs)} ns a product: ${whole(evaluation.timeNs)} ns.`,
    },
  ];
}
