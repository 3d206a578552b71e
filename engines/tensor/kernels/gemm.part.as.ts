/*
 * Products of matrices of float32, and convolutions as such products. Rows of the left operand are read where they are, by
 * a table of addresses (one for each place of the kernel: "The Indirect Convolution Algorithm", Dukhan, arXiv 1907.02129);
 * the right operand lies in panels of 8 columns. Every sum begins with the bias and takes its products in the order kernel
 * row, kernel column, channel, one by one: multiplied and rounded, then added and rounded. Lanes are columns, so the plain
 * build and the reference in engines/onnx/run/kernel-reference.ts give the same bits.
 */

/** Rows and columns of the tile that a step computes in registers. */
const TILE: i32 = 6;
const PANEL: i32 = 8;

// What is done to a sum before it is stored: bits of `mode`.
const CLIP: i32 = 1;
const HARD_SWISH: i32 = 2;
const AFFINE: i32 = 4;

let mode: i32 = 0;
let low: f32 = 0;
let high: f32 = 0;
let scale: f32 = 0;
let shift: f32 = 0;

/** Where a tile at the border is stored before its part is copied. */
const border = memory.data(192, 16);

export function setFinish(how: i32, least: f32, most: f32, times: f32, plus: f32): void {
  mode = how;
  low = least;
  high = most;
  scale = times;
  shift = plus;
}

// V is v128: a type of its own in a signature would keep the plain build from compiling.
// @ts-ignore: decorator
@inline
export function finish<V>(sum: V): V {
  if (mode == 0) return sum;
  let x = sum;
  if (mode & CLIP) x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(low)), f32x4.splat(high));
  if (mode & HARD_SWISH) x = hardSwish<V>(x);
  if (mode & AFFINE) x = f32x4.add(f32x4.mul(x, f32x4.splat(scale)), f32x4.splat(shift));
  return x;
}

// @ts-ignore: decorator
@inline
export function hardSwish<V>(x: V): V {
  const gate = f32x4.pmin(f32x4.pmax(f32x4.add(x, f32x4.splat(3)), f32x4.splat(0)), f32x4.splat(6));
  return f32x4.div(f32x4.mul(x, gate), f32x4.splat(6));
}

// @ts-ignore: decorator
@inline
export function clipScalar(x: f32, least: f32, most: f32): f32 {
  const raised = x < least ? least : x;
  return most < raised ? most : raised;
}

// @ts-ignore: decorator
@inline
export function finishScalar(sum: f32): f32 {
  let x = sum;
  if (mode & CLIP) x = clipScalar(x, low, high);
  if (mode & HARD_SWISH) x = (x * clipScalar(x + 3, 0, 6)) / 6;
  if (mode & AFFINE) x = x * scale + shift;
  return x;
}

/**
 * One tile: `rows` (1..6) rows whose addresses stand in `table` as [tap][6], times a panel, into `columns` (1..8) columns
 * of `c`, whose rows are `step` bytes apart.
 */
function tile(
  table: usize,
  taps: i32,
  channels: i32,
  panel: usize,
  bias: usize,
  c: usize,
  rows: i32,
  columns: i32,
  step: usize,
): void {
  if (ASC_FEATURE_SIMD) {
    const whole = rows == TILE && columns == PANEL;
    tileSimd(table, taps, channels, panel, bias, whole ? c : border, whole ? step : 32);
    if (whole) return;
    for (let row = 0; row < rows; row += 1) {
      memory.copy(c + <usize>row * step, border + ((<usize>row) << 5), (<usize>columns) << 2);
    }
    return;
  }
  for (let row = 0; row < rows; row += 1) {
    let s0 = load<f32>(bias);
    let s1 = load<f32>(bias, 4);
    let s2 = load<f32>(bias, 8);
    let s3 = load<f32>(bias, 12);
    let s4 = load<f32>(bias, 16);
    let s5 = load<f32>(bias, 20);
    let s6 = load<f32>(bias, 24);
    let s7 = load<f32>(bias, 28);
    let b = panel;
    for (let tap = 0; tap < taps; tap += 1) {
      let a = <usize>load<u32>(table + ((<usize>(tap * TILE + row)) << 2));
      for (let k = 0; k < channels; k += 1) {
        const value = load<f32>(a);
        s0 += value * load<f32>(b);
        s1 += value * load<f32>(b, 4);
        s2 += value * load<f32>(b, 8);
        s3 += value * load<f32>(b, 12);
        s4 += value * load<f32>(b, 16);
        s5 += value * load<f32>(b, 20);
        s6 += value * load<f32>(b, 24);
        s7 += value * load<f32>(b, 28);
        a += 4;
        b += 32;
      }
    }
    const to = c + <usize>row * step;
    store<f32>(to, finishScalar(s0));
    if (columns > 1) store<f32>(to, finishScalar(s1), 4);
    if (columns > 2) store<f32>(to, finishScalar(s2), 8);
    if (columns > 3) store<f32>(to, finishScalar(s3), 12);
    if (columns > 4) store<f32>(to, finishScalar(s4), 16);
    if (columns > 5) store<f32>(to, finishScalar(s5), 20);
    if (columns > 6) store<f32>(to, finishScalar(s6), 24);
    if (columns > 7) store<f32>(to, finishScalar(s7), 28);
  }
}

