import type { NetworkKernel } from './kernel.ts';

/*
 * The kernel in TypeScript: its definition, which every build is checked against, and what computes where WebAssembly is
 * refused. Each operation is rounded to float32 by itself, sums are taken one element after the other.
 */

const PAGE = 65_536;
const { fround } = Math;

class Heap {
  buffer = new ArrayBuffer(PAGE);
  floats = new Float32Array(this.buffer);
  words = new Int32Array(this.buffer);

  grow(pages: number): number {
    const before = this.buffer.byteLength / PAGE;
    const larger = new ArrayBuffer(this.buffer.byteLength + pages * PAGE);
    new Uint8Array(larger).set(new Uint8Array(this.buffer));
    this.buffer = larger;
    this.floats = new Float32Array(larger);
    this.words = new Int32Array(larger);
    return before;
  }

  /** Parameters as words, and those that are float32. */
  fields(at: number, count: number): number[] {
    return [...this.words.subarray(at / 4, at / 4 + count)];
  }
}

const clip = (x: number, low: number, high: number) => {
  const raised = x < low ? low : x;
  return high < raised ? high : raised;
};
const hardSwish = (x: number) => fround(fround(x * clip(fround(x + 3), 0, 6)) / 6);

type Finish = (sum: number) => number;

/** What is done to a sum before it is stored; `at`: the first of its five fields. */
function finishOf({ floats, words }: Heap, at: number): Finish {
  const mode = words[at / 4]!;
  const [low, high, scale, shift] = floats.slice(at / 4 + 1, at / 4 + 5) as unknown as [number, number, number, number];
  return (sum) => {
    let x = sum;
    if (mode & 1) x = clip(x, low, high);
    if (mode & 2) x = hardSwish(x);
    if (mode & 4) x = fround(fround(x * scale) + shift);
    return x;
  };
}

function convolve(heap: Heap, parameters: number): void {
  const [input, panels, bias, output] = heap.fields(parameters, 4).map((at) => at / 4) as [
    number,
    number,
    number,
    number,
  ];
  const [rows, outHeight, outWidth, height, width, pixel] = heap.fields(parameters + 28, 6) as Six;
  const [kernelHeight, kernelWidth, strideY, strideX, top, left] = heap.fields(parameters + 52, 6) as Six;
  const [dilationY, dilationX, channels, groups, outputs, step] = heap.fields(parameters + 76, 6) as Six;
  const finish = finishOf(heap, parameters + 108);
  const { floats } = heap;
  const padded = 8 * Math.ceil(outputs / 8);
  const inner = kernelHeight * kernelWidth * channels;
  const sums = new Float32Array(padded);
  for (let row = 0; row < rows; row += 1) {
    const x = row % outWidth;
    const line = (row - x) / outWidth;
    const y = line % outHeight;
    const sample = (line - y) / outHeight;
    for (let group = 0; group < groups; group += 1) {
      sums.set(floats.subarray(bias + group * padded, bias + (group + 1) * padded));
      for (let i = 0; i < kernelHeight; i += 1) {
        for (let j = 0; j < kernelWidth; j += 1) {
          const [v, u] = [y * strideY - top + i * dilationY, x * strideX - left + j * dilationX];
          const inside = v >= 0 && v < height && u >= 0 && u < width;
          const from = input + ((sample * height + v) * width + u) * pixel + group * channels;
          for (let c = 0; c < channels; c += 1) {
            const value = inside ? floats[from + c]! : 0;
            const place = (i * kernelWidth + j) * channels + c;
            for (let o = 0; o < outputs; o += 1) {
              const weight = floats[panels + group * padded * inner + ((o >> 3) * inner + place) * 8 + (o & 7)]!;
              sums[o] = sums[o]! + fround(value * weight);
            }
          }
        }
      }
      for (let o = 0; o < outputs; o += 1) floats[output + row * step + group * outputs + o] = finish(sums[o]!);
    }
  }
}

type Six = [number, number, number, number, number, number];

