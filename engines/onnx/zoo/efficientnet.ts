import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';
import { squeezeExcite } from './squeeze-excite.ts';

/** Expansion, kernel, stride, channels, repetitions (Tan and Le 2019, Table 1). */
const STAGES: [expand: number, kernel: number, stride: number, channels: number, times: number][] = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
];

/** EfficientNet-B0 with torchvision's order of layers. */
export function efficientnetB0(): Graph {
  const b = new GraphBuilder('efficientnet-b0');
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.silu(b.convNorm(x, 32, { kernel: 3, stride: 2, pads: 1 }, 'conv'));
  for (const [stage, [expand, kernel, firstStride, channels, times]] of STAGES.entries()) {
    x = b.scope(`stage${stage + 1}`, () => {
      let y = x;
      for (let time = 1; time <= times; time++) {
        const stride = time === 1 ? firstStride : 1;
        y = b.scope(`block${time}`, () => block(b, y, expand, kernel, stride, channels));
      }
      return y;
    });
  }
  x = b.silu(b.convNorm(x, 1280, { kernel: 1 }, 'conv_last'));
  x = b.dropout(b.flatten(b.globalAveragePool(x, 'pool')), 'dropout');
  return b.output(b.gemm(x, 1000, 'fc'));
}

function block(b: GraphBuilder, x: Value, expand: number, kernel: number, stride: number, channels: number): Value {
  const inputs = x.shape[1] as number;
  const groups = inputs * expand;
  let y = x;
  if (expand !== 1) y = b.silu(b.convNorm(y, groups, { kernel: 1 }, 'expand'));
  y = b.silu(b.convNorm(y, groups, { kernel, stride, pads: (kernel - 1) / 2, groups }, 'depthwise'));
  y = squeezeExcite(
    b,
    y,
    inputs / 4,
    (z) => b.silu(z),
    (z) => b.unary('Sigmoid', z, 'gate'),
  );
  y = b.convNorm(y, channels, { kernel: 1 }, 'project');
  return stride === 1 && inputs === channels ? b.add(x, y, 'add') : y;
}