/** A whole tile: 12 sums of 4 lanes stay in registers. */
function tileSimd(
  table: usize,
  taps: i32,
  channels: i32,
  b: usize,
  bias: usize,
  to: usize,
  step: usize,
): void {
  if (ASC_FEATURE_SIMD) {
    let s0 = v128.load(bias);
    let t0 = v128.load(bias, 16);
    let s1 = s0;
    let t1 = t0;
    let s2 = s0;
    let t2 = t0;
    let s3 = s0;
    let t3 = t0;
    let s4 = s0;
    let t4 = t0;
    let s5 = s0;
    let t5 = t0;
    for (let tap = 0; tap < taps; tap += 1) {
      let p0 = <usize>load<u32>(table, 0);
      let p1 = <usize>load<u32>(table, 4);
      let p2 = <usize>load<u32>(table, 8);
      let p3 = <usize>load<u32>(table, 12);
      let p4 = <usize>load<u32>(table, 16);
      let p5 = <usize>load<u32>(table, 20);
      table += 24;
      const end = p0 + (<usize>channels << 2);
      const whole = p0 + ((<usize>channels & ~3) << 2);
      while (p0 < whole) {
        {
          const b0 = v128.load(b, 0);
          const b1 = v128.load(b, 16);
          const a0 = v128.load_splat<f32>(p0, 0);
          s0 = f32x4.add(s0, f32x4.mul(a0, b0));
          t0 = f32x4.add(t0, f32x4.mul(a0, b1));
          const a1 = v128.load_splat<f32>(p1, 0);
          s1 = f32x4.add(s1, f32x4.mul(a1, b0));
          t1 = f32x4.add(t1, f32x4.mul(a1, b1));
          const a2 = v128.load_splat<f32>(p2, 0);
          s2 = f32x4.add(s2, f32x4.mul(a2, b0));
          t2 = f32x4.add(t2, f32x4.mul(a2, b1));
          const a3 = v128.load_splat<f32>(p3, 0);
          s3 = f32x4.add(s3, f32x4.mul(a3, b0));
          t3 = f32x4.add(t3, f32x4.mul(a3, b1));
          const a4 = v128.load_splat<f32>(p4, 0);
          s4 = f32x4.add(s4, f32x4.mul(a4, b0));
          t4 = f32x4.add(t4, f32x4.mul(a4, b1));
          const a5 = v128.load_splat<f32>(p5, 0);
          s5 = f32x4.add(s5, f32x4.mul(a5, b0));
          t5 = f32x4.add(t5, f32x4.mul(a5, b1));
        }
        {
          const b0 = v128.load(b, 32);
          const b1 = v128.load(b, 48);
          const a0 = v128.load_splat<f32>(p0, 4);
          s0 = f32x4.add(s0, f32x4.mul(a0, b0));
          t0 = f32x4.add(t0, f32x4.mul(a0, b1));
          const a1 = v128.load_splat<f32>(p1, 4);
          s1 = f32x4.add(s1, f32x4.mul(a1, b0));
          t1 = f32x4.add(t1, f32x4.mul(a1, b1));
          const a2 = v128.load_splat<f32>(p2, 4);
          s2 = f32x4.add(s2, f32x4.mul(a2, b0));
          t2 = f32x4.add(t2, f32x4.mul(a2, b1));
          const a3 = v128.load_splat<f32>(p3, 4);
          s3 = f32x4.add(s3, f32x4.mul(a3, b0));
          t3 = f32x4.add(t3, f32x4.mul(a3, b1));
          const a4 = v128.load_splat<f32>(p4, 4);
          s4 = f32x4.add(s4, f32x4.mul(a4, b0));
          t4 = f32x4.add(t4, f32x4.mul(a4, b1));
          const a5 = v128.load_splat<f32>(p5, 4);
          s5 = f32x4.add(s5, f32x4.mul(a5, b0));
          t5 = f32x4.add(t5, f32x4.mul(a5, b1));
        }
        {
          const b0 = v128.load(b, 64);
          const b1 = v128.load(b, 80);
          const a0 = v128.load_splat<f32>(p0, 8);
          s0 = f32x4.add(s0, f32x4.mul(a0, b0));
          t0 = f32x4.add(t0, f32x4.mul(a0, b1));
          const a1 = v128.load_splat<f32>(p1, 8);
          s1 = f32x4.add(s1, f32x4.mul(a1, b0));
          t1 = f32x4.add(t1, f32x4.mul(a1, b1));
          const a2 = v128.load_splat<f32>(p2, 8);
          s2 = f32x4.add(s2, f32x4.mul(a2, b0));
          t2 = f32x4.add(t2, f32x4.mul(a2, b1));
          const a3 = v128.load_splat<f32>(p3, 8);
          s3 = f32x4.add(s3, f32x4.mul(a3, b0));
          t3 = f32x4.add(t3, f32x4.mul(a3, b1));
          const a4 = v128.load_splat<f32>(p4, 8);
          s4 = f32x4.add(s4, f32x4.mul(a4, b0));
          t4 = f32x4.add(t4, f32x4.mul(a4, b1));
          const a5 = v128.load_splat<f32>(p5, 8);
          s5 = f32x4.add(s5, f32x4.mul(a5, b0));
          t5 = f32x4.add(t5, f32x4.mul(a5, b1));
        }
        {
          const b0 = v128.load(b, 96);
          const b1 = v128.load(b, 112);
          const a0 = v128.load_splat<f32>(p0, 12);
          s0 = f32x4.add(s0, f32x4.mul(a0, b0));
          t0 = f32x4.add(t0, f32x4.mul(a0, b1));
          const a1 = v128.load_splat<f32>(p1, 12);
          s1 = f32x4.add(s1, f32x4.mul(a1, b0));
          t1 = f32x4.add(t1, f32x4.mul(a1, b1));
          const a2 = v128.load_splat<f32>(p2, 12);
          s2 = f32x4.add(s2, f32x4.mul(a2, b0));
          t2 = f32x4.add(t2, f32x4.mul(a2, b1));
          const a3 = v128.load_splat<f32>(p3, 12);
          s3 = f32x4.add(s3, f32x4.mul(a3, b0));
          t3 = f32x4.add(t3, f32x4.mul(a3, b1));
          const a4 = v128.load_splat<f32>(p4, 12);
          s4 = f32x4.add(s4, f32x4.mul(a4, b0));
          t4 = f32x4.add(t4, f32x4.mul(a4, b1));
          const a5 = v128.load_splat<f32>(p5, 12);
          s5 = f32x4.add(s5, f32x4.mul(a5, b0));
          t5 = f32x4.add(t5, f32x4.mul(a5, b1));
        }
        p0 += 16;
        p1 += 16;
        p2 += 16;
        p3 += 16;
        p4 += 16;
        p5 += 16;
        b += 128;
      }
      while (p0 < end) {
        {
          const b0 = v128.load(b, 0);
          const b1 = v128.load(b, 16);
          const a0 = v128.load_splat<f32>(p0, 0);
          s0 = f32x4.add(s0, f32x4.mul(a0, b0));
          t0 = f32x4.add(t0, f32x4.mul(a0, b1));
          const a1 = v128.load_splat<f32>(p1, 0);
          s1 = f32x4.add(s1, f32x4.mul(a1, b0));
          t1 = f32x4.add(t1, f32x4.mul(a1, b1));
          const a2 = v128.load_splat<f32>(p2, 0);
          s2 = f32x4.add(s2, f32x4.mul(a2, b0));
          t2 = f32x4.add(t2, f32x4.mul(a2, b1));
          const a3 = v128.load_splat<f32>(p3, 0);
          s3 = f32x4.add(s3, f32x4.mul(a3, b0));
          t3 = f32x4.add(t3, f32x4.mul(a3, b1));
          const a4 = v128.load_splat<f32>(p4, 0);
          s4 = f32x4.add(s4, f32x4.mul(a4, b0));
          t4 = f32x4.add(t4, f32x4.mul(a4, b1));
          const a5 = v128.load_splat<f32>(p5, 0);
          s5 = f32x4.add(s5, f32x4.mul(a5, b0));
          t5 = f32x4.add(t5, f32x4.mul(a5, b1));
        }
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
        p4 += 4;
        p5 += 4;
        b += 32;
      }
    }
    v128.store(to, finish<v128>(s0));
    v128.store(to, finish<v128>(t0), 16);
    to += step;
    v128.store(to, finish<v128>(s1));
    v128.store(to, finish<v128>(t1), 16);
    to += step;
    v128.store(to, finish<v128>(s2));
    v128.store(to, finish<v128>(t2), 16);
    to += step;
    v128.store(to, finish<v128>(s3));
    v128.store(to, finish<v128>(t3), 16);
    to += step;
    v128.store(to, finish<v128>(s4));
    v128.store(to, finish<v128>(t4), 16);
    to += step;
    v128.store(to, finish<v128>(s5));
    v128.store(to, finish<v128>(t5), 16);

  }
}