function depthwise(heap: Heap, parameters: number): void {
  const [input, weights, bias, output] = heap.fields(parameters, 4).map((at) => at / 4) as [
    number,
    number,
    number,
    number,
  ];
  const [samples, outHeight, outWidth, height, width, channels] = heap.fields(parameters + 16, 6) as Six;
  const [kernelHeight, kernelWidth, strideY, strideX, top, left] = heap.fields(parameters + 40, 6) as Six;
  const [dilationY, dilationX] = heap.fields(parameters + 64, 2) as [number, number];
  const finish = finishOf(heap, parameters + 72);
  const { floats } = heap;
  let to = output;
  for (let row = 0; row < samples * outHeight * outWidth; row += 1) {
    const x = row % outWidth;
    const y = ((row - x) / outWidth) % outHeight;
    const sample = Math.floor(row / (outWidth * outHeight));
    for (let c = 0; c < channels; c += 1) {
      let sum = floats[bias + c]!;
      for (let i = 0; i < kernelHeight; i += 1) {
        for (let j = 0; j < kernelWidth; j += 1) {
          const [v, u] = [y * strideY - top + i * dilationY, x * strideX - left + j * dilationX];
          if (v < 0 || v >= height || u < 0 || u >= width) continue;
          const value = floats[input + ((sample * height + v) * width + u) * channels + c]!;
          sum = fround(sum + fround(value * floats[weights + (i * kernelWidth + j) * channels + c]!));
        }
      }
      floats[to++] = finish(sum);
    }
  }
}

function pool(heap: Heap, parameters: number): void {
  const [input, output] = heap.fields(parameters, 2).map((at) => at / 4) as [number, number];
  const [samples, outHeight, outWidth, height, width, channels] = heap.fields(parameters + 8, 6) as Six;
  const [kernelHeight, kernelWidth, strideY, strideX, top, left] = heap.fields(parameters + 32, 6) as Six;
  const [dilationY, dilationX, mean, countPads, below, right] = heap.fields(parameters + 56, 6) as Six;
  const { floats } = heap;
  let to = output;
  for (let row = 0; row < samples * outHeight * outWidth; row += 1) {
    const x = row % outWidth;
    const y = ((row - x) / outWidth) % outHeight;
    const sample = Math.floor(row / (outWidth * outHeight));
    for (let c = 0; c < channels; c += 1) {
      let [sum, largest, inside, counted] = [0, Number.NEGATIVE_INFINITY, 0, 0];
      for (let i = 0; i < kernelHeight; i += 1) {
        for (let j = 0; j < kernelWidth; j += 1) {
          const [v, u] = [y * strideY - top + i * dilationY, x * strideX - left + j * dilationX];
          if (v < height + below && u < width + right) counted += 1;
          if (v < 0 || v >= height || u < 0 || u >= width) continue;
          const value = floats[input + ((sample * height + v) * width + u) * channels + c]!;
          inside += 1;
          sum = fround(sum + value);
          if (largest < value) largest = value;
        }
      }
      floats[to++] = inside === 0 ? 0 : mean ? sum / (countPads ? counted : inside) : largest;
    }
  }
}

const PAIRS: readonly ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => a * b,
  (a, b) => a / b,
  (a, b) => (a < b ? b : a),
  (a, b) => (b < a ? b : a),
];

const LEAST = fround(-87.33654);
const MOST = fround(88.37626);
const LOG2_E = fround(Math.LOG2E);
const LN2_HIGH = 0.693359375;
const LN2_LOW = fround(-2.1219444e-4);
const POLYNOMIAL = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(fround);
const bits = new Int32Array(1);
const power = new Float32Array(bits.buffer);

/** e^x in float32, as the kernel has it: see there. */
function exp(value: number): number {
  const x = clip(value, LEAST, MOST);
  const n = fround(fround(fround(x * LOG2_E) + 12_582_912) - 12_582_912);
  const r = fround(fround(x - fround(n * LN2_HIGH)) - fround(n * LN2_LOW));
  const p = POLYNOMIAL.reduce((sum, term) => fround(fround(sum * r) + term));
  const y = fround(fround(fround(fround(p * r) * r) + r) + 1);
  bits[0] = (n + 127) << 23;
  return fround(y * power[0]!);
}

const sigmoidDivisor = (x: number) => fround(1 + exp(-x));

