import type { Result } from '../../core/result.ts';
import { assemble, type LayerDraft } from '../../onnx/assemble.ts';
import type { Conv, Kind, Move, Network, Pool, Window } from '../../onnx/network.ts';

export function take<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.what).join(' '));
  return result.value;
}

type More = Partial<LayerDraft>;

/** Small networks for tests, layer by layer. */
export class Sketch {
  private readonly drafts: LayerDraft[] = [];

  network(name: string): Network {
    return assemble({ name, origin: 'zoo', unsupported: [], symbols: {} }, this.drafts);
  }

  input(...outputShape: number[]): number {
    return this.add({ kind: { op: 'input' }, inputs: [], outputShape });
  }

  conv(from: number, outputs: number, window: Window, groups = 1, more: More = {}): number {
    const [batch = 1, channels = 1] = this.shape(from);
    const kind: Conv = { op: 'conv', ...window, inputChannels: channels, outputChannels: outputs, groups };
    return this.add({
      kind,
      inputs: [from],
      outputShape: [batch, outputs, ...this.moved(from, window)],
      bias: true,
      ...more,
    });
  }

  pool(from: number, window: Window, method: Pool['method'] = 'max', global = false): number {
    const [batch = 1, channels = 1] = this.shape(from);
    const kind: Pool = { op: 'pool', ...window, method, global, countPadding: false };
    return this.add({ kind, inputs: [from], outputShape: [batch, channels, ...this.moved(from, window)] });
  }

  fc(from: number, outputs: number, more: More = {}): number {
    const shape = this.shape(from);
    const inputs = shape.at(-1)!;
    const rows = shape.reduce((product, size) => product * size, 1) / inputs;
    const outputShape = [...shape.slice(0, -1), outputs];
    return this.add({ kind: { op: 'fc', inputs, outputs, rows }, inputs: [from], outputShape, bias: true, ...more });
  }

  move(from: number, how: Move['how'], outputShape: number[], more: Partial<Move> = {}): number {
    return this.add({ kind: { op: 'move', how, ...more }, inputs: [from], outputShape });
  }

  /** A layer that leaves the shape of its first operand, unless another is given. */
  layer(kind: Kind, inputs: number[], outputShape: number[] = this.shape(inputs[0]!), more: More = {}): number {
    return this.add({ kind, inputs, outputShape, ...more });
  }

  private add(draft: Omit<LayerDraft, 'name'>): number {
    this.drafts.push({ name: `layer ${this.drafts.length}`, ...draft });
    return this.drafts.length - 1;
  }

  private shape(layer: number): number[] {
    return this.drafts[layer]!.outputShape;
  }

  private moved(from: number, { kernel, stride, pads, dilation }: Window): [number, number] {
    const [, , rows = 1, columns = 1] = this.shape(from);
    const size = (input: number, axis: 0 | 1) =>
      Math.floor((input + pads[axis] + pads[2 + axis]! - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
    return [size(rows, 0), size(columns, 1)];
  }
}

/** A square window. */
export function square(kernel: number, stride = 1, pad = 0, dilation = 1): Window {
  return {
    kernel: [kernel, kernel],
    stride: [stride, stride],
    pads: [pad, pad, pad, pad],
    dilation: [dilation, dilation],
  };
}
