import { int, ints, text } from './attributes.ts';
import type { Window } from './network.ts';
import type { WorkNode } from './work-graph.ts';

type Two = [number, number];

/**
 * The window of a convolution or pool over H and W, with explicit padding: SAME and VALID are resolved, and where the
 * output is rounded up, the missing rows and columns are added below and on the right. One spatial axis counts as W.
 * Undefined for three and more.
 */
export function windowOf(
  node: WorkNode,
  kernel: readonly number[],
  input: readonly number[],
  output: readonly number[],
): Window | undefined {
  const axes = input.length - 2;
  if (axes < 1 || axes > 2 || kernel.length !== axes || output.length !== input.length) return undefined;
  const list = (name: string): number[] => ints(node.attributes, name) ?? new Array<number>(axes).fill(1);
  const size = two(kernel, 1);
  const stride = two(list('strides'), 1);
  const dilation = two(list('dilations'), 1);
  const from = two(input.slice(2), 1);
  const to = two(output.slice(2), 1);
  const given = ints(node.attributes, 'pads') ?? new Array<number>(2 * axes).fill(0);
  const begin = two(given.slice(0, axes), 0);
  const end = two(given.slice(axes), 0);
  const auto = text(node.attributes, 'auto_pad', 'NOTSET');
  for (const axis of [0, 1] as const) {
    const reach = dilation[axis] * (size[axis] - 1) + 1;
    const needed = (to[axis] - 1) * stride[axis] + reach - from[axis];
    if (auto === 'VALID') {
      begin[axis] = 0;
      end[axis] = 0;
    } else if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
      const all = Math.max(0, needed);
      begin[axis] = auto === 'SAME_UPPER' ? Math.floor(all / 2) : Math.ceil(all / 2);
      end[axis] = all - begin[axis];
    }
  }
  const pads: Window['pads'] = [begin[0], begin[1], end[0], end[1]];
  if (node.found?.what === 'pads') for (const [side, pad] of node.found.pads.entries()) pads[side]! += pad;
  if (int(node.attributes, 'ceil_mode', 0) === 1) {
    for (const axis of [0, 1] as const) {
      const reach = dilation[axis] * (size[axis] - 1) + 1;
      const needed = (to[axis] - 1) * stride[axis] + reach - from[axis];
      pads[2 + axis] = Math.max(pads[2 + axis]!, needed - pads[axis]!);
    }
  }
  return { kernel: size, stride, pads, dilation };
}

function two(list: readonly number[], otherwise: number): Two {
  return list.length === 1 ? [otherwise, list[0]!] : [list[0] ?? otherwise, list[1] ?? otherwise];
}
