import { expect, test } from 'vitest';
import { quickSpace } from './quick.ts';
import { efficientChoices } from './table.ts';
import { toySpace } from './toy.fixture.ts';

const BITS = [2, 3, 4, 5, 6, 7, 8];

test('energies that are linear in the bits are interpolated exactly, from 27 triples a layer at most', () => {
  const toy = toySpace({ layers: 2, weightBits: BITS, inputBits: BITS });
  let asked = 0;
  const energy = (at: number, { weights, inputs, outputs }: { weights: number; inputs: number; outputs: number }) =>
    (at + 1) * (3 * weights + 5 * inputs * outputs);
  const quick = quickSpace(
    {
      ...toy,
      dramBits: (_, bits) => 7 * bits.weights,
      movement: (at, bits) => {
        asked++;
        return { dramBits: 7 * bits.weights, energyPj: energy(at, bits) };
      },
    },
    true,
  );
  for (const weights of BITS) {
    for (const inputs of BITS) {
      for (const outputs of BITS) {
        const bits = { weights: weights + 0.25, inputs: inputs + 0.25, outputs: outputs + 0.25 };
        expect(quick.movement(0, bits).energyPj).toBeCloseTo(energy(0, bits), 9);
        expect(quick.movement(0, bits).dramBits).toBe(7 * bits.weights);
      }
    }
  }
  expect(asked).toBeLessThanOrEqual(27);
});

test('without a bound on energy no tiling is asked for', () => {
  const toy = toySpace();
  const quick = quickSpace(
    {
      ...toy,
      dramBits: () => 11,
      movement: () => {
        throw new Error('asked');
      },
    },
    false,
  );
  expect(quick.movement(0, { weights: 4, inputs: 4, outputs: 4 })).toEqual({ dramBits: 11, energyPj: 0 });
});

test('efficient choices: what another beats in bits and drop goes, and many are thinned', () => {
  const choice = (bitsPerValue: number, drop: number) => ({
    format: { kind: 'float32' as const },
    bitsPerValue,
    drop,
  });
  expect(efficientChoices([choice(4, 3), choice(3, 5), choice(5, 3.5), choice(4, 4), choice(8, 1)])).toEqual([1, 0, 4]);
  const many = Array.from({ length: 40 }, (_, i) => choice(i + 1, 40 - i));
  const kept = efficientChoices(many);
  expect(kept).toHaveLength(12);
  expect([kept[0], kept.at(-1)]).toEqual([0, 39]);
});