/** The fields of a convolution's parameters, 4 bytes each, in this order. Sizes in elements, addresses in bytes. */
// @ts-ignore: decorator
@inline
function field(parameters: usize, index: i32): i32 {
  return load<i32>(parameters + ((<usize>index) << 2));
}

// @ts-ignore: decorator
@inline
function real(parameters: usize, index: i32): f32 {
  return load<f32>(parameters + ((<usize>index) << 2));
}

/** Sets what `finish` does from the fields `at` .. `at + 4`. */
export function finishFrom(parameters: usize, at: i32): void {
  setFinish(
    field(parameters, at),
    real(parameters, at + 1),
    real(parameters, at + 2),
    real(parameters, at + 3),
    real(parameters, at + 4),
  );
}

/**
 * A convolution of images N, H, W, C, or a product (H = kernel = 1, W = rows). Fields of `parameters`:
 * 0 input, 1 panels, 2 bias, 3 output, 4 table, 5 gathered rows, 6 zeros (one pixel), 7 rows (N x output pixels),
 * 8 output height, 9 output width, 10 height, 11 width, 12 channels of a pixel, 13 kernel height, 14 kernel width,
 * 15 and 16 strides, 17 pad above, 18 pad left, 19 and 20 dilations, 21 channels of a group, 22 groups, 23 outputs of a
 * group, 24 output channels of a pixel, 25 rows of a block (a multiple of 6), 26 whether rows are gathered first,
 * 27 to 31 what is done to sums (mode, low, high, scale, shift). Panels and biases of a group are padded to 8 outputs.
 */
