import type { Artefact, Report } from '../core/report.ts';
import type { Place, Problem } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';
import type { ProofOptions, ProofOutcome } from '../synthesis/equivalence/types.ts';
import type { PowerReport } from '../synthesis/power/types.ts';
import type { TimingReport } from '../synthesis/timing/types.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';

/** A source file: its text, or, for large ones, a blob. */
export type SourceFile = ({ path: string; text: string } | { path: string; blob: BlobRef }) & {
  /** A test bench, or what only benches use: simulated, not synthesised. */
  role?: 'bench';
};

/** How the design is simulated. */
export interface SimulationSettings {
  /** Modules at the top of the simulation; empty: every module that no other instantiates. */
  tops: string[];
  /** `$test$plusargs`, `$value$plusargs`: without the plus. */
  plusArgs: string[];
  /** Which of min:typ:max. */
  delays: 'min' | 'typ' | 'max';
  /** Whether delays of specify blocks are honoured. */
  specify: boolean;
  /** The run stops here, whatever it does: a number with a unit ("2 ms"). Empty: no limit. */
  timeLimit: string;
  /** The run stops after so many events (processes started). */
  eventLimit: number;
  /** Every signal is recorded, or only what the bench dumps. */
  record: 'all' | 'dumped';
}

export type MapScript = 'area' | 'delay' | 'balanced';
export type Corner = 'typical' | 'slow' | 'fast';

/** What power and timing assume where neither constraints nor a recording say. */
export interface AnalysisSettings {
  /** Slew of inputs, ns; load of outputs, fF: where the constraints give none. */
  inputSlewNs: number;
  outputLoadFf: number;
  /** Capacitance of wires: of each net, and for each pin it feeds. */
  wireFf: number;
  wirePerFanoutFf: number;
  /** Paths that are traced, of each kind. */
  paths: number;
  /** Registers that share an enable get a gated clock instead. */
  clockGating: boolean;
  /** Where activities come from: one rate for all nets, probabilities propagated from the inputs, or a recording. */
  activity: 'default' | 'vectorless' | 'recorded';
  /** Changes of an input per clock cycle, and its share of the time at 1. */
  inputToggles: number;
  inputProbability: number;
  /** A SAIF file among `files` (mode recorded); empty: the design's bench is run. */
  saif: string;
}

/** The design that another is compared with. Omitted fields are those of the design itself. */
export interface Against {
  files: SourceFile[];
  top?: string;
  parameters?: Record<string, string | number>;
}

/** The user's choices in the RTL lab. It is also the spec of every entry of the RTL engine. */
export interface RtlSlice {
  files: SourceFile[];
  /** Empty: detected (the one module that no other instantiates). */
  top: string;
  /** Overrides of the top module's parameters, as Verilog constants ("8", "4'b1010", "\"text\""). */
  parameters: Record<string, string | number>;
  /** Macros defined before the first line; an empty string defines the macro without a value. */
  defines: Record<string, string>;
  includeDirs: string[];
  /** Path of a `.f` file among `files` that names sources, include directories and defines. Empty: all Verilog files, in order. */
  fileList: string;
  flatten: boolean;
  simulation: SimulationSettings;
  /** What the command line's `run` does with the design. */
  task: 'synthesise' | 'simulate' | 'ppa' | 'prove';
  /** What ABC strives for. */
  script: MapScript;
  /** The studio's own cells, or a Liberty file. */
  library: 'studio45' | { blob: BlobRef };
  /** Of the studio's cells; a Liberty file is one corner. */
  corner: Corner;
  /** Period of clocks when no constraints are written, and what script 'delay' and 'balanced' aim at. */
  clockNs: number;
  /** Constraints in SDC. Empty: `defaultSdc`, a clock of `clockNs` at each clock port. */
  sdc: string;
  analysis: AnalysisSettings;
  proof: ProofOptions;
  /** What `prove` compares with. */
  against?: Against;
}

export interface RtlFigures {
  /** Cells of the whole design (instances multiplied out, module instances themselves not counted). */
  cells: number;
  flipFlops: number;
  latches: number;
  memories: number;
  memoryBits: number;
  wires: number;
  /** Combinational cells on the longest path between registers, memories and ports, through the whole hierarchy. */
  logicDepth: number;
}

export interface CellsOfType {
  type: string;
  count: number;
}

export interface CellsOfModule {
  module: string;
  /** How often the module occurs in the design. */
  instances: number;
  /** Cells of one instance, without its submodules. */
  cells: number;
  flipFlops: number;
  /** cells x instances. */
  cellsInAll: number;
}

export interface CellsOfLine {
  file: string;
  line: number;
  cells: number;
  flipFlops: number;
  byType: Record<string, number>;
}

export interface Inferred {
  module: string;
  name: string;
  /** Bits of a latch; bits of a memory in all. */
  bits: number;
  where?: Place;
  /** Memories only. */
  words?: number;
  width?: number;
}

