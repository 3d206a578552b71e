import type { Artefact, Report } from '../core/report.ts';
import type { Problem } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';
import type { BitPlan } from '../onnx/bit-plan.ts';
import type { ModelRef } from '../onnx/types.ts';
import type { CrossbarSpec } from './crossbar/types.ts';
import type { Hardware, HardwareChoice } from './hardware.ts';

export type Mode = 'throughput' | 'latency';
export type ReplicationMethod = 'balance' | 'w0h0' | 'uniform' | 'genetic' | 'manual';
export type MappingMethod = 'first-fit' | 'genetic' | 'computation-storage';
export type EvaluatorName = 'reference' | 'own';
export type MemoryPolicy = 'naive' | 'add-reuse' | 'ag-reuse';
export type Baseline = 'puma-like' | 'polyhedral-like' | 'layer-by-layer';

/** The user's choices in the crossbar lab, and the spec of the entries `compile`, `program` and `verify`. */
export interface PimSlice {
  task: 'compile' | 'crossbar';
  model: ModelRef;
  hardware: HardwareChoice | { pimcompConfig: string | BlobRef };
  mode: Mode;
  replication: ReplicationMethod;
  /** 'manual': replicas by name of layer; a layer left out has one. */
  replicas: Record<string, number>;
  mapping: MappingMethod;
  evaluator: EvaluatorName;
  /** How a layer's kernel is laid over rows and columns: as the released program does, or by Table IV of TCAD. */
  unrolling: 'rows' | 'table-iv';
  memory: MemoryPolicy;
  /** Rounds between two flushes of queued transfers in latency mode ("centralised communication"); 0: at once. */
  transferRounds: number;
  /** Throughput mode: group layers into pipeline stages (TCAD, Alg. 1). */
  layerGroups: boolean;
  /** `stopAfter`: evaluations after which the search ends (what 'take the best so far' writes); 0: none. */
  genetic: { population: number; generations: number; patience: number; stopAfter: number };
  /** Precision by layer, over the hardware's own; `{"from": "bfp"}` in the document takes it from the bits lab. */
  bits: BitPlan | { from: string } | Artefact<'bit-plan', BitPlan>;
  baselines: Baseline[];
  /** The single crossbar on the bench. */
  crossbar: CrossbarSpec;
}

/** A layer with weights, cut for crossbars. */
export interface MappedLayer {
  /** Index in `Network.layers`. */
  layer: number;
  name: string;
  /** Rows and columns of one block of the unrolled matrix that a replica holds; there are `blocks` of them. */
  height: number;
  width: number;
  /** Convolution groups mapped apart; 1 where the layer is dense or expanded as dense. */
  groups: number;
  /** Groups that share a block of rows, each in its own rows and columns (block-diagonal); 1 where `groups` is 1. */
  packed: number;
  /** Blocks of `height` rows whose inputs differ: packed groups, or kernel positions that work in parallel (Table IV). */
  blocks: number;
  /** Input cycles of one inference (output pixels, or the rows of an FC layer). */
  windows: number;
  /** Which of the five unrollings of TCAD, Table IV; 'rows' is its last row. */
  unrolling: 'rows' | 'kernel-columns' | 'kernel-parallel' | 'half-rows' | 'half-columns';
  weightBits: number;
  activationBits: number;
  /** Array groups of one replica (of one column part): ceil(height / rows), times blocks. */
  agsPerReplica: number;
  /** Of the first column part; the last part, and the last block of packed groups, may have fewer (see `AgTable`). */
  crossbarsPerAg: number;
  /** Column parts, where one array group is wider than a core; each is placed like a replica with a column offset. */
  columnParts: number;
  /** Replicas of the whole layer. The released program's replica count is `replication * columnParts`. */
  replication: number;
}

/**
 * Array groups (AGs) by column; the index of a row is the AG's number. Order: layer, replica, column part, slice of rows.
 */
export interface AgTable {
  count: number;
  /** Index in `Mapping.layers`. */
  mapped: Int32Array;
  replica: Int32Array;
  part: Int32Array;
  /** 0 .. agsPerReplica-1. */
  slice: Int32Array;
  core: Int32Array;
  crossbars: Int32Array;
  rowStart: Int32Array;
  rowEnd: Int32Array;
  columnStart: Int32Array;
  columnEnd: Int32Array;
}

