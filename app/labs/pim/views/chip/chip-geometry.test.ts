import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chipGeometry } from './chip-geometry.ts';

const side = fc.integer({ min: 1, max: 5 });

describe('the drawing of a chip', () => {
  it('finds every crossbar where it drew it', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 1, max: 130 }), (cx, cy, x, y, perCore) => {
        const hardware = { chips: { x: cx, y: cy, linkGBps: 1 }, cores: { x, y }, crossbar: { perCore } };
        const geometry = chipGeometry(hardware as Parameters<typeof chipGeometry>[0]);
        for (let core = 0; core < cx * cy * x * y; core++) {
          const slot = (core * 7) % perCore;
          const box = geometry.cellBox(core, slot);
          expect(geometry.at(box.x + box.w / 2, box.y + box.h / 2)).toEqual({ core, slot });
          expect(box.x + box.w).toBeLessThanOrEqual(geometry.width);
          expect(box.y + box.h).toBeLessThanOrEqual(geometry.height);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('walks from core to core over the borders of chips, and stops at the edges', () => {
    const hardware = { chips: { x: 2, y: 1, linkGBps: 1 }, cores: { x: 2, y: 2 }, crossbar: { perCore: 4 } };
    const geometry = chipGeometry(hardware as Parameters<typeof chipGeometry>[0]);
    expect(geometry.neighbour(1, 1, 0)).toBe(4);
    expect(geometry.neighbour(4, -1, 0)).toBe(1);
    expect(geometry.neighbour(0, -1, -1)).toBe(0);
    expect(geometry.neighbour(7, 1, 1)).toBe(7);
  });
});
