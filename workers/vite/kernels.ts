import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const outDir = join(root, 'build/kernels');
const SUFFIX = '.as.ts';
/** Sources that kernels import, and that are no kernels themselves. */
const PART = '.part.as.ts';

/** One source, several builds; `engines/tensor/load-kernel.ts` chooses among them by their suffix. */
const BUILDS = [
  { suffix: '', flags: [] },
  { suffix: '.simd', flags: ['--enable', 'simd'] },
];

let building: Promise<void> | undefined;

/** Compiles the AssemblyScript kernels of all engines into `build/kernels`, where any source is newer than their build. */
export function kernels(): Plugin {
  return {
    name: 'crossbar:kernels',
    async buildStart() {
      building ??= buildKernels();
      await building;
    },
  };
}

async function buildKernels(): Promise<void> {
  const all = sources();
  // Kernels share parts, and what imports what is for the compiler to know: whichever changed, all may have.
  const changedAt = Math.max(...all.map((source) => modifiedAt(join(root, source))));
  for (const source of all.filter((path) => !path.endsWith(PART))) {
    for (const { suffix, flags } of BUILDS) {
      const out = join(outDir, `${basename(source, SUFFIX)}${suffix}.wasm`);
      if (modifiedAt(out) < changedAt) await compile(source, out, flags);
    }
  }
}

function sources(): string[] {
  return readdirSync(join(root, 'engines'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(SUFFIX))
    .map((path) => join('engines', path));
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

async function compile(source: string, out: string, flags: string[]): Promise<void> {
  // Loaded only when there is something to compile: the compiler takes a second to start.
  const asc = await import('assemblyscript/asc');
  mkdirSync(outDir, { recursive: true });
  // Written aside and moved, so that a process that builds at the same time never reads half a file.
  const aside = `${out}.${process.pid}`;
  const { error, stderr } = await asc.main([
    source,
    ...['--baseDir', root, '--outFile', aside, '--runtime', 'stub', '-O3', '--noAssert', ...flags],
  ]);
  if (error) {
    rmSync(aside, { force: true });
    throw new Error(`The kernel ${source} does not compile.\n${stderr.toString()}`);
  }
  renameSync(aside, out);
}
