import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Problem, Result } from '../../engines/core/result.ts';
import { createNodeHost } from '../node-host.ts';
import { type Overrides, readDesign, readOverrides } from './design.ts';
import { Failure, Usage } from './errors.ts';
import { clearProgress, print, printProblems, reportJson, showProgress } from './output.ts';
import { runDesign } from './run.ts';

/** What a line came to: its report, or what was wrong with it. */
interface Outcome {
  number: number;
  result: Result<unknown>;
  findings: Problem[];
}

export async function sweep(files: string[], options: Overrides & { jobs?: string }, home: URL): Promise<number> {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) throw new Usage('sweep wants one file of designs: sweep DESIGNS.ndjson');
  const jobs = options.jobs === undefined ? availableParallelism() : Number(options.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new Usage(`--jobs wants a number of 1 or more, not '${options.jobs}'.`);
  const overrides = readOverrides(options);
  const isInput = file === '-';
  const name = isInput ? 'standard input' : file;
  const folder = isInput ? process.cwd() : dirname(resolve(file));
  if (!isInput) await access(file).catch(() => Promise.reject(new Failure([missing(file)])));

  const host = createNodeHost(home, { batchRuns: jobs });
  const runLine = async (number: number, line: string): Promise<Outcome> => {
    const source = { name, folder, bytes: new TextEncoder().encode(line) };
    const read = await readDesign(source, overrides);
    if (!read.ok) return { number, result: read, findings: [] };
    return { number, result: await runDesign(host, read.value, { lane: 'batch' }), findings: read.value.findings };
  };

  let failed = 0;
  let done = 0;
  const report = async ({ number, result, findings }: Outcome) => {
    printProblems(findings, `${name}:${number}`);
    if (result.ok) await print(`${reportJson(result.value)}\n`);
    else {
      failed += 1;
      printProblems(result.problems, `${name}:${number}`);
    }
    done += 1;
    showProgress(`${done} designs done, ${failed} failed`);
  };

  // A few lines ahead of the cores, so that none waits for reading, and no more, so that a long file needs no more memory.
  const ahead: Promise<Outcome>[] = [];
  let number = 0;
  const lines = createInterface({ input: isInput ? process.stdin : createReadStream(file), crlfDelay: Infinity });
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    ahead.push(runLine(number, line));
    if (ahead.length >= 4 * jobs) await report(await ahead.shift()!);
  }
  for (const outcome of ahead) await report(await outcome);
  clearProgress();
  return failed > 0 ? 1 : 0;
}

function missing(file: string): Problem {
  return { code: 'file-unreadable', severity: 'error', what: `There is no file '${file}'.`, remedy: 'Check the path.' };
}
