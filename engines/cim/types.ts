import type { Report } from '../core/report.ts';
import type { Problem } from '../core/result.ts';
import type { ModelRef } from '../onnx/types.ts';
import type { CimHardware, HardwareChoice } from './hardware.ts';

/*
 * CMSwitch (arXiv 2502.17006): a chip of arrays, each of which computes or remembers. The compiler cuts the network into
 * segments that are resident at once, and gives every operator of a segment arrays in compute and in memory mode.
 */

/** How the allocation within a segment is found. All three minimise the same objective and return the same counts. */
export type SolverName = 'exact' | 'mip' | 'mip-counts';

export type PlanId = 'published' | 'improved' | 'by-hand' | 'compute-only' | 'cim-mlc-like' | 'occ-like' | 'puma-like';

/** How costs are counted: the same for every method of a run, so that only the plan differs. */
export interface CostRules {
  /** 'largest': Eq. 2, every array is written at once, the largest operator's arrays one after another. 'bytes': at least weight bytes over external bandwidth. */
  reload: 'largest' | 'bytes';
  /**
   * Outputs that a later segment reads are written back to external memory, except what stays in memory arrays.
   * 'kept': stays only what arrays hold that are memory in both segments, and only if it is read for the last time in the
   * very next one. 'held': everything that the leaving segment's memory arrays could hold stays (an upper bound).
   */
  writeBack: 'kept' | 'held';
  /** Output arrays of an operator may be the input arrays of the next (Eq. 6). */
  sharing: boolean;
  /** A computed operand (keys, values) that lies in memory arrays becomes weights by switching them: no reload of its first copy. */
  inPlace: boolean;
  /** A product of two computed tensors may stand in the segment that computes its operand. False: it needs the whole of it first. */
  dynamicInSegment: boolean;
  /** 'packed': groups block-diagonally, each fed its own input. 'as-dense': arrays and feed as if every input byte served all channels. */
  depthwise: 'packed' | 'as-dense';
  /** 'per-head': every head has arrays of its own. 'one-head': heads take turns on the arrays of one. */
  attention: 'per-head' | 'one-head';
}

/** What the improved segmentation has over the published one; each can be switched off by itself. */
export interface Improvements {
  /** The time of a segment's reload is part of its objective. Published: only Eq. 9. */
  reload: boolean;
  /** A Pareto set of plans for each prefix. Published: one. */
  pareto: boolean;
  /** Plans for the whole batch. Published: for one sample, whose plan the batch then runs. */
  batch: boolean;
  /** Branching networks: other topological orders, by beam search. */
  orders: boolean;
}

/** The choices of a design in the lab. */
export interface CimSlice {
  task: 'compile';
  model: ModelRef;
  hardware: HardwareChoice;
  solver: SolverName;
  segmentation: 'published' | 'improved';
  improvements: Improvements;
  rules: CostRules;
  /** Cuts by hand: names of operators that end a segment (the last needs not be named). Null: the compiler cuts. */
  cuts: string[] | null;
  /** Run the baselines, and the other segmentation, on the same network, chip and rules. */
  baselines: boolean;
  batch: number;
  /** Tokens of the prompt; in decode: tokens before the one that is computed. Convolutional networks have none. */
  sequence: number;
  phase: 'prefill' | 'decode';
  /**
   * Networks of equal blocks. 'folded': one block is compiled and counts as often as it is there, cuts at its borders.
   * 'one': a single block, as papers compare. 'unrolled': all, cuts anywhere.
   */
  blocks: 'folded' | 'one' | 'unrolled';
  /** Of one MIP; past it the best found so far stands, marked not optimal. */
  mipSeconds: number;
}

/** One matrix product on the chip: a layer, or a part of one that was too large. */
export interface CimOperator {
  /** Its place in `CimProblem.operators`. */
  index: number;
  /** The layer's name; parts: "conv8[2/3]". Unique. */
  name: string;
  /** Index in `Network.layers`. */
  layer: number;
  kind: 'conv' | 'depthwise' | 'fc' | 'matmul';
  /** Input vectors for each group, batch included: M. */
  vectors: number;
  /** Length of a vector, of each group: N. */
  inner: number;
  /** Outputs of a vector, of each group: K. */
  columns: number;
  /**
   * Products with weights of their own: groups of a convolution, heads x batch of attention. Heads that share keys and values
   * are one of them, and `vectors` are those of all of them, head after head.
   */
  groups: number;
  /** Arrays that hold its weights once. */
  arrays: number;
  /** vectors x inner x columns x groups. */
  macs: number;
  /** Bytes that are fed to compute arrays: vectors x inner x groups x activation bytes (windows overlap, each is fed whole). */
  streamBytes: number;
  /** Weights once, at the weights' bits. */
  weightBytes: number;
  outputBytes: number;
  /** Its weights are computed by other operators (attention): they are written for every run. */
  dynamic: boolean;
  /**
   * Operators whose outputs it reads as inputs, and how much of each, in bytes: of parts cut by columns only what it needs.
   * Parts cut by inner give partial sums; each is read, and they are added as they are read.
   */
  inputs: { operator: number; bytes: number }[];
  /** Dynamic only: operators whose outputs are its weights. */
  weightsFrom: { operator: number; bytes: number }[];
  /**
   * Dynamic only: bytes of its weights that no operator of the run computes (keys and values of earlier tokens). They come
   * from external memory, so such weights never lie in place. Absent: none.
   */
  cachedBytes?: number;
  /**
   * Operators whose outputs are added to (or multiplied with) its own as these leave: residual connections. They must last
   * until then; they are not fed to its arrays. Absent: none.
   */
  sums?: { operator: number; bytes: number }[];
  /** Where the part lies in its layer: [from, to) of inner, columns and groups. Absent: the whole layer. */
  part?: { inner: [number, number]; columns: [number, number]; groups: [number, number]; of: number; number: number };
}

