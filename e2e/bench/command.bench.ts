import { spawnSync } from 'node:child_process';
import type { Bench } from './harness.ts';
import { command, root } from './visitor.ts';

function help(program: string, ...args: string[]): number {
  const from = performance.now();
  const { stdout } = spawnSync(program, [...args, '--help'], { cwd: root, encoding: 'utf8' });
  const time = performance.now() - from;
  if (!stdout.includes('crossbar-studio')) throw new Error('The command printed no help.');
  return time;
}

export const benches: Bench[] = [
  { name: 'command: help', runs: 9, limit: 300, run: async () => help('node', command) },
  { name: 'command: help by npx, for information', run: async () => help('npx', 'crossbar-studio') },
];
