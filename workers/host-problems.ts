import { error, type Problem } from '../engines/core/result.ts';

const STUDIO_FAULT = 'This is a fault of the studio, not of the design.';

export function workerMissing(engine: string): Problem {
  return error(
    'worker-missing',
    `The script of the engine '${engine}' cannot be loaded, so nothing that needs it can run.`,
    'Check the connection and reload the page; if the studio was updated meanwhile, the reload brings the new version. On the command line, run `npm run prepare`.',
  );
}

export function engineLoadFailed(engine: string, message: string): Problem {
  return error(
    'engine-load-failed',
    `The files of the engine '${engine}' did not load (${message}).`,
    'Check the connection and run again.',
  );
}

export function unknownEntry(entry: string, engines: readonly string[]): Problem {
  return error(
    'unknown-entry',
    `There is nothing that runs '${entry}' in this version of the studio.`,
    `Check its name, or open the design with a newer studio. Engines here: ${[...engines].sort().join(', ') || 'none'}.`,
  );
}

export function workerCrashed(entry: string, message: string): Problem {
  return error(
    'worker-crashed',
    `The engine stopped in the middle of '${entry}' (${message}). A new worker takes its place; the design is untouched.`,
    'Run again. If it stops again, try a smaller design: the usual cause is a lack of memory.',
  );
}

export function defectInEntry(entry: string, message: string): Problem {
  return error(
    'defect',
    `'${entry}' failed unexpectedly (${message}). ${STUDIO_FAULT}`,
    'The design is untouched. Undo the last change and run again, and report the fault with the exported design.',
  );
}

export function timedOut(entry: string, timeoutMs: number): Problem {
  return error(
    'timed-out',
    `'${entry}' was ended after its limit of ${timeoutMs / 1000} s.`,
    'Raise the limit, or make the design smaller.',
  );
}
