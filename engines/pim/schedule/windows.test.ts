import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastInput, WindowPixels } from './windows.ts';

const window = fc.record({
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pads: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
  dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 9 }),
});

const outputSize = (input: number, kernel: number, stride: number, pads: number, dilation: number) =>
  Math.floor((input + pads - dilation * (kernel - 1) - 1) / stride) + 1;

describe('windows', () => {
  it('know their pixels, and pixels know their windows', () => {
    fc.assert(
      fc.property(window, ({ kernel, stride, pads, dilation, rows, columns }) => {
        const output = {
          rows: outputSize(rows, kernel[0], stride[0], pads[0] + pads[2], dilation[0]),
          columns: outputSize(columns, kernel[1], stride[1], pads[1] + pads[3], dilation[1]),
        };
        fc.pre(output.rows > 0 && output.columns > 0);
        const pixels = new WindowPixels({ kernel, stride, pads, dilation }, { rows, columns }, output);
        const samples = 2;
        const readBy = Array.from({ length: samples * rows * columns }, () => new Set<number>());
        const under = new Int32Array(kernel[0] * kernel[1]);
        for (let at = 0; at < samples * output.rows * output.columns; at++) {
          pixels.pixelsOf(at, under);
          const [sample, within] = [
            Math.floor(at / (output.rows * output.columns)),
            at % (output.rows * output.columns),
          ];
          for (let i = 0; i < under.length; i++) {
            const y =
              Math.floor(within / output.columns) * stride[0] - pads[0] + Math.floor(i / kernel[1]) * dilation[0];
            const x = (within % output.columns) * stride[1] - pads[1] + (i % kernel[1]) * dilation[1];
            const inside = y >= 0 && y < rows && x >= 0 && x < columns;
            expect(under[i]).toBe(inside ? (sample * rows + y) * columns + x : -1);
            if (inside) readBy[under[i]!]!.add(at);
          }
        }
        for (const [pixel, expected] of readBy.entries()) {
          const found: number[] = [];
          pixels.windowsOf(pixel, (at) => found.push(at));
          expect(found).toEqual([...expected].sort((a, b) => a - b));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('end at min(H, K + s(r - 1) - p), counted from 1 (TCAD, section IV-D)', () => {
    for (const [size, kernel, stride, pad] of [
      [224, 7, 2, 3],
      [13, 3, 1, 1],
      [55, 3, 2, 0],
    ] as const) {
      for (let r = 1; r <= 5; r++)
        expect(lastInput(r - 1, size, kernel, stride, pad) + 1).toBe(Math.min(size, kernel + stride * (r - 1) - pad));
    }
  });
});
