import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';
import { squeezeExcite } from './squeeze-excite.ts';

type Row = [kernel: number, expanded: number, channels: number, excite: boolean, hardSwish: boolean, stride: number];

/** Howard et al. 2019, Table 1. */
const LARGE: Row[] = [
  [3, 16, 16, false, false, 1],
  [3, 64, 24, false, false, 2],
  [3, 72, 24, false, false, 1],
  [5, 72, 40, true, false, 2],
  [5, 120, 40, true, false, 1],
  [5, 120, 40, true, false, 1],
  [3, 240, 80, false, true, 2],
  [3, 200, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 480, 112, true, true, 1],
  [3, 672, 112, true, true, 1],
  [5, 672, 160, true, true, 2],
  [5, 960, 160, true, true, 1],
  [5, 960, 160, true, true, 1],
];

/** Howard et al. 2019, Table 2. */
const SMALL: Row[] = [
  [3, 16, 16, true, false, 2],
  [3, 72, 24, false, false, 2],
  [3, 88, 24, false, false, 1],
  [5, 96, 40, true, true, 2],
  [5, 240, 40, true, true, 1],
  [5, 240, 40, true, true, 1],
  [5, 120, 48, true, true, 1],
  [5, 144, 48, true, true, 1],
  [5, 288, 96, true, true, 2],
  [5, 576, 96, true, true, 1],
  [5, 576, 96, true, true, 1],
];

/** MobileNet v3 with torchvision's order of layers and its squeeze sizes (a quarter of the width, in steps of 8). */
export function mobilenetV3(size: 'large' | 'small'): Graph {
  const [rows, last, hidden] = size === 'large' ? [LARGE, 960, 1280] : [SMALL, 576, 1024];
  const b = new GraphBuilder(`mobilenet-v3-${size}`);
  let x = b.input('data', ['batch', 3, 224, 224]);
  const hardSwish = (y: Value): Value => b.unary('HardSwish', y, 'hard_swish');
  x = hardSwish(b.convNorm(x, 16, { kernel: 3, stride: 2, pads: 1 }, 'conv'));
  for (const [index, row] of rows.entries()) x = b.scope(`block${index + 1}`, () => block(b, x, row, hardSwish));
  x = hardSwish(b.convNorm(x, last, { kernel: 1 }, 'conv_last'));
  x = b.flatten(b.globalAveragePool(x, 'pool'));
  return b.output(b.gemm(b.dropout(hardSwish(b.gemm(x, hidden, 'fc1')), 'dropout'), 1000, 'fc2'));
}

function block(b: GraphBuilder, x: Value, row: Row, hardSwish: (y: Value) => Value): Value {
  const [kernel, expanded, channels, excite, hard, stride] = row;
  const activate = (y: Value): Value => (hard ? hardSwish(y) : b.relu(y));
  const inputs = x.shape[1] as number;
  let y = x;
  if (expanded !== inputs) y = activate(b.convNorm(y, expanded, { kernel: 1 }, 'expand'));
  const pads = (kernel - 1) / 2;
  y = activate(b.convNorm(y, expanded, { kernel, stride, pads, groups: expanded }, 'depthwise'));
  if (excite) {
    const gate = (z: Value): Value => b.unary('HardSigmoid', z, 'gate', { alpha: { float: 1 / 6 } });
    y = squeezeExcite(b, y, inEights(expanded / 4), (z) => b.relu(z), gate);
  }
  y = b.convNorm(y, channels, { kernel: 1 }, 'project');
  return stride === 1 && inputs === channels ? b.add(x, y, 'add') : y;
}

/** The nearest multiple of 8 that is no more than a tenth below. */
function inEights(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < 0.9 * value ? rounded + 8 : rounded;
}
