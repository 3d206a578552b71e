import type { Artefact, Report } from '../core/report.ts';
import type { Place, Problem } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';
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
  task: 'synthesise' | 'simulate';
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
