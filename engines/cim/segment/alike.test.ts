import { expect, it } from 'vitest';
import { smallProblem } from '../allocate/brute.fixture.ts';
import { allocateExactly } from '../allocate/exact.ts';
import { namer, remember } from './alike.ts';

const own = { arrays: 1, vectors: 60, streamBytes: 8, weightBytes: 8 };

it('does not take segments for equal whose weights take longer to come in', () => {
  const problem = smallProblem([own, { ...own, weightBytes: 60 }, own], {}, { reload: 'bytes' });
  const options = { memory: true, withReload: true };
  const { allocate, solved } = remember(problem, allocateExactly, options);
  for (const operator of [0, 1, 2]) expect(allocate([operator])).toEqual(allocateExactly(problem, [operator], options));
  expect(solved()).toBe(2);
});

it('tells operators apart whose buffers may become weights in place', () => {
  const problem = smallProblem([own, own, { ...own, weightsFrom: [0], dynamic: true }]);
  const nameOf = namer(problem);
  expect(nameOf([0])).not.toBe(nameOf([1]));
});
