import type { Problem } from '../../core/result.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import type { CompileStyle } from '../style.ts';
import { type GlobalViews, layOutViews } from './common-views.ts';
import { postJobs } from './throughput-post.ts';

/** Layers that can do an activation behind them before they store their result. */
const FUSING = new Set<Layer['kind']['op']>(['pool', 'eltwise', 'concat', 'matmul', 'reduce', 'resize', 'normalise']);

/**
 * The layers that are to be done without weights, in order. An activation that alone reads what such a layer makes is done
 * by it: the two are one layer then, which has the activation's place and output. What lies between is never stored, so its
 * region is taken from `layout`.
 */
export function workLayers(network: Network, layout: GlobalViews): Layer[] {
  const done = new Set<number>();
  const work: Layer[] = [];
  for (const layer of network.layers) {
    if (done.has(layer.index)) continue;
    const next = layer.consumers.length === 1 ? network.layers[layer.consumers[0]!]! : undefined;
    const fuses =
      next?.kind.op === 'activation' &&
      FUSING.has(layer.kind.op) &&
      !layer.activation &&
      !next.activation &&
      layout.constants[layer.index]! < 0;
    if (!fuses || next?.kind.op !== 'activation') {
      work.push(layer);
      continue;
    }
    done.add(next.index);
    layout.regions[layer.index] = -1;
    const { how, min, max, alpha } = next.kind;
    work.push({
      ...layer,
      index: next.index,
      name: next.name,
      consumers: next.consumers,
      activation: { how, min, max, alpha },
    });
  }
  return work;
}

/**
 * Warnings for the layers that throughput programs of this style leave out, by name: operators that are not known, look-ups
 * (their addresses are data), and what the vector unit cannot do. Empty where everything is scheduled. In the released
 * style no layer without weights is scheduled, which needs no warning.
 */
export function notScheduled(network: Network, style: CompileStyle): Problem[] {
  if (!style.postOperations) return [];
  const context = { network, layout: layOutViews(network, style), cores: 1 };
  return network.layers
    .filter((layer) => postJobs(layer, context) === undefined)
    .map((layer) => {
      const op = layer.kind.op === 'unknown' ? layer.kind.onnxOp : describe(layer);
      return {
        code: 'layer-left-out',
        severity: 'warning' as const,
        what: `Layer "${layer.name}" (${op}) is not part of the program: ${reason(layer)}.`,
        remedy: 'Its time and energy are not counted.',
      };
    });
}

function describe({ kind }: Layer): string {
  return 'how' in kind ? `${kind.op} ${kind.how}` : kind.op;
}

function reason({ kind }: Layer): string {
  if (kind.op === 'unknown') return 'the studio does not know this operator';
  if (kind.op === 'gather') return 'where a look-up reads depends on data, and the host is assumed to do it';
  return 'the vector unit has no instructions for it';
}
