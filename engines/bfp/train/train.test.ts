import { describe, expect, it } from 'vitest';
import { Sha256, sha256Hex } from '../../core/hash.ts';
import { type DigitNetwork, openPasses, RECIPES, SEED, trainDigitNetwork } from './digit-networks.ts';
import { asset, openBytes, shippedDigits } from './public.fixture.ts';
import { countRight } from './train.ts';

const { signal } = new AbortController();

async function trained(id: DigitNetwork, stopAfterSteps: number, seed = SEED): Promise<string> {
  const result = await trainDigitNetwork(id, await shippedDigits('train'), RECIPES[id], seed, {
    signal,
    stopAfterSteps,
  });
  if (!result.ok) throw new Error(result.problems[0]!.what);
  const hash = new Sha256();
  for (const { buffer, byteOffset, byteLength } of result.value.passes.weights) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.hex();
}

describe('training', () => {
  // The program of the committed weights, begun: were a bit of it different, so would be what it makes.
  it('has not changed by a bit', async () => {
    expect([await trained('digits-cnn', 3), await trained('digits-resnet', 2)]).toMatchInlineSnapshot(`
      [
        "b0f606550f4374de7837e9a4529c3c14ae56845c4aaf7a2655530872a9a5f62d",
        "570d065738f49ccc30f6f3783c71dd9ea64bb04e9f8e514ff039b45ac56ace5d",
      ]
    `);
  });

  it('goes by its seed', async () => {
    expect(await trained('digits-cnn', 1, SEED + 1)).not.toBe(await trained('digits-cnn', 1));
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    controller.abort();
    const digits = await shippedDigits('search');
    const run = trainDigitNetwork('digits-cnn', digits, RECIPES['digits-cnn'], 1, { signal: controller.signal });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe.each(['digits-cnn', 'digits-resnet'] as const)('the committed %s', (id) => {
  it('is the file of its card, small enough, and as right on the search digits as its card says', async () => {
    const bytes = await asset(`models/${id}.onnx`);
    const card = JSON.parse(new TextDecoder().decode(await asset(`models/${id}.json`)));
    expect(sha256Hex(bytes)).toBe(card.sha256);
    expect(bytes.length).toBeLessThan(400_000);
    expect(card.accuracy.test.percent).toBeGreaterThanOrEqual(98.5);
    const { model, files } = await openBytes(bytes);
    const passes = await openPasses(model, files);
    if (!passes.ok) throw new Error(passes.problems[0]!.what);
    const search = await shippedDigits('search');
    expect(await countRight(passes.value, search, signal)).toBe(card.accuracy.search.right);
  });
});
