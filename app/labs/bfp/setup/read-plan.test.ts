import { expect, it } from 'vitest';
import { readPlan } from './read-plan.ts';

it('takes the formats of a plan file', () => {
  const plan = {
    conv1: { weights: 'bfp4/16', inputs: 'mxfp4' },
    fc1: { weights: 'q4_0', inputs: 'fp16', outputs: 'bf16' },
  };
  expect(readPlan('plan.json', JSON.stringify({ model: 'digits-cnn', plan, layers: [] }))).toEqual({ plan });
});

it.each([
  ['no JSON', '{'],
  ['another file', '{"lab":"rtl"}'],
  ['nothing', 'null'],
  ['a list', '{"plan":[1]}'],
])('says of %s that it holds no plan', (_, text) => {
  expect(readPlan('mine.json', text)).toEqual({ what: expect.stringContaining('mine.json holds no plan') });
});

it('names the layer whose format is none', () => {
  const text = JSON.stringify({ plan: { conv1: { weights: 'bfp4/16' }, conv2: { inputs: 'bfp99' } } });
  expect(readPlan('mine.json', text)).toEqual({ what: expect.stringContaining('conv2') });
});
