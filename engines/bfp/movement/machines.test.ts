import { expect, test } from 'vitest';
import { computePj, movementPj, operationPj } from './energy.ts';
import { MACHINES, resolveMachine } from './machines.ts';

test('the desktop has the numbers of the released program', () => {
  const [desktop] = MACHINES;
  expect(desktop!.levels.map(({ capacityBits }) => capacityBits / 32)).toEqual([128, 8192, 65536, 4194304]);
  expect(desktop!.levels.map(({ bandwidth }) => bandwidth)).toEqual([65, 57, 28, 16]);
  expect(desktop).toMatchObject({ threads: 8, registerTile: { y: 6, f: 16 }, inputSpan: 'published' });
});

test('a design changes single numbers of a preset', () => {
  const changed = resolveMachine({
    base: 'bitq-desktop',
    threads: 2,
    levels: [{ level: 'l2', capacityBits: 4096, bandwidth: 30 }],
  });
  expect(changed.ok && changed.value).toMatchObject({ threads: 2, dramPjPerWord: 640 });
  expect(changed.ok && changed.value.levels.map(({ capacityBits }) => capacityBits)).toEqual([
    4096, 262144, 4096, 134217728,
  ]);
});

test.each([
  ['bitq-dekstop', 'bfp.machine.unknown', /no machine "bitq-dekstop"/, /Did you mean "bitq-desktop"/],
  [{ base: 'bitq-desktop', threads: 0 }, 'bfp.machine.value', /0 threads/, /whole number/],
  [{ base: 'bitq-desktop', dramPjPerWord: Number.NaN }, 'bfp.machine.value', /NaN pJ/, /at least 0/],
  [{ base: 'bitq-desktop', registerTile: { y: 0 } }, 'bfp.machine.value', /register tile/, /at least 1/],
  [
    { base: 'bitq-desktop', levels: [{ level: 'l1' as const, capacityBits: 0, bandwidth: 1 }] },
    'bfp.machine.value',
    /capacity of l1/,
    /more than 0/,
  ],
])('a machine that cannot be is refused: %o', (choice, code, what, remedy) => {
  const result = resolveMachine(choice);
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.problems[0]).toMatchObject({ code, where: { path: expect.stringContaining('slices.bfp.machine') } });
  expect(result.problems[0]!.what).toMatch(what);
  expect(result.problems[0]!.remedy).toMatch(remedy);
});

test('operations cost what was published at 8, 16 and 32 bits, and more with every bit', () => {
  expect([8, 16, 32].map(operationPj)).toEqual([0.23, 0.95, 4]);
  // The exponent of facts 2.4 between 8 and 16 bits is 2.05.
  expect(operationPj(12)).toBeCloseTo(0.23 * 1.5 ** 2.05, 2);
  for (let bits = 2; bits < 40; bits++) expect(operationPj(bits + 1)).toBeGreaterThan(operationPj(bits));
  expect(computePj(1000, { inputs: 16, weights: 4 })).toBeCloseTo(1000 * 0.23, 9);
});

test('640 pJ for a word of the large memory, 5 pJ for one inside', () => {
  expect(movementPj(32, 64, { dramPjPerWord: 640, sramPjPerWord: 5 })).toBe(650);
});
