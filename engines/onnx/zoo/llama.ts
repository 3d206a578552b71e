import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';
import { attend, embed, type Frame, rmsNorm } from './transformer-parts.ts';

interface Form {
  layers: number;
  width: number;
  heads: number;
  sharedHeads: number;
  hidden: number;
  words: number;
  epsilon: number;
}

const FORMS = {
  'llama2-7b': { layers: 32, width: 4096, heads: 32, sharedHeads: 32, hidden: 11008, words: 32000, epsilon: 1e-5 },
  'llama2-13b': { layers: 40, width: 5120, heads: 40, sharedHeads: 40, hidden: 13824, words: 32000, epsilon: 1e-5 },
  'llama3-8b': { layers: 32, width: 4096, heads: 32, sharedHeads: 8, hidden: 14336, words: 128256, epsilon: 1e-5 },
} satisfies Record<string, Form>;

/**
 * LLaMA 2 (Touvron et al. 2023) and 3 (Dubey et al. 2024, with grouped-query attention): RMS normalisation, rotary
 * positions, gated SiLU. The cosines and sines of the positions are inputs, computed once for all layers.
 */
export function llama(id: keyof typeof FORMS, { past = 0 }: Record<string, number>): Graph {
  const form = FORMS[id];
  const { layers, width, heads, words, epsilon } = form;
  const b = new GraphBuilder(id);
  const ids = b.input('input_ids', ['batch', 'sequence'], 'int64');
  const all = past > 0 ? b.symbols.add('past', 'sequence') : 'sequence';
  const mask = b.input('mask', ['batch', 1, 'sequence', all]);
  const rotary = { cos: b.input('cos', ['sequence', width / heads]), sin: b.input('sin', ['sequence', width / heads]) };
  const frame: Frame = { b, mask, rotary, ...(past > 0 && { past: 'past' }) };
  let x = b.scope('embeddings', () => embed(b, ids, words, width, 'words'));
  for (let layer = 0; layer < layers; layer++) x = b.scope(`layer${layer}`, () => block(frame, x, form));
  return b.output(b.scope('head', () => b.linear(rmsNorm(b, x, 'norm', epsilon), words, 'logits', false)));
}

function block(frame: Frame, x: Value, { width, heads, sharedHeads, hidden, epsilon }: Form): Value {
  const { b } = frame;
  const headSize = width / heads;
  const shared = sharedHeads * headSize;
  const mixed = b.scope('attention', () => {
    const normal = rmsNorm(b, x, 'norm', epsilon);
    const parts = {
      q: b.linear(normal, width, 'q', false),
      k: b.linear(normal, shared, 'k', false),
      v: b.linear(normal, shared, 'v', false),
    };
    return b.linear(attend(frame, parts, { heads, sharedHeads, headSize }), width, 'out', false);
  });
  const y = b.add(x, mixed, 'add1');
  const z = b.scope('mlp', () => {
    const normal = rmsNorm(b, y, 'norm', epsilon);
    const gate = b.silu(b.linear(normal, hidden, 'gate', false), 'gate_silu');
    return b.linear(b.mul(gate, b.linear(normal, hidden, 'up', false), 'gated'), width, 'down', false);
  });
  return b.add(y, z, 'add2');
}