export function convolve(parameters: usize): void {
  finishFrom(parameters, 27);
  const output = <usize>field(parameters, 3);
  const table = <usize>field(parameters, 4);
  const rows = field(parameters, 7);
  const places = field(parameters, 13) * field(parameters, 14);
  const groupChannels = field(parameters, 21);
  const groups = field(parameters, 22);
  const outputs = field(parameters, 23);
  const step = (<usize>field(parameters, 24)) << 2;
  const block = field(parameters, 25);
  const gathered = field(parameters, 26) != 0;
  const taps = gathered ? 1 : places;
  const channels = gathered ? places * groupChannels : groupChannels;
  const panels = (outputs + PANEL - 1) / PANEL;
  const panelBytes = (<usize>(places * groupChannels)) << 5;
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let group = 0; group < groups; group += 1) {
      if (gathered) gather(parameters, first, count, group);
      else addresses(parameters, first, count, group);
      let panel = <usize>field(parameters, 1) + <usize>(group * panels) * panelBytes;
      let bias = <usize>field(parameters, 2) + ((<usize>(group * panels)) << 5);
      let column = output + <usize>first * step + ((<usize>(group * outputs)) << 2);
      for (let at = 0; at < outputs; at += PANEL) {
        let entry = table;
        let c = column;
        for (let row = 0; row < count; row += TILE) {
          tile(entry, taps, channels, panel, bias, c, min(TILE, count - row), min(PANEL, outputs - at), step);
          entry += (<usize>(taps * TILE)) << 2;
          c += <usize>TILE * step;
        }
        panel += panelBytes;
        bias += 32;
        column += 32;
      }
    }
  }
}

