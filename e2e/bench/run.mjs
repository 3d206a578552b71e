// `npm run bench`: every *.bench.ts of the tree, through Vite's module runner so that benches are plain TypeScript.
// Arguments are substrings of bench names: `npm run bench -- schematic`.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const { module } = await runnerImport(resolve(root, 'e2e/bench/all.ts'), {
  root,
  configFile: false,
  logLevel: 'error',
});
process.exitCode = await module.main(process.argv.slice(2));
process.exit();
