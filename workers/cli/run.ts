import type { Result } from '../../engines/core/result.ts';
import type { Host, RunProgress } from '../host-face.ts';
import { createNodeHost } from '../node-host.ts';
import { type Design, type Overrides, readDesign, readOverrides, readSource } from './design.ts';
import { Failure, Usage } from './errors.ts';
import { clearProgress, print, printProblems, reportJson, showProgress } from './output.ts';

export async function run(files: string[], options: Overrides, home: URL): Promise<number> {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) throw new Usage('run wants one design: run DESIGN.json');
  const overrides = readOverrides(options);
  const source = await readSource(file);
  const read = await readDesign(source, overrides);
  if (!read.ok) throw new Failure(read.problems, source.name);
  printProblems(read.value.findings, source.name);
  const host = createNodeHost(home);
  const result = await runDesign(host, read.value, ({ fraction, what }) => {
    showProgress(`${Math.round(100 * fraction)} % ${what}`);
  });
  clearProgress();
  if (!result.ok) throw new Failure(result.problems, source.name);
  await print(`${reportJson(result.value)}\n`);
  return 0;
}

/** Runs the lab that the design names. */
export function runDesign(
  host: Host,
  { document, blob }: Design,
  onProgress?: (progress: RunProgress) => void,
): Promise<Result<unknown>> {
  const { lab, seed, slices } = document;
  const slice = slices[lab] as { task: string };
  return host.run(`${lab}/${slice.task}`, slice, {
    seed,
    blob,
    onProgress,
    lane: onProgress ? 'interactive' : 'batch',
  });
}
