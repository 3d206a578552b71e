import { describe, expect, it } from 'vitest';
import type { Hardware } from '../hardware.ts';
import { closedFormError, inputSquare, weightSquare } from './closed-form.ts';
import { drawInputs, drawWeights } from './draw.ts';
import { layerSignalToNoise, type NoiseSettings } from './layer-noise.ts';
import { multiply } from './product.ts';
import type { Coding, Device } from './types.ts';

const ideal: NoiseSettings = {
  adcRangePercent: 100,
  gMinUs: 2,
  gMaxUs: 50,
  readVolts: 0.2,
  variationPercent: 0,
  readNoisePercent: 0,
  wireOhm: 0,
  driftExponent: 0,
  driftSeconds: 1,
};

function chip(crossbar: Partial<Hardware['crossbar']>): Hardware {
  const whole: Partial<Hardware> = {
    crossbar: {
      perCore: 1,
      rows: 64,
      columns: 64,
      cells: 'physical',
      cellBits: 2,
      signed: 'offset',
      dacBits: 1,
      adcBits: 9,
      ...crossbar,
    },
  };
  return whole as Hardware;
}

const layer = { height: 64, width: 64, weightBits: 6, activationBits: 6 };

describe('the closed form', () => {
  /** The error's mean square over many arrays and inputs, by the whole model. */
  function measured(rows: number, coding: Coding, device: Device): number {
    let squares = 0;
    let count = 0;
    for (let seed = 0; seed < 60; seed++) {
      const weights = drawWeights(rows, 8, 'uniform', coding, seed);
      const { outputs, ideal: wanted } = multiply(
        weights,
        drawInputs(rows, coding.inputBits, seed),
        coding,
        device,
        seed,
      );
      for (const [at, y] of wanted.entries()) {
        squares += (outputs[at]! - y) ** 2;
        count++;
      }
    }
    return squares / count;
  }

  const coding: Coding = { weightBits: 6, inputBits: 6, cellBits: 2, dacBits: 1, signed: 'offset' };
  it.each<[string, Partial<Coding>, Partial<Device>]>([
    ['coarse steps', { dacBits: 3, cellBits: 3 }, { adcBits: 7 }],
    ['coarse steps of pairs', { dacBits: 3, cellBits: 3, signed: 'pair' }, { adcBits: 8 }],
    ['variation', {}, { variationPercent: 12, adcBits: 8 }],
    ['variation of pairs', { signed: 'pair' }, { variationPercent: 15, adcBits: 9 }],
    ['read noise', {}, { readNoisePercent: 8, adcBits: 8 }],
    ['read noise of pairs', { signed: 'pair', cellBits: 3 }, { readNoisePercent: 8, adcBits: 9 }],
    ['drift', {}, { driftExponent: 0.02, driftSeconds: 3600, adcBits: 8 }],
    ['drift of pairs', { signed: 'pair', cellBits: 5 }, { driftExponent: 0.03, driftSeconds: 3600, adcBits: 10 }],
    [
      'all of them',
      {},
      { variationPercent: 9, readNoisePercent: 6, driftExponent: 0.01, driftSeconds: 100, adcBits: 8 },
    ],
  ])('is what the model gives on average: %s', (_, changedCoding, changedDevice) => {
    const spec = { ...coding, ...changedCoding };
    const device = { ...ideal, adcBits: 8, ...changedDevice };
    const error = closedFormError([{ rows: 64, times: 1 }], spec, device);
    expect(error).toBeGreaterThan(0);
    // 480 outputs, those of an array and an input alike in part: about 15 % of a standard error.
    expect(Math.abs(10 * Math.log10(measured(64, spec, device) / error!))).toBeLessThan(1);
  });

  it('adds the errors of array groups, and the signals with them', () => {
    const device = { ...ideal, adcBits: 8, variationPercent: 10 };
    const one = closedFormError([{ rows: 64, times: 1 }], coding, device)!;
    expect(closedFormError([{ rows: 64, times: 9 }], coding, device)).toBeCloseTo(9 * one, 6);
    const of = (height: number) =>
      layerSignalToNoise({ ...layer, height }, chip({}), { ...ideal, variationPercent: 20 });
    expect(of(64 * 9).signalToNoiseDb).toBeCloseTo(of(64).signalToNoiseDb!, 10);
  });

  it('has the moments of uniform numbers', () => {
    const spec = { ...coding, weightBits: 3, inputBits: 2 };
    expect(weightSquare(spec)).toBeCloseTo((2 * (1 + 4 + 9)) / 7, 12);
    expect(inputSquare(spec)).toBeCloseTo((1 + 4 + 9) / 4, 12);
  });

  it('steps back where it does not hold', () => {
    const device = { ...ideal, adcBits: 8 };
    const groups = [{ rows: 64, times: 1 }];
    expect(closedFormError(groups, coding, { ...device, wireOhm: 1 })).toBeUndefined();
    expect(closedFormError(groups, coding, { ...device, variationPercent: 30 })).toBeUndefined();
    expect(closedFormError(groups, coding, { ...device, adcRangePercent: 25 })).toBeUndefined();
    // A little noise, which rounding to whole sums takes away.
    expect(closedFormError(groups, coding, { ...device, variationPercent: 1 })).toBeUndefined();
  });
});

describe('a mapped layer', () => {
  it('has no error on an ideal chip whose converters know every sum', () => {
    expect(layerSignalToNoise(layer, chip({ adcBits: 8 }), ideal)).toEqual({ method: 'exact' });
  });

  it('is sampled where there is no closed form, and agrees with it on the border', () => {
    const settings = { ...ideal, variationPercent: 12 };
    const closed = layerSignalToNoise(layer, chip({ adcBits: 8 }), settings);
    // The least resistance takes the closed form away and changes nothing else.
    const sampled = layerSignalToNoise(layer, chip({ adcBits: 8, columns: 256 }), { ...settings, wireOhm: 1e-6 });
    expect([closed.method, sampled.method]).toEqual(['closed-form', 'sampled']);
    expect(Math.abs(closed.signalToNoiseDb! - sampled.signalToNoiseDb!)).toBeLessThan(2);
  });

  it('says what a setting costs: fewer bits of converters, more bits a cell, longer wires', () => {
    const db = (crossbar: Partial<Hardware['crossbar']>, settings: Partial<NoiseSettings> = {}) =>
      layerSignalToNoise(layer, chip(crossbar), { ...ideal, ...settings }).signalToNoiseDb ?? Number.POSITIVE_INFINITY;
    expect(db({ adcBits: 5 })).toBeLessThan(db({ adcBits: 6 }) - 4);
    expect(db({ cellBits: 3 }, { variationPercent: 15 })).toBeLessThan(db({ cellBits: 1 }, { variationPercent: 15 }));
    expect(db({}, { wireOhm: 4 })).toBeLessThan(db({}, { wireOhm: 1 }));
    expect(db({ rows: 32 }, { wireOhm: 1 })).toBeGreaterThan(db({ rows: 64 }, { wireOhm: 1 }));
    expect(db({ cells: 'logical' })).toBeLessThan(db({}));
  });

  it('is computed once for equal layers', () => {
    const known = new Map();
    const first = layerSignalToNoise(layer, chip({}), { ...ideal, variationPercent: 2 }, known);
    expect(layerSignalToNoise({ ...layer }, chip({}), { ...ideal, variationPercent: 2 }, known)).toBe(first);
    expect(first).toEqual(layerSignalToNoise(layer, chip({}), { ...ideal, variationPercent: 2 }));
  });
});
