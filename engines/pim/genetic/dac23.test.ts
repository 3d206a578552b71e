import { expect, test } from 'vitest';
import { type Axis, cycleNs, latencyFitness, throughputFitness, throughputNs, waitingShare } from './dac23.ts';

const INTERVAL = 200;
const MVM = 800;
const f = (n: number) => cycleNs(n, INTERVAL, MVM);

test('an operation cycle lasts as long as its starts take, and at least one product', () => {
  expect([0, 1, 4, 5, 64].map(f)).toEqual([0, 800, 800, 1000, 12_800]);
});

test("the paper's worked example: 300 f(8) + 200 f(5) + 500 f(4) + 2000 f(2)", () => {
  const shares = [
    { arrayGroups: 2, windows: 1000 },
    { arrayGroups: 3, windows: 300 },
    { arrayGroups: 2, windows: 3000 },
    { arrayGroups: 1, windows: 500 },
  ];
  const ns = throughputNs(shares, INTERVAL, MVM);
  expect(ns).toBe(300 * f(8) + 200 * f(5) + 500 * f(4) + 2000 * f(2));
  expect(ns).toBe(300 * 1600 + 200 * 1000 + 500 * 800 + 2000 * 800);
});

test('the fitness of a mapping is that of its slowest core', () => {
  const light = [{ arrayGroups: 4, windows: 10 }];
  const heavy = [{ arrayGroups: 5, windows: 10 }];
  expect(throughputFitness([light, heavy, []], INTERVAL, MVM)).toBe(10 * 1000);
});

const axis = (size: number, kernel: number, pad: number, stride: number): Axis => ({
  size,
  kernel,
  pad,
  stride,
  outputs: Math.floor((size + 2 * pad - kernel) / stride) + 1,
});

test('a 3 x 3 window with padding waits for one row and one column of the provider', () => {
  // One input comes before the first window; of the 55 left, as many outputs: 56 * 56 inputs, 55 * 55 at once.
  const one = axis(56, 3, 1, 1);
  expect(waitingShare(one, one)).toBeCloseTo((56 * 56 - 55 * 55) / (56 * 56), 12);
});

test('a strided window waits for what its stride leaves out', () => {
  // 2 x 2 of stride 2 on 8: one input before, 7 left, 4 outputs, 3 blanks that the stride spaces out: all 8 count.
  const one = axis(8, 2, 0, 2);
  expect(waitingShare(one, one)).toBeCloseTo((64 - 16) / 64, 12);
  // 1 x 1 of stride 4 on 16: nothing before, 4 outputs, 12 blanks: 4 + 3 * 3 = 13 inputs are enough.
  const sparse = axis(16, 1, 0, 4);
  expect(waitingShare(sparse, sparse)).toBeCloseTo((13 * 13 - 16) / (13 * 13), 12);
});

test('a 1 x 1 window waits for nothing', () => {
  expect(waitingShare(axis(14, 1, 0, 1), axis(14, 1, 0, 1))).toBe(0);
});

test('the latency of a chain, by hand', () => {
  expect(latencyFitness([{ replicas: 4, waits: 0 }], 1000)).toBe(250);
  // As many replicas: the second layer keeps pace, so the chain takes no longer than the first.
  const even = [
    { replicas: 4, waits: 0 },
    { replicas: 4, waits: 0.25 },
  ];
  expect(latencyFitness(even, 1000)).toBe(250);
  // Half the replicas: the quarter that is waited for, and twice the rest.
  const slow = [
    { replicas: 4, waits: 0 },
    { replicas: 2, waits: 0.25 },
  ];
  expect(latencyFitness(slow, 1000)).toBe(250 * (0.25 + 0.75 * 2));
  // More replicas than the provider's do not help, and are not seen further on.
  const three = [
    { replicas: 4, waits: 0 },
    { replicas: 8, waits: 0.5 },
    { replicas: 2, waits: 0.1 },
  ];
  expect(latencyFitness(three, 1000)).toBe(250 * (0.5 + 0.5 * (0.1 + 0.9 * 2)));
});