/** Operators [first, first + count) run `times` times (a block of equal layers). Sections cover all operators in order. */
export interface Section {
  name: string;
  first: number;
  count: number;
  times: number;
  /** Outputs of one run that operators of the next run read. Empty where it runs once. */
  carried: { operator: number; readers: number[] }[];
}

/** What every segmenter and solver works on. */
export interface CimProblem {
  operators: CimOperator[];
  sections: Section[];
  hardware: CimHardware;
  rules: CostRules;
  /** Samples for which `operators` is written (vectors and bytes are for all of them). */
  batch: number;
}

/** Arrays of one operator. `memoryIn` + `memoryOut` feed it (Mem of Eq. 10). */
export interface Allocation {
  /** Index in `CimProblem.operators`. */
  operator: number;
  compute: number;
  memoryIn: number;
  memoryOut: number;
}

/** An array that is `from`'s output buffer and `to`'s input buffer at once (H of Eq. 6 and 8). */
export interface SharedArrays {
  from: number;
  to: number;
  arrays: number;
}

/** Operators that are resident at once, with their arrays. Plain data; what it costs is `judge`'s to say. */
export interface Segment {
  operators: number[];
  allocations: Allocation[];
  shared: SharedArrays[];
}

/** What a segment costs, and what comes before it (the way from the segment before: Eq. 1, 2, 4). */
export interface SegmentCost {
  /** Pipeline bound: the slowest operator (Eq. 9). */
  computeCycles: number;
  /** The operator that sets it. */
  slowest: number;
  /** Before the segment runs. */
  reloadCycles: number;
  writeBackCycles: number;
  switchCycles: number;
  /** All of these. */
  cycles: number;
  reloadBytes: number;
  writeBackBytes: number;
  /** Bytes that stayed in memory arrays. */
  keptBytes: number;
  /** Arrays that went from memory to compute, and back. */
  toCompute: number;
  toMemory: number;
  /** Arrays in use in each mode, shared ones once. */
  computeArrays: number;
  memoryArrays: number;
  /** Arrays that stand in compute mode while it runs (unused ones keep their mode). */
  inComputeMode: number;
  operators: OperatorCost[];
}

export interface OperatorCost {
  operator: number;
  /** Its time if the chip alone limited it, and if only feeding it did; it takes the larger (Eq. 10). */
  computeBoundCycles: number;
  feedBoundCycles: number;
  cycles: number;
}

export interface EnergySplit {
  computePj: number;
  memoryArrayPj: number;
  mainPj: number;
  writeBackPj: number;
  reloadPj: number;
  switchPj: number;
  staticPj: number;
  totalPj: number;
}

export interface PlanTotals {
  cycles: number;
  computeCycles: number;
  reloadCycles: number;
  writeBackCycles: number;
  switchCycles: number;
  /** Arrays switched, both directions. */
  switches: number;
  segments: number;
  /** Memory arrays over all arrays, weighted by the segments' compute time, percent. */
  memoryArraySharePercent: number;
  energy: EnergySplit;
  latencyNs: number;
}

export interface PlannedSegment extends Segment {
  /** Section it belongs to, and how often it runs. */
  section: number;
  times: number;
  /** First run. */
  cost: SegmentCost;
  /** Every further run of a repeated section (the way in may differ); equal to `cost` where it runs once. */
  costAgain: SegmentCost;
  energy: EnergySplit;
  /** How its allocation was found. */
  solved?: SolveInfo;
}

export interface SolveInfo {
  by: SolverName;
  optimal: boolean;
  /** Cycles: best proven lower bound of the objective, and what was found. */
  bound: number;
  objective: number;
  /** MIP only. */
  variables?: number;
  constraints?: number;
  nodes?: number;
}

export interface CompiledPlan {
  id: PlanId;
  title: string;
  /** In the order in which they run; operators of a segment in the order of the pipeline. */
  segments: PlannedSegment[];
  totals: PlanTotals;
  /** A re-implementation of somebody's method, not by its authors. */
  reimplementation: boolean;
  /** Plans examined: segments allocated, states kept. */
  effort: Record<string, number>;
  /** Some MIP ran out of time. */
  notOptimal: boolean;
}

/** Methods beside the design's own plan, as figures name them. */
export type ComparedMethod = 'computeOnly' | 'cimMlc' | 'occ' | 'puma' | 'published' | 'improved';

export interface CimFigures {
  cycles: number;
  latencyNs: number;
  energyPj: number;
  areaMm2: number;
  segments: number;
  switches: number;
  memoryArraySharePercent: number;
  computeSharePercent: number;
  reloadSharePercent: number;
  writeBackSharePercent: number;
  switchSharePercent: number;
  operators: number;
  macs: number;
  /** Only with `baselines`. */
  baselineCycles?: { [method in ComparedMethod]?: number };
  speedup?: { [method in ComparedMethod]?: number };
}

export interface CimReport extends Report<CimFigures> {
  model: {
    name: string;
    title: string;
    family: 'convolutional' | 'transformer' | 'other';
    macs: number;
    weightBytes: number;
  };
  hardware: CimHardware;
  rules: CostRules;
  problem: { operators: CimOperator[]; sections: Section[]; batch: number };
  /** The design's own plan: `plans[0]`. With cuts by hand that is 'by-hand', and the compiler's own follows. */
  plans: CompiledPlan[];
  /** Layers that take no array (softmax, normalisation, pools ...), as counted by kind: not in the time. */
  notModelled: { op: string; count: number }[];
  problems: Problem[];
}
