import type { Network } from '../../onnx/network.ts';

/** Where every layer's result, and the sums of every product, lie in main memory: one byte a value, four a sum. */
export interface Addresses {
  results: number[];
  sums: (number | undefined)[];
  bytes: number;
}

export function addressesOf({ layers }: Network): Addresses {
  let bytes = 0;
  const take = (count: number) => {
    const at = bytes;
    // To whole words, as memories have them.
    bytes += Math.ceil(count / 4) * 4;
    return at;
  };
  const results: number[] = [];
  const sums: (number | undefined)[] = [];
  for (const { kind, outputShape } of layers) {
    const size = outputShape.reduce((all, each) => all * each, 1);
    results.push(take(size));
    sums.push(kind.op === 'conv' || kind.op === 'fc' || kind.op === 'matmul' ? take(4 * size) : undefined);
  }
  return { results, sums, bytes };
}
