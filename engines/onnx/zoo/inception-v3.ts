import { type ConvOptions, GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

type Step = [
  channels: number,
  kernel: ConvOptions['kernel'],
  options?: { stride?: number; pads?: ConvOptions['pads'] },
];

/**
 * Inception-v3 (Szegedy et al. 2015) at 299 x 299 with torchvision's structure and order of branches, without the auxiliary
 * head.
 */
export function inceptionV3(): Graph {
  const b = new GraphBuilder('inception-v3');
  let x = b.input('data', ['batch', 3, 299, 299]);
  x = b.scope('stem', () => {
    let y = chain(b, x, 'conv', [
      [32, 3, { stride: 2 }],
      [32, 3],
      [64, 3, { pads: 1 }],
    ]);
    y = b.maxPool(y, { kernel: 3, stride: 2 }, 'pool1');
    y = chain(b, y, 'conv_b', [
      [80, 1],
      [192, 3],
    ]);
    return b.maxPool(y, { kernel: 3, stride: 2 }, 'pool2');
  });
  for (const [name, pooled] of Object.entries({ '5b': 32, '5c': 64, '5d': 64 }))
    x = b.scope(`mixed_${name}`, () => moduleA(b, x, pooled));
  x = b.scope('mixed_6a', () => moduleB(b, x));
  for (const [name, middle] of Object.entries({ '6b': 128, '6c': 160, '6d': 160, '6e': 192 }))
    x = b.scope(`mixed_${name}`, () => moduleC(b, x, middle));
  x = b.scope('mixed_7a', () => moduleD(b, x));
  for (const name of ['7b', '7c']) x = b.scope(`mixed_${name}`, () => moduleE(b, x));
  x = b.dropout(b.globalAveragePool(x, 'pool'), 'dropout');
  return b.output(b.gemm(b.flatten(x), 1000, 'fc'));
}

function chain(b: GraphBuilder, x: Value, name: string, steps: Step[]): Value {
  return steps.reduce(
    (y, [channels, kernel, options], index) =>
      b.relu(b.convNorm(y, channels, { kernel, ...options }, steps.length > 1 ? `${name}_${index + 1}` : name)),
    x,
  );
}

const SAME = { pads: 1 } as const;
const WIDE: Pick<ConvOptions, 'kernel'> & { pads: [number, number] } = { kernel: [1, 7], pads: [0, 3] };
const HIGH: Pick<ConvOptions, 'kernel'> & { pads: [number, number] } = { kernel: [7, 1], pads: [3, 0] };

function wide(channels: number): Step {
  return [channels, WIDE.kernel, { pads: WIDE.pads }];
}

function high(channels: number): Step {
  return [channels, HIGH.kernel, { pads: HIGH.pads }];
}

function averaged(b: GraphBuilder, x: Value, channels: number): Value {
  return chain(b, b.averagePool(x, { kernel: 3, pads: 1, countPadding: true }, 'pool'), 'pool_conv', [[channels, 1]]);
}

function moduleA(b: GraphBuilder, x: Value, pooled: number): Value {
  const branches = [
    chain(b, x, '1x1', [[64, 1]]),
    chain(b, x, '5x5', [
      [48, 1],
      [64, 5, { pads: 2 }],
    ]),
    chain(b, x, '3x3dbl', [
      [64, 1],
      [96, 3, SAME],
      [96, 3, SAME],
    ]),
    averaged(b, x, pooled),
  ];
  return b.concat(branches, 1, 'concat');
}

function moduleB(b: GraphBuilder, x: Value): Value {
  const branches = [
    chain(b, x, '3x3', [[384, 3, { stride: 2 }]]),
    chain(b, x, '3x3dbl', [
      [64, 1],
      [96, 3, SAME],
      [96, 3, { stride: 2 }],
    ]),
    b.maxPool(x, { kernel: 3, stride: 2 }, 'pool'),
  ];
  return b.concat(branches, 1, 'concat');
}

function moduleC(b: GraphBuilder, x: Value, middle: number): Value {
  const branches = [
    chain(b, x, '1x1', [[192, 1]]),
    chain(b, x, '7x7', [[middle, 1], wide(middle), high(192)]),
    chain(b, x, '7x7dbl', [[middle, 1], high(middle), wide(middle), high(middle), wide(192)]),
    averaged(b, x, 192),
  ];
  return b.concat(branches, 1, 'concat');
}

function moduleD(b: GraphBuilder, x: Value): Value {
  const branches = [
    chain(b, x, '3x3', [
      [192, 1],
      [320, 3, { stride: 2 }],
    ]),
    chain(b, x, '7x7x3', [[192, 1], wide(192), high(192), [192, 3, { stride: 2 }]]),
    b.maxPool(x, { kernel: 3, stride: 2 }, 'pool'),
  ];
  return b.concat(branches, 1, 'concat');
}

function moduleE(b: GraphBuilder, x: Value): Value {
  const split = (from: Value, name: string): Value => {
    const parts = [
      chain(b, from, `${name}_wide`, [[384, [1, 3], { pads: [0, 1] }]]),
      chain(b, from, `${name}_high`, [[384, [3, 1], { pads: [1, 0] }]]),
    ];
    return b.concat(parts, 1, `${name}_concat`);
  };
  const branches = [
    chain(b, x, '1x1', [[320, 1]]),
    split(chain(b, x, '3x3', [[384, 1]]), '3x3'),
    split(
      chain(b, x, '3x3dbl', [
        [448, 1],
        [384, 3, SAME],
      ]),
      '3x3dbl',
    ),
    averaged(b, x, 192),
  ];
  return b.concat(branches, 1, 'concat');
}
