import { describe, expect, it } from 'vitest';
import { scrollScale } from './VirtualRows.tsx';

describe('the bar beside rows', () => {
  it('is as long as they are while a browser can draw that', () => {
    expect(scrollScale(1000, 20, 400)).toEqual({ tall: 20_000, scale: 1 });
  });

  it('stands for more than its length beyond, and still reaches both ends', () => {
    const [count, row, view] = [3_000_000, 20, 400];
    const { tall, scale } = scrollScale(count, row, view);
    expect(tall).toBeLessThanOrEqual(8_000_000);
    expect((tall - view) * scale).toBeCloseTo(count * row - view, 3);
  });
});
