import { macsOf } from './counts.ts';
import type { Kind, Layer, Network } from './network.ts';
import { findRepeats } from './repeats.ts';

/** What whoever makes a layer knows of it; the rest follows. `inputs` are indices of layers before it. */
export interface LayerDraft {
  name: string;
  kind: Kind;
  inputs: number[];
  /** Given where an operand is no layer's output as it is; otherwise the shapes of `inputs`. */
  inputShapes?: number[][];
  outputShape: number[];
  activation?: Layer['activation'];
  bias?: boolean;
  normalised?: boolean;
  parameters?: number;
  weight?: Layer['weight'];
  biasTensor?: Layer['biasTensor'];
  block?: string[];
  nodes?: string[];
}

/** Numbers drafts, links consumers, counts multiply-accumulates and finds repeated blocks. Drafts are in topological order. */
export function assemble(network: Omit<Network, 'layers' | 'repeats'>, drafts: readonly LayerDraft[]): Network {
  const layers = drafts.map(
    (draft, index): Layer => ({
      index,
      name: draft.name,
      kind: draft.kind,
      inputs: draft.inputs,
      consumers: [],
      inputShapes: draft.inputShapes ?? draft.inputs.map((input) => drafts[input]!.outputShape),
      outputShape: draft.outputShape,
      ...(draft.activation && { activation: draft.activation }),
      bias: draft.bias ?? false,
      normalised: draft.normalised ?? false,
      parameters: draft.parameters ?? 0,
      macs: macsOf(draft.kind, draft.outputShape),
      ...(draft.weight && { weight: draft.weight }),
      ...(draft.biasTensor && { biasTensor: draft.biasTensor }),
      block: draft.block ?? [],
      nodes: draft.nodes ?? [],
    }),
  );
  for (const layer of layers) {
    for (const input of new Set(layer.inputs)) layers[input]!.consumers.push(layer.index);
  }
  return { ...network, layers, repeats: findRepeats(layers) };
}
