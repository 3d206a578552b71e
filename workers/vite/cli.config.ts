import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { kernels } from './kernels.ts';
import { packageFiles } from './package-files.ts';
import { yosysBytes } from './yosys-bytes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const workers = fileURLToPath(new URL('../', import.meta.url));

/** `rtl.worker.ts` becomes `rtl.worker.js` beside the command, where `node-host.ts` finds it. */
const workerInputs = Object.fromEntries(
  readdirSync(workers)
    .filter((name) => name.endsWith('.worker.ts'))
    .map((name) => [name.slice(0, -'.ts'.length), join(workers, name)]),
);

/** The command line and its workers: one file to start, everything else loaded when it is needed. Run by `npm run prepare`. */
export default defineConfig({
  root,
  plugins: [
    kernels(),
    packageFiles(),
    yosysBytes(),
    {
      name: 'crossbar:executable',
      writeBundle: ({ dir = '' }) => chmodSync(join(dir, 'crossbar-studio.js'), 0o755),
    },
  ],
  // Yosys and HiGHS find their WASM by their own place in node_modules, and ELK is large: they stay there.
  ssr: { noExternal: true, external: ['@yowasp/yosys', 'elkjs', 'highs'] },
  build: {
    ssr: true,
    outDir: 'build/cli',
    emptyOutDir: true,
    copyPublicDir: false,
    target: 'node20',
    rolldownOptions: {
      checks: { bundlerTimings: false },
      input: { 'crossbar-studio': join(workers, 'cli.ts'), ...workerInputs },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
