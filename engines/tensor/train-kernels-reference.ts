import type { Patches, Pooling, TrainMath } from './train-kernels.ts';

/**
 * What the kernels compute, in TypeScript, on a heap of its own. Every sum is rounded to float32 after each product and each
 * addition, in the order of k or of the rows.
 */
export function trainMathReference(heap: Float32Array<ArrayBuffer>): TrainMath {
  const round = Math.fround;

  function eachPixel(
    { height, width, channels, kernel, stride, pads, outHeight, outWidth }: Patches,
    visit: (patchAt: number, pixelAt: number | undefined) => void,
  ): void {
    let patchAt = 0;
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let ky = 0; ky < kernel[0]; ky++) {
          for (let kx = 0; kx < kernel[1]; kx++, patchAt += channels) {
            const y = oy * stride + ky - pads[0];
            const x = ox * stride + kx - pads[1];
            const inside = y >= 0 && y < height && x >= 0 && x < width;
            visit(patchAt, inside ? (y * width + x) * channels : undefined);
          }
        }
      }
    }
  }

  /** Every window, channel by channel: the place of its largest value in the image, its own place in what comes out. */
  function eachWinner(
    x: number,
    { width, channels, kernel, stride, outHeight, outWidth }: Pooling,
    visit: (from: number, to: number) => void,
  ): void {
    for (let to = 0; to < outHeight * outWidth * channels; to++) {
      const pixel = Math.floor(to / channels);
      const top = Math.floor(pixel / outWidth) * stride;
      const corner = (top * width + (pixel % outWidth) * stride) * channels + (to % channels);
      let winner = corner;
      for (let place = 0; place < kernel * kernel; place++) {
        const at = corner + (Math.floor(place / kernel) * width + (place % kernel)) * channels;
        if (heap[x + at]! > heap[x + winner]!) winner = at;
      }
      visit(winner, to);
    }
  }

  return {
    heap,

    gemm({ a, b, c, m, n, k, aRow, aStep, bRow, add }) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = add ? heap[c + i * n + j]! : 0;
          for (let step = 0; step < k; step++) {
            sum = round(sum + round(heap[a + i * aRow + step * aStep]! * heap[b + step * bRow + j]!));
          }
          heap[c + i * n + j] = sum;
        }
      }
    },

    im2col(x, patches, shape) {
      eachPixel(shape, (patchAt, pixelAt) => {
        const to = patches + patchAt;
        if (pixelAt === undefined) heap.fill(0, to, to + shape.channels);
        else heap.copyWithin(to, x + pixelAt, x + pixelAt + shape.channels);
      });
    },

    col2im(x, patches, shape) {
      eachPixel(shape, (patchAt, pixelAt) => {
        if (pixelAt === undefined) return;
        for (let channel = 0; channel < shape.channels; channel++) {
          heap[x + pixelAt + channel]! += heap[patches + patchAt + channel]!;
        }
      });
    },

    addBias(y, bias, rows, columns, relu) {
      for (let i = 0, at = y; i < rows; i++) {
        for (let j = 0; j < columns; j++, at++) {
          const sum = round(heap[at]! + heap[bias + j]!);
          heap[at] = relu ? Math.max(sum, 0) : sum;
        }
      }
    },

    reluBackward(dy, y, count) {
      for (let i = 0; i < count; i++) if (!(heap[y + i]! > 0)) heap[dy + i] = 0;
    },

    addRows(sums, dy, rows, columns) {
      for (let i = 0, at = dy; i < rows; i++) for (let j = 0; j < columns; j++, at++) heap[sums + j]! += heap[at]!;
    },

    maxPool(x, y, shape) {
      eachWinner(x, shape, (from, to) => {
        heap[y + to] = heap[x + from]!;
      });
    },

    maxPoolBackward(x, dx, dy, shape) {
      eachWinner(x, shape, (from, to) => {
        heap[dx + from]! += heap[dy + to]!;
      });
    },
  };
}
