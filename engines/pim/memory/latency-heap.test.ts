import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalHeap } from './latency-heap.ts';

/** First fit by definition: the lowest address at which no block in use is touched. */
function firstFit(blocks: readonly { at: number; size: number }[], size: number): number {
  const candidates = [0, ...blocks.map((block) => block.at + block.size)].sort((a, b) => a - b);
  const isFree = (at: number) => blocks.every((block) => at + size <= block.at || block.at + block.size <= at);
  return candidates.find(isFree)!;
}

describe('the local memory of a core', () => {
  it('is first fit, whatever is allocated and given back', () => {
    const step = fc.record({ size: fc.integer({ min: 1, max: 40 }), free: fc.option(fc.nat(1000), { freq: 2 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const heap = new LocalHeap();
        const blocks: { at: number; size: number }[] = [];
        let peak = 0;
        for (const { size, free } of steps) {
          if (free !== null && blocks.length > 0) {
            const [block] = blocks.splice(free % blocks.length, 1);
            heap.free(block!.at, block!.size);
            continue;
          }
          const expected = firstFit(blocks, size);
          expect(heap.allocate(size)).toBe(expected);
          blocks.push({ at: expected, size });
          peak = Math.max(peak, expected + size);
        }
        expect(heap.peak).toBe(peak);
        expect(heap.inUse).toBe(blocks.reduce((sum, block) => sum + block.size, 0));
      }),
      { numRuns: 60 },
    );
  });

  it('joins neighbouring holes, so that a large block fits where small ones were', () => {
    const heap = new LocalHeap();
    const blocks = [10, 20, 30].map((size) => ({ at: heap.allocate(size), size }));
    heap.allocate(5);
    for (const block of [blocks[0]!, blocks[2]!, blocks[1]!]) heap.free(block.at, block.size);
    expect(heap.allocate(60)).toBe(0);
  });

  it('without management takes all that was ever allocated', () => {
    const heap = new LocalHeap(false);
    for (let i = 0; i < 5; i++) heap.free(heap.allocate(100), 100);
    expect(heap.peak).toBe(500);
  });
});
