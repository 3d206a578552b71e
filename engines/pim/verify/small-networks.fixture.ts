import { createRandom, type Random } from '../../core/random.ts';
import { GraphBuilder, type Value } from '../../onnx/builder.ts';
import type { Network } from '../../onnx/network.ts';
import { toNetwork } from '../../onnx/to-network.ts';

/** A small network drawn from a seed: convolutions of all kinds, pools, branches that are added or joined, an FC head. */
export function smallNetwork(seed: number): Network {
  const random = createRandom(seed);
  const b = new GraphBuilder(`small-${seed}`);
  let x = b.input('x', [1, 1 + random.int(6), 5 + random.int(6), 5 + random.int(6)]);
  x = block(b, x, random, 0);
  const blocks = 1 + random.int(3);
  for (let index = 1; index <= blocks; index++) x = block(b, x, random, index);
  if (random.int(2) === 0) x = b.globalAveragePool(x, 'gap');
  x = b.linear(b.flatten(x), 2 + random.int(9), 'fc');
  const network = toNetwork(b.output(x));
  if (!network.ok) throw new Error(network.problems[0]!.what);
  return network.value;
}

function block(b: GraphBuilder, x: Value, random: Random, index: number): Value {
  const [, channels, height, width] = x.shape as number[] as [number, number, number, number];
  const name = (what: string) => `${what}${index}`;
  const smallest = Math.min(height, width);
  const after = (y: Value) =>
    [y, b.relu(y, name('relu')), b.unary('Tanh', y, name('tanh')), b.unary('Sigmoid', y, name('sigmoid'))][
      random.int(4)
    ]!;
  switch (index === 0 ? 0 : random.int(8)) {
    case 1: {
      const kernel = Math.min(smallest, 2 + random.int(2));
      const pads: [number, number, number, number] = kernel > 2 ? [1, 1, 1, 1] : [0, 0, 0, 0];
      const options = { kernel, stride: 1 + random.int(2), pads };
      return random.int(2) === 0 ? b.maxPool(x, options, name('max')) : b.averagePool(x, options, name('average'));
    }
    case 2:
      return b.relu(
        b.add(x, b.conv(x, channels, { kernel: 3, pads: [1, 1, 1, 1] }, name('residual')), name('add')),
        name('relu'),
      );
    case 3: {
      const left = b.relu(b.conv(x, 1 + random.int(5), { kernel: 1 }, name('left')), name('relu-left'));
      const right = b.conv(x, 1 + random.int(5), { kernel: 3, pads: [1, 1, 1, 1] }, name('right'));
      return b.concat([left, right], 1, name('concat'));
    }
    case 4:
      return after(
        b.conv(
          x,
          channels,
          { kernel: 3, pads: [1, 1, 1, 1], groups: channels, stride: 1 + random.int(2) },
          name('depthwise'),
        ),
      );
    case 5: {
      const groups = channels % 2 === 0 ? 2 : 1;
      return after(b.conv(x, groups * (1 + random.int(3)), { kernel: 1, groups }, name('grouped')));
    }
    case 6:
      return b.mul(
        x,
        b.unary('Sigmoid', b.conv(x, channels, { kernel: 1 }, name('gate')), name('gate-sigmoid')),
        name('gated'),
      );
    case 7:
      return b.relu(b.add(x, b.weight(name('shift'), [1, channels, 1, 1]), name('shifted')), name('relu'));
    default: {
      const kernel = Math.min(smallest, 1 + random.int(4));
      const pad = kernel > 1 ? random.int(2) : 0;
      const stride = 1 + random.int(2);
      return after(b.conv(x, 2 + random.int(7), { kernel, stride, pads: [pad, pad, pad, pad] }, name('conv')));
    }
  }
}
