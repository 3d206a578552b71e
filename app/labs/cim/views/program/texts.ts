import { formatNumber } from '../../../../ui/format.ts';

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;

export const texts = {
  title: 'Program',
  about: (lines: number) => `${count(lines, 'line')} of meta-operators, one block a segment`,
  waiting: 'Writing the program',
  listing: 'The program, line by line',
  segments: 'Segments',
  block: (segment: number, name: string) => `${segment + 1}: ${name}`,
  jump: 'Go to segment',
  find: 'Find',
  findAbout: 'Find a name, an address or an instruction',
  found: (n: number) => (n === 1 ? '1 line' : `${formatNumber(n)} lines`),
  next: 'Next',
  download: 'Download',
  counts: (name: string, n: number) => `${formatNumber(n)} ${name}`,
  run: 'Run and compare',
  runAbout:
    'Runs the program on random whole numbers, cell by cell, and compares every layer with the network computed directly. Every use of an array checks its mode.',
  stop: 'Stop',
  running: 'Running',
  equal: (layers: number, checks: number) =>
    `Equal in ${layers === 1 ? 'the one layer' : `all ${formatNumber(layers)} layers`} compared. ${count(checks, 'use')} of arrays had the right mode.`,
  different: (layers: number, all: number) =>
    `Different in ${formatNumber(layers)} of ${formatNumber(all)} layers: the program does not compute this network.`,
  refused: 'The program was not run to its end.',
  earlier: 'This is of an earlier program.',
  layers: 'Layers compared',
  columns: { name: 'Layer', values: 'Values', differences: 'Different', largest: 'Largest difference' },
  rests: 'What this rests on',
  own: 'A program of your own',
  ownAbout: 'Change the text and run it in place of the compiled one.',
  fill: 'Start from the compiled program',
  text: 'Program text',
  check: 'Check and run',
  line: (n: number) => `Line ${formatNumber(n)}`,
};
