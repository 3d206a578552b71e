// Runs every lab's default design through the command line and keeps the reports in build/first/<lab>.json: what a lab
// shows, labelled as computed at build time, until its own engine has answered.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const labs = readdirSync(join(root, 'engines')).filter((name) => existsSync(join(root, 'engines', name, 'slice.ts')));

mkdirSync(join(root, 'build/first'), { recursive: true });
for (const lab of labs) {
  const report = execFileSync(process.execPath, [join(root, 'build/cli/crossbar-studio.js'), 'run', '-'], {
    input: JSON.stringify({ lab }),
    maxBuffer: 1 << 28,
  });
  writeFileSync(join(root, `build/first/${lab}.json`), report);
}
