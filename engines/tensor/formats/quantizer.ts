import { type Kernel, loadKernel } from '../load-kernel.ts';
import { rowsOf } from './blocks.ts';
import { decodeGguf, encodeGguf } from './gguf.ts';
import { type KernelParameters, kernelParameters } from './kernel-parameters.ts';
import { BINS, binsPerUnit, errorOfSums, type Measured, measureReference, type Spread } from './measure.ts';
import { quantizeReference } from './reference.ts';
import { countSaturated, countSaturatedIn } from './saturation.ts';
import type { FormatError, NumberFormat } from './types.ts';

/** A matrix put into a format, and what that did to it. */
export interface Measurement {
  quantized: Float32Array<ArrayBuffer>;
  error: FormatError;
  spread: Spread;
}

/** Puts matrices into number formats. One is used by one caller at a time. */
export interface Quantizer {
  /**
   * The matrix in the format, as numbers: `quantizeReference` bit for bit, by the kernel where that knows the format.
   * `into`: as long as the values (or they themselves), written and returned; absent: a new array, which for a million
   * numbers takes longer than rounding them.
   * @throws RangeError when the values are not whole rows.
   */
  rows(
    values: Float32Array,
    rowLength: number,
    format: NumberFormat,
    seed?: number,
    into?: Float32Array<ArrayBuffer>,
  ): Float32Array<ArrayBuffer>;
  /**
   * The same with its errors and histograms of `bins` bins over +-`maxAbs` (absent: the largest finite magnitude of the
   * values), as `formatError` and `measureReference` define them.
   */
  measure(
    values: Float32Array,
    rowLength: number,
    format: NumberFormat,
    options?: { seed?: number; bins?: number; maxAbs?: number },
  ): Measurement;
}

/** Of `kernels/quantize.as.ts`, on addresses in the kernel's memory; what the parameters are: `kernelParameters`. */
export type QuantizeTiles = (
  from: number,
  to: number,
  rows: number,
  rowLength: number,
  blockRows: number,
  block: number,
  family: number,
  mantissaBits: number,
  exponentBits: number,
  rounding: number,
  seed: number,
  first: number,
) => void;

interface Exports {
  heapBase(): number;
  quantizeTiles: QuantizeTiles;
  largestFinite(from: number, count: number): number;
  startCount(): void;
  endCount(): number;
  measure(
    from: number,
    to: number,
    count: number,
    perUnit: number,
    bins: number,
    before: number,
    after: number,
    sums: number,
  ): void;
}

/** The SIMD kernel where it runs (`simd` false: the plain one), the reference where no WebAssembly does: the same bits. */
export async function loadQuantizer(options?: { simd?: boolean }): Promise<Quantizer> {
  const kernel = await loadKernel<Exports>('quantize', options);
  return kernel ? kernelQuantizer(kernel) : REFERENCE;
}

const REFERENCE: Quantizer = {
  rows: (values, rowLength, format, seed = 0, into) => copied(quantizeReference(values, rowLength, format, seed), into),
  measure(values, rowLength, format, { seed = 0, bins, maxAbs } = {}) {
    const quantized = quantizeReference(values, rowLength, format, seed);
    const { sums, spread } = measureReference(values, quantized, bins, maxAbs);
    return { quantized, error: errorOfSums(sums, countSaturated(values, rowLength, format)), spread };
  },
};

function copied<Values extends Float32Array>(values: Values, into: Float32Array<ArrayBuffer> | undefined) {
  into?.set(values);
  return into ?? values;
}

const PAGE = 65_536;

function kernelQuantizer({ exports }: Kernel<Exports>): Quantizer {
  const { memory } = exports;
  const base = (exports.heapBase() + 15) & ~15;
  /** Address behind the values, after they were laid at `base` and `more` bytes were made room for. */
  const lay = (values: Float32Array, more: number) => {
    const end = (base + values.byteLength + 15) & ~15;
    const missing = end + more - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    new Float32Array(memory.buffer, base, values.length).set(values);
    return end;
  };
  const run = (to: number, rows: number, rowLength: number, parameters: KernelParameters, seed: number) => {
    const { blockRows, block, family, mantissaBits, exponentBits, rounding } = parameters;
    const { quantizeTiles } = exports;
    quantizeTiles(base, to, rows, rowLength, blockRows, block, family, mantissaBits, exponentBits, rounding, seed, 0);
  };
  /** Of the values at `base` and their quantized form at `to`; what lies behind `scratch` is overwritten. */
  const measured = (count: number, to: number, scratch: number, bins: number, givenMaxAbs?: number): Measured => {
    const maxAbs = givenMaxAbs ?? exports.largestFinite(base, count);
    const [before, after] = [scratch + 48, scratch + 48 + 4 * bins];
    new Uint32Array(memory.buffer, before, 2 * bins).fill(0);
    exports.measure(base, to, count, binsPerUnit(maxAbs, bins), bins, before, after, scratch);
    const [squares, squaredErrors, maxAbsError, flushedToZero, notFinite] = new Float64Array(memory.buffer, scratch, 5);
    const countsAt = (at: number) => Array.from(new Uint32Array(memory.buffer, at, bins));
    return {
      sums: {
        elements: count,
        squares: squares!,
        squaredErrors: squaredErrors!,
        maxAbsError: maxAbsError!,
        flushedToZero: flushedToZero!,
        notFinite: notFinite!,
      },
      spread: { before: countsAt(before), after: countsAt(after), maxAbs },
    };
  };

  return {
    rows(values, rowLength, format, seed = 0, into) {
      const rows = rowsOf(values.length, rowLength);
      const parameters = kernelParameters(format);
      if (!parameters) return copied(quantizeReference(values, rowLength, format, seed), into);
      lay(values, 0);
      run(base, rows, rowLength, parameters, seed);
      const quantized = new Float32Array(memory.buffer, base, values.length);
      return into ? copied(quantized, into) : quantized.slice();
    },
    measure(values, rowLength, format, { seed = 0, bins = BINS, maxAbs } = {}) {
      const rows = rowsOf(values.length, rowLength);
      const parameters = kernelParameters(format);
      const room = (values.byteLength + 15) & ~15;
      const to = lay(values, room + 48 + 8 * bins);
      let saturated: number;
      if (parameters) {
        exports.startCount();
        run(to, rows, rowLength, parameters, seed);
        saturated = exports.endCount() >>> 0;
      } else if (format.kind === 'gguf') {
        const blocks = encodeGguf(values, rowLength, format.type);
        new Float32Array(memory.buffer, to, values.length).set(decodeGguf(blocks, rows, rowLength, format.type));
        saturated = countSaturatedIn(blocks, values, rowLength, format.type);
      } else {
        throw new Error(`The kernel does not know the format ${format.kind}.`);
      }
      const { sums, spread } = measured(values.length, to, to + room, bins, maxAbs);
      const quantized = new Float32Array(memory.buffer, to, values.length).slice();
      return { quantized, error: errorOfSums(sums, saturated), spread };
    },
  };
}
