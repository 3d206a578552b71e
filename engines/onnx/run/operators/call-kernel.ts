import type { Context } from '../context.ts';
import type { Finish } from '../fuse.ts';
import type { Program } from '../program.ts';

/** A block of rows is read again for every panel of 8 outputs: it stays in the nearer caches. */
const BLOCK_BYTES = 128 * 1024;
/** With fewer channels than this, rows are copied together first. */
const LEAST_CHANNELS = 12;

/** Convolution or product as the kernel takes it. */
export interface Geometry {
  rows: number;
  output: [height: number, width: number];
  input: [height: number, width: number];
  /** Elements from a pixel to the next, of the input and of the output. */
  pixel: number;
  outputPixel: number;
  kernel: [number, number];
  stride: [number, number];
  pads: [top: number, left: number];
  dilation: [number, number];
  channels: number;
  groups: number;
  outputs: number;
}

export interface Addresses {
  panels: number;
  bias: number;
}

export function product(rows: number, inner: number, outputs: number, pixel = inner): Geometry {
  return {
    rows,
    output: [1, rows],
    input: [1, rows],
    pixel,
    outputPixel: outputs,
    kernel: [1, 1],
    stride: [1, 1],
    pads: [0, 0],
    dilation: [1, 1],
    channels: inner,
    groups: 1,
    outputs,
  };
}

/** Lays the parameters of `convolve` down and answers with their address; input (0) and output (3) are set by steps. */
export function parametersOf(
  program: Program,
  geometry: Geometry,
  { panels, bias }: Addresses,
  zeros: number,
  finish: Finish,
): number {
  const { memory } = program;
  const { kernel, channels, rows } = geometry;
  const places = kernel[0] * kernel[1];
  const inner = places * channels;
  const gathered = places > 1 && channels < LEAST_CHANNELS;
  const wanted = 6 * Math.max(1, Math.floor(BLOCK_BYTES / (24 * inner)));
  const block = Math.min(wanted, 6 * Math.ceil(rows / 6));
  const tableBytes = 4 * block * (gathered ? 1 : places);
  program.scratch(tableBytes + (gathered ? 4 * block * inner : 0));
  const at = memory.take(4 * 32);
  const fields = [
    0,
    panels,
    bias,
    0,
    0,
    0,
    zeros,
    rows,
    ...geometry.output,
    ...geometry.input,
    geometry.pixel,
    ...kernel,
    ...geometry.stride,
    ...geometry.pads,
    ...geometry.dilation,
    channels,
    geometry.groups,
    geometry.outputs,
    geometry.outputPixel,
    block,
    gathered ? 1 : 0,
  ];
  memory.words.set(fields, at / 4);
  setFinish(program, at / 4 + 27, finish);
  program.whenPlaced(() => memory.words.set([program.scratchAt, program.scratchAt + tableBytes], at / 4 + 4));
  return at;
}

export function setFinish({ memory }: Program, word: number, { mode, low, high, scale, shift }: Finish): void {
  memory.words[word] = mode;
  memory.floats.set([low, high, scale, shift], word + 1);
}

/** Zeros enough for one pixel or a row of biases. */
export function zerosFor({ shared }: Context, floats: number): number {
  if (floats > shared.zeros.floats) {
    shared.zeros = { at: shared.memory.take(4 * floats), floats };
  }
  return shared.zeros.at;
}

/** Runs `convolve` with the parameters at `at`. */
export function runAt({ shared }: Context, at: number, from: number, to: number): void {
  const { memory } = shared;
  memory.words[at / 4] = from;
  memory.words[at / 4 + 3] = to;
  memory.kernel.convolve(at);
}
