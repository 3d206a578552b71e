import type { Report } from '../core/report.ts';
import type { Place, Problem } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';
import type { SimEnd, SimLimits } from './run/types.ts';
import type { Generation } from './syntax/tokens.ts';
import type { WaveDelta } from './wave/types.ts';

export type VerilogFile = { path: string; text: string } | { path: string; blob: BlobRef };

/** What is simulated, and how: the spec of `verilog/simulate`. */
export interface SimulateSpec {
  /** All files, those that benches read included (`$readmemh`). */
  files: readonly VerilogFile[];
  /** Paths of those that are compiled, in order. */
  compiled: readonly string[];
  /** A `.f` file that names the sources instead; `benches` are compiled after them. */
  fileList?: string;
  benches?: readonly string[];
  /** Empty: every module that no other instantiates. */
  tops: readonly string[];
  generation?: Generation;
  defines: Record<string, string>;
  includeDirs: readonly string[];
  /** `tb.WIDTH`: Verilog text. */
  parameters: Record<string, string>;
  plusArgs: readonly string[];
  delays: 'min' | 'typ' | 'max';
  specify: boolean;
  /** Seconds as a number with a unit: "2 ms". Empty: none. */
  timeLimit: string;
  eventLimit: number;
  record: 'all' | 'dumped';
  /** Activities are counted bit by bit as well (`SignalActivity.bits`). */
  bits?: boolean;
  /** False: waves are counted and let go, neither streamed nor part of the report, so that a run may be as long as it likes. */
  waves?: boolean;
}

export interface SimulateFigures {
  simulatedTimeNs: number;
  /** Processes started, in all. */
  events: number;
  signals: number;
  processes: number;
  /** Recorded changes of signals. */
  valueChanges: number;
  /** Bits that went from 0 to 1 or back, in all recorded signals. */
  toggles: number;
}

export interface ConsoleLine {
  text: string;
  /** In units of the precision. */
  timeTicks: number;
  /** The statement that printed it. */
  where?: Place;
}

/** What a bench says of the design. `why` is the line or message that decided. */
export interface Verdict {
  kind: 'passed' | 'failed' | 'none';
  why?: string;
  where?: Place;
  timeTicks?: number;
}

/** Where a failing bench first saw that something was wrong, as far as its text tells. */
export interface Failure {
  /** The bench's line: of the check, or of the message. */
  where: Place;
  timeTicks: number;
  /** Paths of the signals that the check reads. */
  signals: string[];
  /** Said by the bench there and then, or found by going back from the message to what it counts. */
  from: 'message' | 'counter';
  text: string;
}

/** How often a signal switched: what power analysis needs. */
export interface SignalActivity {
  path: string;
  width: number;
  /** Of all its bits, 0 to 1 and 1 to 0. */
  toggles: number;
  /** Ticks during which bits were 1, summed over its bits. */
  highTicks: number;
  /** With `bits` in the spec. */
  bits?: BitActivity;
}

/** Bits on their own: of a vector least significant first, of an array element by element. */
export interface BitActivity {
  /** Packed dimensions as declared, outermost first; none for a scalar. */
  ranges: { left: number; right: number }[];
  /** Of an array. */
  dims?: { left: number; right: number }[];
  toggles: Float64Array;
  highTicks: Float64Array;
  /** At x or z. */
  unknownTicks: Float64Array;
}

export interface SimulateReport extends Report<SimulateFigures> {
  tops: string[];
  end: SimEnd;
  exitStatus: number;
  verdict: Verdict;
  failure?: Failure;
  console: ConsoleLine[];
  problems: Problem[];
  /** Power of ten of seconds of one tick. */
  precision: number;
  endTicks: number;
  /** To be fed to a `WaveDatabase`, in order. */
  waves: WaveDelta[];
  activity: SignalActivity[];
  /** Written by the bench. */
  files: { path: string; bytes: Uint8Array }[];
  backEnd: 'compiled' | 'interpreted';
  limits: SimLimits;
}

/** What a running simulation streams: `{stream: SimulatePiece[]}` as a partial result. */
export type SimulatePiece =
  | { kind: 'console'; lines: ConsoleLine[] }
  | { kind: 'waves'; delta: WaveDelta }
  | { kind: 'time'; timeTicks: number; precision: number };

/** A file of waves to be read: the spec of `verilog/waves`. */
export interface WavesSpec {
  name: string;
  content: Uint8Array | Blob;
}

/** Answer of `verilog/waves`. */
export interface WavesReport {
  /** To be fed to a `WaveDatabase`, in order. */
  waves: WaveDelta[];
  /** What was in doubt or broken in the file. */
  problems: Problem[];
}

/** Answer of `verilog/check`: what the front end finds, at once. */
export interface VerilogCheckReport {
  tops: string[];
  modules: { name: string; where: Place; ports: number; bench: boolean }[];
  problems: Problem[];
  /** Places that only a simulator can run. */
  simulationOnly: { where: Place; endLine: number; endColumn: number; what: string }[];
}
