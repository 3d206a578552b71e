import { GraphBuilder, type Value } from '../builder.ts';
import type { Dim, Graph } from '../types.ts';
import { attend, embed, type Frame, geluTanh, layerNorm, projectTogether, tiedHead } from './transformer-parts.ts';

interface Form {
  name: string;
  layers: number;
  width: number;
  heads: number;
  hidden: number;
  words: number;
  positions: number;
  /** One projection to queries, keys and values (GPT-2), or three (OPT). */
  together: boolean;
  activation: 'gelu' | 'relu';
}

/** GPT-2, the smallest (Radford et al. 2019): 12 layers of 768. */
export function gpt2(sizes: Record<string, number>): Graph {
  return decoder(
    {
      name: 'gpt2',
      layers: 12,
      width: 768,
      heads: 12,
      hidden: 3072,
      words: 50257,
      positions: 1024,
      together: true,
      activation: 'gelu',
    },
    sizes,
  );
}

const OPT = { '6.7b': [32, 4096, 32], '13b': [40, 5120, 40] } as const;

/** OPT (Zhang et al. 2022, Table 1), normalised before each part; 2 of its 2,050 positions are never used. */
export function opt(size: keyof typeof OPT, sizes: Record<string, number>): Graph {
  const [layers, width, heads] = OPT[size];
  return decoder(
    {
      name: `opt-${size}`,
      layers,
      width,
      heads,
      hidden: 4 * width,
      words: 50272,
      positions: 2050,
      together: false,
      activation: 'relu',
    },
    sizes,
  );
}

function decoder(form: Form, { past = 0 }: Record<string, number>): Graph {
  const { layers, width, words, positions } = form;
  const b = new GraphBuilder(form.name);
  const ids = b.input('input_ids', ['batch', 'sequence'], 'int64');
  const places = b.input('position_ids', ['batch', 'sequence'], 'int64');
  const before: Dim | undefined = past > 0 ? 'past' : undefined;
  const all = before === undefined ? 'sequence' : b.symbols.add('past', 'sequence');
  const mask = b.input('mask', ['batch', 1, 'sequence', all]);
  const frame: Frame = { b, mask, ...(before !== undefined && { past: before }) };
  let x = b.scope('embeddings', () => {
    const tokens = embed(b, ids, words, width, 'words');
    return b.add(tokens, embed(b, places, positions, width, 'positions'), 'add');
  });
  for (let layer = 0; layer < layers; layer++) x = b.scope(`layer${layer}`, () => block(frame, x, form));
  return b.output(b.scope('head', () => tiedHead(b, layerNorm(b, x, 'norm'), 'embeddings/words.table', words)));
}

function block(frame: Frame, x: Value, { width, heads, hidden, together, activation }: Form): Value {
  const { b } = frame;
  const mixed = b.scope('attention', () => {
    const normal = layerNorm(b, x, 'norm');
    const parts = together
      ? projectTogether(b, normal, width)
      : { q: b.linear(normal, width, 'q'), k: b.linear(normal, width, 'k'), v: b.linear(normal, width, 'v') };
    return b.linear(attend(frame, parts, { heads, headSize: width / heads }), width, 'out');
  });
  const y = b.add(x, mixed, 'add1');
  const z = b.scope('mlp', () => {
    const wide = b.linear(layerNorm(b, y, 'norm'), hidden, 'fc1');
    return b.linear(activation === 'gelu' ? geluTanh(b, wide) : b.relu(wide), width, 'fc2');
  });
  return b.add(y, z, 'add2');
}
