import { assemble, type LayerDraft } from './assemble.ts';
import type { Kind, Layer, Network } from './network.ts';

/**
 * Takes activations that stand alone (after an addition, a clip, a hard-swish ...) into the layer before them, where that
 * layer computes something, has no activation yet and nobody else reads its bare result. Names stay; indices do not.
 */
export function absorbActivations(network: Network): Network {
  const into = new Map<number, number>();
  const activations = new Map<number, Layer['activation']>();
  for (const { kind, inputs, index } of network.layers) {
    if (kind.op !== 'activation' || inputs.length !== 1) continue;
    const host = network.layers[inputs[0]!]!;
    if (!COMPUTES.has(host.kind.op) || host.activation || host.consumers.length !== 1) continue;
    into.set(index, host.index);
    const { op: _, ...activation } = kind;
    activations.set(host.index, activation);
  }
  return without(network, into, (layer) => {
    const activation = layer.activation ?? activations.get(layer.index);
    return activation ? { ...layer, activation } : layer;
  });
}

const COMPUTES = new Set<Kind['op']>(['conv', 'fc', 'pool', 'matmul', 'eltwise', 'normalise', 'concat', 'reduce']);

/**
 * The network as exporters write it that fold batch normalisations into weights and bias: each such layer has a bias. What
 * was learned, and so `parameters`, stays as it was.
 */
export function foldNormalisations(network: Network): Network {
  return { ...network, layers: network.layers.map((layer) => (layer.normalised ? { ...layer, bias: true } : layer)) };
}

/** The network without the layers that are keys of `into`; whoever read one reads the layer it went into. */
function without(network: Network, into: ReadonlyMap<number, number>, change: (layer: Layer) => Layer): Network {
  const { layers: _, repeats: __, ...rest } = network;
  const places = new Map<number, number>();
  const kept = network.layers.filter(({ index }) => !into.has(index));
  for (const [place, { index }] of kept.entries()) places.set(index, place);
  const placeOf = (index: number): number => places.get(into.get(index) ?? index)!;
  const nodes = new Map<number, string[]>();
  for (const [from, to] of into) nodes.set(to, [...(nodes.get(to) ?? []), ...network.layers[from]!.nodes]);
  const drafts = kept.map((layer): LayerDraft => {
    const { index, consumers: _, macs: __, ...draft } = change(layer);
    return { ...draft, inputs: layer.inputs.map(placeOf), nodes: [...layer.nodes, ...(nodes.get(index) ?? [])] };
  });
  return assemble(rest, drafts);
}
