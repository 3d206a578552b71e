import type { Layer } from '../network.ts';

const times = (sizes: readonly number[]) =>
  new Set(sizes).size === 1 && sizes.length === 2 ? `${sizes[0]}×${sizes[0]}` : sizes.join('×');

/** A layer in two short lines: what it does, and on what. */
export function describeLayer({ kind, name, outputShape, activation }: Layer): { title: string; detail: string } {
  const then = activation ? `, ${activation.how}` : '';
  const shape = outputShape.slice(1).join('×') || '1';
  switch (kind.op) {
    case 'input':
      return { title: name, detail: `input ${shape}` };
    case 'conv': {
      const what =
        kind.groups === 1
          ? 'conv'
          : kind.groups === kind.inputChannels
            ? 'depthwise conv'
            : `conv in ${kind.groups} groups`;
      const stride = kind.stride[0] > 1 || kind.stride[1] > 1 ? ` /${kind.stride[0]}` : '';
      return { title: name, detail: `${what} ${times(kind.kernel)}${stride}, ${kind.outputChannels}${then}` };
    }
    case 'fc':
      return { title: name, detail: `fc ${kind.inputs} → ${kind.outputs}${then}` };
    case 'pool':
      return {
        title: name,
        detail: kind.global
          ? `global ${kind.method} pool`
          : `${kind.method} pool ${times(kind.kernel)} /${kind.stride[0]}`,
      };
    case 'matmul':
      return {
        title: name,
        detail: `product ${kind.rows}×${kind.inner} · ${kind.inner}×${kind.columns}, ${kind.batch} times`,
      };
    case 'eltwise':
      return { title: name, detail: `${kind.how}${kind.constant === undefined ? '' : ' a constant'}, ${shape}${then}` };
    case 'concat':
      return { title: name, detail: `concat, ${shape}` };
    case 'activation':
      return { title: name, detail: kind.how };
    case 'softmax':
      return { title: name, detail: `softmax, ${shape}` };
    case 'normalise':
      return { title: name, detail: `${kind.how} normalisation` };
    case 'move':
      return { title: name, detail: `${kind.how}, ${shape}` };
    case 'resize':
      return { title: name, detail: `resize to ${shape}` };
    case 'gather':
      return { title: name, detail: `rows of ${kind.table.join('×')}` };
    case 'reduce':
      return { title: name, detail: `${kind.how}, ${shape}` };
    case 'unknown':
      return { title: name, detail: `${kind.onnxOp}: not known` };
  }
}
