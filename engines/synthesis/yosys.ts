import type { Tree } from '@yowasp/yosys';
import { error, type Problem } from '../core/result.ts';
import { OutputSplitter } from './yosys-output.ts';

export type { Tree } from '@yowasp/yosys';

/** The version of Yosys that this studio runs. */
export const YOSYS_VERSION = '0.55';

/** Name under which the script lies in the virtual file system. No user's file may carry it. */
export const SCRIPT_NAME = 'run.ys';

export interface YosysRun {
  /** Commands, one a line. Outputs go to standard output: the virtual file system copies a whole file at every write. */
  script: string;
  files: Tree;
  /** Errors and warnings only on standard error, and nothing but outputs on standard output (`YosysOutcome.output`). */
  quiet?: boolean;
  signal?: AbortSignal;
  /** A line of the log, as it is printed. Answering false ends the run there. */
  onLine?(line: string): boolean | undefined;
  /** A JSON document that a command printed, in the order of the script. Answering false ends the run there. */
  onDocument?(text: string, index: number): boolean | undefined;
}

export interface YosysOutcome {
  /** 0: done; 1: Yosys reported an error; 'stopped': `onLine` or `onDocument` ended the run. */
  exit: 0 | 1 | 'stopped';
  /** Lines of the log, in order; errors included. */
  log: string[];
  /** The line that begins with or holds "ERROR:", when there was one. */
  errorLine?: string;
  /** Set when Yosys could not be loaded or died inside WebAssembly. */
  broken?: Problem;
  /** What came on standard output, when `quiet`. */
  output: Uint8Array;
}

type YosysModule = typeof import('@yowasp/yosys');

let loading: Promise<YosysModule> | undefined;

function load(): Promise<YosysModule> {
  loading ??= import('@yowasp/yosys').then(async (yosys) => {
    await yosys.runYosys();
    return yosys;
  });
  // A failed load (a network that was away) may be tried again.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/** Loads and compiles Yosys (40 MB), so that the first run need not wait for it. */
export async function warmYosys(): Promise<void> {
  await load();
}

/** Ends a run from within one of Yosys' own writes. */
class Stopped extends Error {}

// The package keeps tables outside of its instances, so two instantiations must not interleave.
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a Yosys script once, in a fresh instance. Expected failures are part of the outcome; only an aborted signal throws
 * (its reason). The call blocks its thread while Yosys computes: hosts stop it by ending the worker.
 */
export function runYosys(run: YosysRun): Promise<YosysOutcome> {
  const turn = last.then(() => runOnce(run));
  last = turn.catch(() => undefined);
  return turn;
}

async function runOnce(run: YosysRun): Promise<YosysOutcome> {
  run.signal?.throwIfAborted();
  let yosys: YosysModule;
  try {
    yosys = await load();
  } catch (cause) {
    return {
      exit: 1,
      log: [],
      output: new Uint8Array(),
      broken: error(
        'yosys-not-loaded',
        `Yosys could not be loaded (${messageOf(cause)}).`,
        'Check the connection, then run again.',
      ),
    };
  }
  run.signal?.throwIfAborted();

  const log: string[] = [];
  let errorLine: string | undefined;
  const onLine = (line: string) => {
    log.push(line);
    if (run.onLine?.(line) === false) throw new Stopped();
  };
  let documents = 0;
  const stdout = new OutputSplitter({
    plain: run.quiet === true,
    onLine,
    onDocument(text) {
      if (run.onDocument?.(text, documents++) === false || run.signal?.aborted) throw new Stopped();
    },
  });
  // An error is printed on both streams unless quiet; standard error is the one that always has it.
  const stderr = new OutputSplitter({
    onLine(line) {
      if (/\bERROR: /.test(line)) errorLine ??= line;
      if (line !== '') onLine(line);
    },
  });

  const outcome = (exit: YosysOutcome['exit'], broken?: Problem): YosysOutcome => {
    if (exit !== 'stopped') {
      stdout.end();
      stderr.end();
    }
    return { exit, log, errorLine, broken, output: stdout.bytes() };
  };
  try {
    await yosys.runYosys(
      [...(run.quiet ? ['-q'] : []), SCRIPT_NAME],
      { ...run.files, [SCRIPT_NAME]: run.script },
      {
        stdout: (bytes) => bytes && stdout.write(bytes),
        stderr: (bytes) => bytes && stderr.write(bytes),
        decodeASCII: false,
      },
    );
    return outcome(0);
  } catch (cause) {
    if (cause instanceof Stopped) {
      run.signal?.throwIfAborted();
      return outcome('stopped');
    }
    if (cause instanceof yosys.Exit) return outcome(1);
    return outcome(1, crashProblem(cause));
  }
}

function crashProblem(cause: unknown): Problem {
  return error(
    'yosys-crashed',
    `Yosys stopped inside WebAssembly (${messageOf(cause)}); most often the design was too large for its memory or nested too deep.`,
    'Make the design smaller (fewer bits, fewer instances), keep the hierarchy instead of flattening it, and run again.',
  );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