/** Fills the table for `count` rows from `first`: where each place of the kernel finds its pixel, or the zeros. */
function addresses(parameters: usize, first: i32, count: i32, group: i32): void {
  const input = <usize>field(parameters, 0) + ((<usize>(group * field(parameters, 21))) << 2);
  const table = <usize>field(parameters, 4);
  const zeros = <usize>field(parameters, 6);
  const outHeight = field(parameters, 8);
  const outWidth = field(parameters, 9);
  const height = field(parameters, 10);
  const width = field(parameters, 11);
  const pixel = (<usize>field(parameters, 12)) << 2;
  const kernelHeight = field(parameters, 13);
  const kernelWidth = field(parameters, 14);
  const taps = kernelHeight * kernelWidth;
  const padded = (count + TILE - 1) / TILE * TILE;
  for (let row = 0; row < padded; row += 1) {
    // Rows beyond the last repeat it; what they give is not stored.
    const index = first + min(row, count - 1);
    const line = index / outWidth;
    const sample = line / outHeight;
    const top = (line - sample * outHeight) * field(parameters, 15) - field(parameters, 17);
    const left = (index - line * outWidth) * field(parameters, 16) - field(parameters, 18);
    let entry = table + ((<usize>((row / TILE) * taps * TILE + (row % TILE))) << 2);
    for (let i = 0; i < kernelHeight; i += 1) {
      const y = top + i * field(parameters, 19);
      const start = input + <usize>((sample * height + y) * width) * pixel;
      for (let j = 0; j < kernelWidth; j += 1) {
        const x = left + j * field(parameters, 20);
        const inside = <u32>y < <u32>height && <u32>x < <u32>width;
        store<u32>(entry, <u32>(inside ? start + <usize>x * pixel : zeros));
        entry += <usize>TILE << 2;
      }
    }
  }
}

/** For few channels: copies the pixels of each row one after the other, and fills the table with where they are then. */
function gather(parameters: usize, first: i32, count: i32, group: i32): void {
  const channels = field(parameters, 21);
  const input = <usize>field(parameters, 0) + ((<usize>(group * channels)) << 2);
  const table = <usize>field(parameters, 4);
  const outHeight = field(parameters, 8);
  const outWidth = field(parameters, 9);
  const height = field(parameters, 10);
  const width = field(parameters, 11);
  const pixel = (<usize>field(parameters, 12)) << 2;
  const kernelHeight = field(parameters, 13);
  const kernelWidth = field(parameters, 14);
  const strideY = field(parameters, 15);
  const strideX = field(parameters, 16);
  const dilationX = field(parameters, 20);
  const rowBytes = (<usize>(kernelHeight * kernelWidth * channels)) << 2;
  const run = (<usize>channels) << 2;
  // The places of a line of the kernel lie side by side.
  const neighbours = dilationX == 1 && field(parameters, 22) == 1;
  let to = <usize>field(parameters, 5);
  for (let row = 0; row < count; row += 1) {
    const index = first + row;
    const line = index / outWidth;
    const sample = line / outHeight;
    const top = (line - sample * outHeight) * strideY - field(parameters, 17);
    const left = (index - line * outWidth) * strideX - field(parameters, 18);
    store<u32>(table + ((<usize>row) << 2), <u32>to);
    for (let i = 0; i < kernelHeight; i += 1) {
      const y = top + i * field(parameters, 19);
      const start = input + <usize>((sample * height + y) * width) * pixel;
      if (neighbours && <u32>y < <u32>height && left >= 0 && left + kernelWidth <= width) {
        let from = start + <usize>left * pixel;
        const end = to + (<usize>kernelWidth * pixel);
        for (; to < end; to += 4) {
          store<f32>(to, load<f32>(from));
          from += 4;
        }
        continue;
      }
      for (let j = 0; j < kernelWidth; j += 1) {
        const x = left + j * dilationX;
        const end = to + run;
        if (<u32>y < <u32>height && <u32>x < <u32>width) {
          let from = start + <usize>x * pixel;
          for (; to < end; to += 4) {
            store<f32>(to, load<f32>(from));
            from += 4;
          }
        } else {
          for (; to < end; to += 4) store<f32>(to, 0);
        }
      }
    }
  }
  const last = to - rowBytes;
  const padded = (count + TILE - 1) / TILE * TILE;
  for (let row = count; row < padded; row += 1) store<u32>(table + ((<usize>row) << 2), <u32>last);
}

/** Lays a matrix of `columns` columns by `inner`, with elements so many elements apart, in panels of 8 columns. */
export function packPanels(
  from: usize,
  to: usize,
  columns: i32,
  inner: i32,
  columnStride: i32,
  innerStride: i32,
): void {
  for (let first = 0; first < columns; first += PANEL) {
    const count = min(PANEL, columns - first);
    for (let k = 0; k < inner; k += 1) {
      let at = from + ((<usize>(first * columnStride + k * innerStride)) << 2);
      for (let column = 0; column < PANEL; column += 1) {
        store<f32>(to, column < count ? load<f32>(at) : 0);
        at += (<usize>columnStride) << 2;
        to += 4;
      }
    }
  }
}
