import { expect, test } from 'vitest';
import { bestTiling } from '../../../../../engines/bfp/movement/best.ts';
import { LISTS } from '../../../../../engines/bfp/movement/lists.ts';
import { MACHINES } from '../../../../../engines/bfp/movement/machines.ts';
import type { LoopIndex } from '../../../../../engines/bfp/movement/types.ts';
import { memoryText, nestOf, tileText } from './nest.ts';

const BITS = { inputs: 8, weights: 8, outputs: 8 };

test('the loops of a nest go through the whole layer', () => {
  for (const layer of LISTS[1]!.layers) {
    const found = bestTiling(layer, BITS, MACHINES[0]!);
    if (!found.ok) throw new Error('no tiles');
    const nest = nestOf(found.value);
    expect(nest.map(({ movement }) => movement.level)).toEqual(['memory', 'l2', 'l1', 'registers']);
    const innermost = nest[3]!.movement.tile;
    for (const index of ['b', 'f', 'x', 'y', 'c', 'w', 'h'] as LoopIndex[]) {
      const steps = nest.flatMap(({ together, loops }) =>
        [...together, ...loops].filter((loop) => loop.index === index),
      );
      const reached = steps.reduce((product, { times }) => product * times, innermost[index]);
      // Pieces at an edge are smaller: loops never fall short, and without them end exactly.
      expect(reached).toBeGreaterThanOrEqual(layer.sizes[index]);
      expect(steps.every(({ times }) => Number.isInteger(times) && times > 1)).toBe(true);
      if (steps.length === 0) expect(innermost[index]).toBe(layer.sizes[index]);
    }
  }
});

test('a tile is written by what is larger than one', () => {
  expect(tileText({ b: 1, f: 16, x: 1, y: 6, c: 1, w: 3, h: 1 })).toBe('f 16 · y 6 · w 3');
  expect(tileText({ b: 1, f: 1, x: 1, y: 1, c: 1, w: 1, h: 1 })).toBe('1');
});

test('memory is written as machines count it', () => {
  expect([512 * 8, 32 * 8192, 16 * 8192 * 1024].map((bits) => memoryText(bits).replace(/\s/, ' '))).toEqual([
    '512 B',
    '32 KiB',
    '16 MiB',
  ]);
});