const MAPS: readonly ((x: number, alpha: number, beta: number) => number)[] = [
  clip,
  (x, alpha, beta) => clip(fround(fround(x * alpha) + beta), 0, 1),
  hardSwish,
  (x) => 1 / sigmoidDivisor(x),
  (x) => x / sigmoidDivisor(x),
  Math.sqrt,
  (x, alpha) => (x < 0 ? x * alpha : x),
  (x, alpha, beta) => fround(x * alpha) + beta,
  Math.abs,
];

/** Result and place of taking `count` elements from `at` on. */
function reduced(op: number, floats: Float32Array, at: number, count: number, step: number): number {
  let result = op <= 1 ? 0 : op === 5 ? 1 : floats[at]!;
  let place = 0;
  for (let k = 0; k < count; k += 1) {
    const value = floats[at + k * step]!;
    if (op <= 1) result += value;
    else if (op === 5) result *= value;
    else if (op === 3 || op === 6 ? value < result : value > result) {
      result = value;
      place = k;
    }
  }
  if (op === 4 || op === 6) return place;
  return op === 1 ? result / count : result;
}

function softmax({ floats }: Heap, from: number, to: number, rows: number, count: number): void {
  for (let row = 0; row < rows; row += 1) {
    const start = from / 4 + row * count;
    let largest = floats[start]!;
    for (let at = 1; at < count; at += 1) if (floats[start + at]! > largest) largest = floats[start + at]!;
    const target = floats.subarray(to / 4 + row * count, to / 4 + (row + 1) * count);
    let sum = 0;
    for (let at = 0; at < count; at += 1) {
      target[at] = exp(fround(floats[start + at]! - largest));
      sum += target[at]!;
    }
    const divisor = fround(sum);
    for (let at = 0; at < count; at += 1) target[at] = target[at]! / divisor;
  }
}

export function referenceKernel(): NetworkKernel {
  const heap = new Heap();
  return {
    memory: heap,
    heapBase: () => 64,
    convolve: (parameters) => convolve(heap, parameters),
    depthwise: (parameters) => depthwise(heap, parameters),
    pool: (parameters) => pool(heap, parameters),
    softmax: (from, to, rows, count) => softmax(heap, from, to, rows, count),
    packPanels(from, to, columns, inner, columnStride, innerStride) {
      const { floats } = heap;
      for (let column = 0; column < 8 * Math.ceil(columns / 8); column += 1) {
        for (let k = 0; k < inner; k += 1) {
          const value = column < columns ? floats[from / 4 + column * columnStride + k * innerStride]! : 0;
          floats[to / 4 + ((column >> 3) * inner + k) * 8 + (column & 7)] = value;
        }
      }
    },
    binary(op, a, b, to, outer, inner, aOuter, aInner, bOuter, bInner) {
      const { floats } = heap;
      for (let i = 0; i < outer; i += 1) {
        for (let j = 0; j < inner; j += 1) {
          const left = floats[a / 4 + i * aOuter + j * aInner]!;
          const right = floats[b / 4 + i * bOuter + j * bInner]!;
          floats[to / 4 + i * inner + j] = PAIRS[op]!(left, right);
        }
      }
    },
    unary(op, from, to, count, alpha, beta) {
      const { floats } = heap;
      const [a, b] = [fround(alpha), fround(beta)];
      for (let at = 0; at < count; at += 1) floats[to / 4 + at] = MAPS[op]!(floats[from / 4 + at]!, a, b);
    },
    copy(from, to, a, b, c, fromA, fromB, fromC, toA, toB, toC) {
      const { floats } = heap;
      for (let i = 0; i < a; i += 1) {
        for (let j = 0; j < b; j += 1) {
          const [source, target] = [from / 4 + i * fromA + j * fromB, to / 4 + i * toA + j * toB];
          for (let k = 0; k < c; k += 1) floats[target + k * toC] = floats[source + k * fromC]!;
        }
      }
    },
    reduce(op, from, to, outer, count, inner, outerStride, countStride, innerStride) {
      const { floats } = heap;
      for (let i = 0; i < outer; i += 1) {
        for (let j = 0; j < inner; j += 1) {
          const at = from / 4 + i * outerStride + j * innerStride;
          floats[to / 4 + i * inner + j] = reduced(op, floats, at, count, countStride);
        }
      }
    },
  };
}