export interface ModuleInfo {
  name: string;
  /** Name in the source, before parameters were applied. */
  sourceName: string;
  where?: Place;
  parameters: { name: string; value: string }[];
}

/** `stage` 'word' is the first, quick answer (from `prep`); 'gates' the whole. Both have the same form. */
export interface RtlReport extends Report<RtlFigures> {
  stage: 'word' | 'gates';
  top: string;
  /** All modules found in the sources, and the parameters of the top as they are before overrides. */
  modules: ModuleInfo[];
  cellsByType: CellsOfType[];
  cellsByModule: CellsOfModule[];
  cellsByLine: CellsOfLine[];
  /** Cells that no source line could be named for. cellsByLine + unattributed = figures.cells. */
  unattributedCells: number;
  latches: Inferred[];
  memories: Inferred[];
  /** Source places along the longest combinational path, from start to end. */
  longestPath: { cell: string; type: string; where?: Place }[];
  /** Warnings of the run (a failed run has its problems in the Result). */
  problems: Problem[];
  /** The word-level netlist: what the schematic draws. */
  artefacts: [Artefact<'word-netlist', YosysNetlist>, ...Artefact[]];
  /** The exact Yosys script of this stage. */
  script: string;
}

/** Entries of the RTL engine (`rtl/check`, `rtl/synthesise`, `rtl/netlist`, `rtl/bundle`). */
export interface CheckReport {
  top: string;
  modules: ModuleInfo[];
  /** The sources are too large to be read at each pause: of the modules only names and places are known. */
  namesOnly?: true;
  problems: Problem[];
}

export type NetlistFormat = 'verilog' | 'json' | 'blif';

/** The design, and the form in which its gates are wanted. */
export type NetlistSpec = RtlSlice & { format: NetlistFormat };

export interface NetlistFile {
  /** "counter.v", after the top module. */
  name: string;
  text: string;
}

/** A zip that reproduces the run with a native Yosys. */
export interface BundleFile {
  name: string;
  bytes: Uint8Array;
}

export interface PpaFigures {
  cells: number;
  flipFlops: number;
  areaUm2: number;
  worstSlackNs: number | null;
  totalNegativeSlackNs: number;
  worstHoldSlackNs: number | null;
  fMaxMhz: number | null;
  criticalPathNs: number | null;
  failingEndpoints: number;
  unconstrainedEndpoints: number;
  leakageNw: number;
  internalUw: number;
  switchingUw: number;
  totalUw: number;
}

export interface AreaOf {
  name: string;
  cells: number;
  areaUm2: number;
}

/** Answer of `rtl/ppa`: the design mapped to a library's cells, timed, and its power. All before layout. */
export interface PpaReport extends Report<PpaFigures> {
  top: string;
  library: { name: string; corner?: Corner; cells: number; voltageV: number; temperatureC: number };
  timing: TimingReport;
  power: PowerReport;
  areaByType: AreaOf[];
  areaByModule: AreaOf[];
  /** The constraints that were used, written or default. */
  sdc: string;
  /** The exact Yosys script. */
  script: string;
  problems: Problem[];
  /** The mapped netlist. */
  artefacts: [Artefact<'gate-netlist', YosysNetlist>, ...Artefact[]];
}

/** Spec of `rtl/sweep`: a design under all combinations. */
export interface SweepSpec {
  slice: RtlSlice;
  clocksNs: number[];
  scripts: MapScript[];
  corners: Corner[];
}

export interface SweepPoint {
  clockNs: number;
  script: MapScript;
  corner: Corner;
  figures?: PpaFigures;
  problems: Problem[];
}

/** Points in the order of the spec: clocks outermost, corners innermost. Partial results have the form `{points}` with what is done so far. */
export interface SweepReport extends Report<{ points: number; failed: number }> {
  points: SweepPoint[];
}

/** Spec of `rtl/batch`: many small designs. */
export interface BatchSpec {
  designs: RtlSlice[];
  /**
   * Designs that share a run of Yosys. One (the default) gives each the figures that it has by itself. More is faster, but Yosys numbers names
   * through a whole run and sorts by them here and there: a few designs then get other gates than by themselves, the same ones for the same batch.
   */
  together?: number;
}

export interface BatchReport extends Report<{ designs: number; failed: number; yosysRuns: number }> {
  /** In the order of the spec. */
  results: ({ ok: true; figures: PpaFigures; problems: Problem[] } | { ok: false; problems: Problem[] })[];
}

export interface ProofFigures {
  equivalence: 'equal' | 'different' | 'undecided';
  boundedDepth: number;
  pointsMatched: number;
  pointsProved: number;
  counterexampleCycles: number | null;
}

/** Answer of `rtl/prove`. */
export interface ProofReport extends Report<ProofFigures>, ProofOutcome {
  top: string;
}
