import type { Conv, Layer, Network } from '../../onnx/network.ts';
import { coreCount, type Hardware } from '../hardware.ts';
import { agShapes } from '../partition-ags.ts';
import { replicable } from '../replicate.ts';
import type { CompileStyle } from '../style.ts';
import type { MappedLayer } from '../types.ts';

/** One array group of a replica, as the fitness models see it. */
export interface SliceShape {
  crossbars: number;
  /** Elements that it gives. */
  outputs: number;
  /** Rows of the whole unrolled matrix. */
  rowStart: number;
  rowEnd: number;
  /** Whether it is the first of its column part: where the part's sum is made. */
  first: boolean;
  /** What it reads of one window, in order: kernel position, index in `LayerShape.starts`, elements. */
  pieces: Int32Array;
}

/** What search and fitness need to know of a layer with weights; nothing of it depends on replication or place. */
export interface LayerShape {
  /** Index in the mapping. */
  index: number;
  /** Index in `Network.layers`. */
  layer: number;
  windows: number;
  /** Array groups of one replica, column part by column part. */
  slices: SliceShape[];
  /** Column parts: runs of equal length in `slices`. */
  parts: number;
  /** Crossbars of one replica. */
  crossbars: number;
  /** Most crossbars of one array group. */
  widest: number;
  maxReplicas: number;
  bias: boolean;
  /** An activation of the vector unit that the released clock times. */
  activated: boolean;
  isConv: boolean;
  /** Input rows, columns and channels. */
  input: { rows: number; columns: number; channels: number };
  /** Windows side by side. */
  outputColumns: number;
  /** Kernel positions side by side: position k is in kernel row floor(k / kernelColumns). */
  kernelColumns: number;
  /** Input row and column of kernel position k of the window at (0, 0). */
  offsets: Int32Array;
  /** Steps in rows and columns from window to window. */
  step: { rows: number; columns: number };
  /** First channels of the pieces. */
  starts: number[];
}

export interface Chip {
  cores: number;
  perCore: number;
}

export function chipOf(hardware: Hardware): Chip {
  return { cores: coreCount(hardware), perCore: hardware.crossbar.perCore };
}

export function layerShapes(
  network: Network,
  mapped: readonly MappedLayer[],
  hardware: Hardware,
  style: CompileStyle,
): LayerShape[] {
  return mapped.map((it, index) => layerShape(network, it, index, hardware, style));
}

function layerShape(
  network: Network,
  mapped: MappedLayer,
  index: number,
  hardware: Hardware,
  style: CompileStyle,
): LayerShape {
  const layer = network.layers[mapped.layer]!;
  const geometry = layer.kind.op === 'conv' ? convGeometry(layer, layer.kind, mapped) : fcGeometry(mapped);
  const starts: number[] = [];
  const slices = agShapes(mapped, hardware).map((shape, at): SliceShape => {
    const pieces = piecesOf(mapped, geometry, shape.rowStart, shape.rowEnd).flatMap(([position, channel, count]) => {
      if (!starts.includes(channel)) starts.push(channel);
      return [position, starts.indexOf(channel), count];
    });
    return {
      crossbars: shape.crossbars,
      outputs: shape.columnEnd - shape.columnStart,
      rowStart: shape.rowStart,
      rowEnd: shape.rowEnd,
      first: at % mapped.agsPerReplica === 0,
      pieces: Int32Array.from(pieces),
    };
  });
  const how = layer.activation?.how;
  return {
    index,
    layer: mapped.layer,
    windows: mapped.windows,
    slices,
    parts: mapped.columnParts,
    crossbars: slices.reduce((sum, slice) => sum + slice.crossbars, 0),
    widest: Math.max(...slices.map((slice) => slice.crossbars)),
    maxReplicas: replicable(mapped, network, style) ? Math.max(1, mapped.windows) : 1,
    bias: layer.bias,
    activated: how !== undefined && how !== 'clip',
    isConv: layer.kind.op === 'conv',
    ...geometry,
    starts,
  };
}

type Geometry = Pick<LayerShape, 'input' | 'outputColumns' | 'kernelColumns' | 'offsets' | 'step'>;

function convGeometry(layer: Layer, kind: Conv, mapped: MappedLayer): Geometry {
  const [, channels = 1, rows = 1, columns = 1] = layer.inputShapes[0] ?? [];
  const [kh, kw] = kind.kernel;
  // Unrollings of Table IV whose windows run over input rows, or over input pixels, meet fewer kernel positions at once.
  const overRows = mapped.unrolling === 'half-columns' || mapped.unrolling === 'kernel-columns';
  const overPixels = mapped.unrolling === 'kernel-columns';
  const offsets: number[] = [];
  for (let y = 0; y < (overRows ? 1 : kh); y++)
    for (let x = 0; x < (overPixels ? 1 : kw); x++)
      offsets.push(
        overRows ? 0 : y * kind.dilation[0] - kind.pads[0],
        overPixels ? 0 : x * kind.dilation[1] - kind.pads[1],
      );
  return {
    input: { rows, columns, channels },
    outputColumns: overPixels ? columns : (layer.outputShape[3] ?? 1),
    kernelColumns: overPixels ? 1 : kw,
    offsets: Int32Array.from(offsets),
    step: { rows: overRows ? 1 : kind.stride[0], columns: overPixels ? 1 : kind.stride[1] },
  };
}

function fcGeometry(mapped: MappedLayer): Geometry {
  return {
    input: { rows: Math.max(1, mapped.windows), columns: 1, channels: mapped.height },
    outputColumns: 1,
    kernelColumns: 1,
    offsets: Int32Array.of(0, 0),
    step: { rows: 1, columns: 1 },
  };
}

/** Rows [from, to) of the unrolled matrix as runs of channels of one kernel position: [position, first channel, elements]. */
function piecesOf(mapped: MappedLayer, geometry: Geometry, from: number, to: number): [number, number, number][] {
  const positions = geometry.offsets.length / 2;
  const block = Math.floor(from / mapped.height);
  // Blocks are groups of channels, each with all positions, or (Table IV) runs of positions, each with all channels.
  const positionsPerBlock = mapped.groups > 1 ? positions : Math.max(1, positions / mapped.blocks);
  const channels = mapped.height / positionsPerBlock;
  const firstChannel = mapped.groups > 1 ? block * channels : 0;
  const firstPosition = mapped.groups > 1 ? 0 : block * positionsPerBlock;
  const pieces: [number, number, number][] = [];
  for (let row = from - block * mapped.height; row < to - block * mapped.height; ) {
    const position = Math.floor(row / channels);
    const end = Math.min((position + 1) * channels, to - block * mapped.height);
    pieces.push([firstPosition + position, firstChannel + (row - position * channels), end - row]);
    row = end;
  }
  return pieces;
}
