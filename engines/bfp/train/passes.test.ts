import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/types.ts';
import { crossEntropy } from './loss.ts';
import { netOf } from './net.ts';
import { createPasses, type Passes } from './passes.ts';

/** Every kind of step: a residual block with a shortcut, both pools, a flatten of pixels, two FC layers. */
function smallNet(): Graph {
  const b = new GraphBuilder('small');
  let x = b.input('data', ['batch', 1, 8, 8]);
  x = b.relu(b.conv(x, 3, { kernel: 3, pads: 1 }, 'conv'));
  x = b.maxPool(x, { kernel: 2, stride: 2 }, 'pool');
  const y = b.relu(b.conv(x, 5, { kernel: 3, stride: 2, pads: 1 }, 'conv1'));
  x = b.relu(
    b.add(b.conv(x, 5, { kernel: 1, stride: 2 }, 'shortcut'), b.conv(y, 5, { kernel: 3, pads: 1 }, 'conv2'), 'add'),
  );
  const hidden = b.relu(b.gemm(b.flatten(x), 6, 'fc1'));
  const mean = b.gemm(b.flatten(b.globalAveragePool(x, 'mean')), 6, 'fc2');
  return b.output(b.gemm(b.add(hidden, mean, 'sum'), 4, 'fc3'));
}

async function passesOf(graph: Graph, build?: 'reference' | 'plain' | 'simd'): Promise<Passes> {
  const net = netOf({ graph, irVersion: 8, opsets: { '': 17 }, producer: '' });
  if (!net.ok) throw new Error(JSON.stringify(net.problems));
  const passes = await createPasses(net.value, build);
  const random = createRandom(5);
  for (const array of passes.weights) for (let at = 0; at < array.length; at++) array[at] = 0.5 * random.normal();
  passes.weightsChanged();
  return passes;
}

const random = createRandom(8);
const SAMPLE = Float32Array.from({ length: 64 }, () => random.float());
const LABEL = 2;

describe('forward and backward', () => {
  it('have the gradients that small changes of each weight show', async () => {
    const passes = await passesOf(smallNet());
    const lossOf = (): number => crossEntropy(passes.forward(SAMPLE), LABEL, 1).loss;
    passes.backward(crossEntropy(passes.forward(SAMPLE), LABEL, 1).gradient);
    const gradients = passes.gradients.map((gradient) => gradient.slice());
    const step = 2 ** -9;
    for (const [index, array] of passes.weights.entries()) {
      for (const at of [0, array.length >> 1, array.length - 1]) {
        const before = array[at]!;
        const losses = [before + step, before - step].map((changed) => {
          array[at] = changed;
          passes.weightsChanged();
          return lossOf();
        });
        array[at] = before;
        const slope = (losses[0]! - losses[1]!) / (2 * step);
        expect([passes.net.parameters[index]!.name, at, gradients[index]![at]]).toEqual([
          passes.net.parameters[index]!.name,
          at,
          expect.closeTo(slope, 2),
        ]);
      }
    }
  });

  it('have the gradients that small changes of what one layer reads show', async () => {
    const passes = await passesOf(smallNet());
    const byLayer = new Map<string, Float32Array>();
    passes.backward(crossEntropy(passes.forward(SAMPLE), LABEL, 1).gradient, (layer, gradient) => {
      byLayer.set(layer, gradient.slice());
    });
    const step = 2 ** -9;
    for (const [layer, gradient] of byLayer) {
      for (const at of [0, gradient.length >> 2, gradient.length - 1]) {
        const lossAt = (change: number): number => {
          const input = (name: string, values: Float32Array): void => {
            if (name === layer) values[at]! += change;
          };
          return crossEntropy(passes.forward(SAMPLE, { input }), LABEL, 1).loss;
        };
        const slope = (lossAt(step) - lossAt(-step)) / (2 * step);
        expect([layer, at, gradient[at]]).toEqual([layer, at, expect.closeTo(slope, 2)]);
      }
    }
    expect(byLayer.size).toBe(7);
  });

  it('add up over samples, and give the same bits in every build', async () => {
    const bits: Uint32Array[][] = [];
    for (const build of ['reference', 'plain', 'simd'] as const) {
      const passes = await passesOf(smallNet(), build);
      for (const label of [0, 3]) passes.backward(crossEntropy(passes.forward(SAMPLE), label, 0.5).gradient);
      bits.push(
        [...passes.gradients, passes.values[passes.net.output]!].map((it) => new Uint32Array(it.slice().buffer)),
      );
      const both = passes.gradients[0]![0]!;
      passes.clearGradients();
      let apart = 0;
      for (const label of [0, 3]) {
        passes.clearGradients();
        passes.backward(crossEntropy(passes.forward(SAMPLE), label, 0.5).gradient);
        apart += passes.gradients[0]![0]!;
      }
      expect(both).toBeCloseTo(apart, 5);
    }
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]).toEqual(bits[0]);
  });
});

describe('networks that cannot be trained', () => {
  it('are named by their node', () => {
    const b = new GraphBuilder('other');
    const x = b.input('data', ['batch', 1, 8, 8]);
    const graph = b.output(b.unary('Sigmoid', x, 'squash'));
    const net = netOf({ graph, irVersion: 8, opsets: { '': 17 }, producer: '' });
    expect(net.ok ? '' : net.problems[0]!.what).toContain('Sigmoid of node "squash"');
  });
});
