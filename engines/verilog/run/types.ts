import type { Problem, Result } from '../../core/result.ts';
import type { At } from '../ir/types.ts';
import type { Generation } from '../syntax/tokens.ts';
import type { WaveDelta } from '../wave/types.ts';

/** The files that a simulation sees. Paths are as the design or the working directory names them. */
export interface VirtualFiles {
  /** Undefined: no such file. */
  read(path: string): Uint8Array | undefined;
  /** Called when a file is closed or the run ends, and on $fflush, with the whole content. */
  write(path: string, bytes: Uint8Array): void;
}

/** What a run is given beside its spec. */
export interface SimHost {
  files: VirtualFiles;
  signal: AbortSignal;
  /** What the design prints, one character a byte. */
  print(text: string): void;
  /** What goes to the standard error stream; without it, as `print`. */
  printError?(text: string): void;
  /** What `record` asks for, as it comes. */
  waves?(delta: WaveDelta): void;
}

/** Compiles and runs: `simulate.ts`. Problems of compiling are the failure of the result; what happens in the run is its value. */
export type Simulate = (spec: SimSpec, host: SimHost) => Promise<Result<SimOutcome>>;

export interface SimSpec {
  /** Files that are compiled, in order. */
  files: readonly string[];
  /** Instantiated at the top; empty: every module that no other instantiates. */
  tops: readonly string[];
  generation?: Generation;
  defines: Record<string, string>;
  includeDirs: readonly string[];
  /** `-P top.N=3`: name of the parameter with the top's name before it, and its value as Verilog text. */
  parameters: Record<string, string>;
  /** `-y`: where modules that are not defined are looked for, by file name. */
  libraryDirs: readonly string[];
  librarySuffixes: readonly string[];
  /** Each file is a compilation unit of its own. */
  separateUnits: boolean;
  delays: 'min' | 'typ' | 'max';
  /** False: specify blocks are passed over (Icarus's default). */
  specify: boolean;
  /** Without the plus. */
  plusArgs: readonly string[];
  limits: SimLimits;
  /** 'auto': compiled where the host lets code be generated, else interpreted. */
  backEnd: 'auto' | 'compiled' | 'interpreted';
  /** Records every signal (or those named) for the viewer, beside what the bench dumps. */
  record: boolean;
  /** `-l`: their modules are there when they are asked for, and no tops. */
  libraryFiles?: readonly string[];
  /** False: `include looks beside the including file last. See `PreprocessOptions`. */
  relativeIncludes?: boolean;
  /** Before any `timescale; powers of ten of seconds. */
  timescale?: { unit: number; precision: number };
  /** False (`-gno-assertions`): immediate assertions are passed over. */
  assertions?: boolean;
  /** False (`-gno-io-range-error`): a port and its net may differ in that one is a scalar and the other a vector. */
  ioRangeError?: boolean;
  /** `-W`: classes of warnings that are asked for. */
  warningClasses?: readonly string[];
  /** `-i`: instances of modules that are not there are passed over. */
  ignoreMissing?: boolean;
  /** `-tnull`: ends once the design stands; nothing is run. */
  compileOnly?: boolean;
  /** How deep modules may instantiate themselves (`-pRECURSIVE_MOD_LIMIT`; Icarus: 10). */
  recursionLimit?: number;
}

export interface SimLimits {
  /** In units of the design's precision. */
  timeTicks?: number;
  /** Processes started, in all. */
  events?: number;
  /** Bytes for signals, memories and lists. */
  memoryBytes: number;
  /** Processes started within one time step before it is called a loop without end. */
  stepEvents: number;
  /** Characters printed. */
  outputChars: number;
  /** Bytes of recorded value changes. */
  waveBytes: number;
}

export type SimEnd =
  /** `$finish`. */
  | { kind: 'finish'; at?: At /** Of `$finish_and_return`, and 1 of `$fatal`. */; status?: number }
  /** `$stop` (ends a run here; Icarus without a terminal does the same). */
  | { kind: 'stop'; at?: At }
  /** Nothing left to do. */
  | { kind: 'dry' }
  /** `$fatal`, or a run-time error. */
  | { kind: 'error'; problem: Problem }
  | { kind: 'limit'; limit: keyof SimLimits; problem: Problem };

export interface SimOutcome {
  end: SimEnd;
  /** In units of the precision. */
  timeTicks: number;
  /** Power of ten of seconds. */
  precision: number;
  /** 0 when it ran to $finish, $stop or dry; 1 after $fatal and run-time errors. */
  exitStatus: number;
  warnings: Problem[];
  /** How the processes ran, and why. */
  backEnd: 'compiled' | 'interpreted';
  counts: { events: number; signals: number; processes: number };
}
