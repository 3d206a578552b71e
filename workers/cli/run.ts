import { byteSource } from '../../engines/core/byte-source.ts';
import type { Job } from '../../engines/core/job.ts';
import type { Result } from '../../engines/core/result.ts';
import { type FlowNode, runFlow } from '../../engines/document/index.ts';
import type { Host, RunOptions } from '../host-face.ts';
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
  const host = createNodeHost(home, { interactiveWorkers: 1 });
  const result = await runDesign(host, read.value, {
    onProgress: ({ fraction, what }) => showProgress(`${Math.round(100 * fraction)} % ${what}`),
  });
  clearProgress();
  if (!result.ok) throw new Failure(result.problems, source.name);
  await print(`${reportJson(result.value)}\n`);
  return 0;
}

/** Runs the lab that the design names, and before it the labs whose results it takes. */
export function runDesign(
  host: Host,
  { document, registry, blob }: Design,
  options: Pick<RunOptions, 'onProgress' | 'lane'> = {},
): Promise<Result<unknown>> {
  const { seed } = document;
  const job: Job = {
    signal: new AbortController().signal,
    seed,
    progress: () => undefined,
    log: () => undefined,
    call: (entry, spec, { timeoutMs } = {}) => host.run(entry, spec, { ...options, seed, blob, timeoutMs }),
    map: (entry, specs, { timeoutMs } = {}) => host.map(entry, specs, { seed, blob, timeoutMs }),
    blob,
    source: async (sha256) => {
      const content = await blob(sha256);
      return content && byteSource(content);
    },
    // Sorting a design's labs needs none of the studio's files; the workers that run them read their own.
    asset: (path) => Promise.reject(new Error(`Only a worker reads "${path}".`)),
  };
  const node = (id: string): FlowNode | undefined => {
    const definition = registry.get(id);
    if (!definition) return undefined;
    return {
      entry: (slice) => `${id}/${(slice as { task: string }).task}`,
      // One process has one version of each engine, and its results are kept no longer.
      engineVersion: '',
      inputs: definition.inputs ?? {},
    };
  };
  return runFlow({ document, target: document.lab, node, cache: new Map() }, job);
}
