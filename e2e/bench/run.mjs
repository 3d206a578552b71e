// `npm run bench`: every *.bench.ts of the tree, through Vite's module runner so that benches are plain TypeScript.
// Arguments are substrings of bench names: `npm run bench -- schematic`.
import { resolve } from 'node:path';
import { createServer, isRunnableDevEnvironment } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const { ssr } = server.environments;
if (!isRunnableDevEnvironment(ssr)) throw new Error('Vite offers no module runner.');
const { main } = await ssr.runner.import('/e2e/bench/all.ts');
process.exit(await main(process.argv.slice(2)));