/** Which array group lies where: what the search changes and the schedule reads. */
export interface Mapping {
  layers: MappedLayer[];
  ags: AgTable;
  /** How it came about, for the screen: "balance, first fit", "genetic, 12,400 evaluations". */
  method: string;
}

/** The same as plain data, an artefact: for every mapped layer the cores of its AGs, in the table's order. */
export interface MappingData {
  layers: {
    name: string;
    replication: number;
    cores: number[];
    /** Crossbars of each array group, in the same order; left out where all of the layer take the same number. */
    crossbars?: number[];
  }[];
  method: string;
}

export interface PimFigures {
  /** Throughput: the pipeline cycle; latency: one inference. */
  timeNs: number;
  throughputPerSecond: number;
  crossbars: number;
  arrayGroups: number;
  utilisationPercent: number;
  coresUsed: number;
  instructionGroups: number;
  instructions: number;
  mvms: number;
  transfers: number;
  transferBytes: number;
  loadBytes: number;
  storeBytes: number;
  energyPj: number;
  staticEnergyPj: number;
  dynamicEnergyPj: number;
  /** Largest local memory in use at any time, over the cores. */
  peakLocalMemoryBytes: number;
}

/** One layer of the network in the report; layers without weights too. */
export interface PimLayer {
  layer: number;
  name: string;
  op: string;
  windows: number;
  replication: number;
  arrayGroups: number;
  crossbars: number;
  /** Used cells of the crossbars that it holds. */
  cellsUsedPercent: number;
  macs: number;
  parameters: number;
  mvms: number;
  startNs: number;
  endNs: number;
  /** Sum of its instructions' times over the cores, by kind. */
  mvmNs: number;
  vectorNs: number;
  transferNs: number;
  memoryNs: number;
  energyPj: number;
  /**
   * Power of the layer's outputs over that of the error that its crossbars add, by the model of the single crossbar with
   * the bench's settings. Missing: no error, or no crossbars.
   */
  signalToNoiseDb?: number;
}

export interface PimCore {
  core: number;
  crossbars: number;
  arrayGroups: number;
  instructions: number;
  busyNs: number;
  mvmNs: number;
  vectorNs: number;
  transferNs: number;
  waitNs: number;
  memoryNs: number;
  peakLocalMemoryBytes: number;
}

export interface EnergyParts {
  mvmPj: number;
  vectorPj: number;
  localMemoryPj: number;
  globalMemoryPj: number;
  networkPj: number;
  staticPj: number;
}

/** A published baseline, re-implemented and run on the same network and hardware. */
export interface BaselineResult {
  id: Baseline;
  /** "PUMA-like (re-implementation)". */
  label: string;
  timeNs: number;
  energyPj: number;
  crossbars: number;
}

/** How one stage of the compiler went; shown as the lab's column of stages. */
export interface StageReport {
  id: 'model' | 'partition' | 'replicate' | 'map' | 'schedule' | 'memory' | 'emit' | 'evaluate';
  /** One sentence with its figures. */
  what: string;
}

export interface GeneticTrace {
  generations: { generation: number; evaluations: number; bestNs: number; medianNs: number }[];
  evaluations: number;
  startNs: number;
  bestNs: number;
  stopped: 'finished' | 'patience' | 'taken';
}

export interface PimReport extends Report<PimFigures> {
  /** The chip that it was compiled for, presets and imports resolved. */
  hardware: Hardware;
  mode: Mode;
  evaluator: EvaluatorName;
  /** The other evaluator's time for the very same program, so that a difference of clocks is not read as one of mapping. */
  otherClock?: { evaluator: EvaluatorName; timeNs: number };
  layers: PimLayer[];
  cores: PimCore[];
  energy: EnergyParts;
  baselines: BaselineResult[];
  stages: StageReport[];
  genetic?: GeneticTrace;
  problems: Problem[];
  artefacts: [Artefact<'mapping', MappingData>, ...Artefact[]];
}
