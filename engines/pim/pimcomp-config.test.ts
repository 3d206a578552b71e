import { describe, expect, it } from 'vitest';
import { hardwareFromPimcompConfig } from './pimcomp-config.ts';
import { resolveHardware } from './presets.ts';

/** The form of PIMCOMP-NN's config.json with sizes of our own, so that no two can be confused. */
const matrix = {
  xbar_array_count: 24,
  dac_resolution: 1,
  dac_count: 96,
  xbar_size: [96, 160],
  cell_precision: 4,
  xbar_latency: 7,
  xbar_read_power: 10,
  adc_resolution: 6,
  adc_latency_cycle: 20,
  adc_dynamic_power: 1,
  adc_count: 8,
  period: 1,
};
const config = (changes: object = {}) =>
  JSON.stringify({
    chip_config: {
      core_cnt: 999,
      core_config: { matrix_config: { ...matrix, ...changes } },
      network_config: { layout: [5, 7] },
    },
    sim_config: {},
  });

describe('hardwareFromPimcompConfig', () => {
  it('reads a configuration as the released compiler does', () => {
    const result = hardwareFromPimcompConfig(config());
    if (!result.ok) throw new Error(result.problems[0]!.what);
    const { value } = result;
    expect(value.cores).toEqual({ x: 7, y: 5 });
    expect(value.crossbar).toMatchObject({
      perCore: 24,
      rows: 96,
      columns: 160,
      cellBits: 4,
      cells: 'logical',
      adcBits: 6,
    });
    // The number of ADCs is taken for the precision.
    expect([value.activationBits, value.weightBits]).toEqual([8, 8]);
    // 8 readings of (10 mW * 7 ns + 20 turns * 1 mW * 20 ns * 8 converters).
    expect(value.energy.mvmPjPerCrossbar).toBeCloseTo(8 * (70 + 20 * 160), 6);
  });

  it('serves as a choice of hardware, and is checked like one', () => {
    expect(resolveHardware({ pimcompConfig: config() }).ok).toBe(true);
    const zero = resolveHardware({ pimcompConfig: config({ xbar_array_count: 0 }) });
    expect(zero.ok ? '' : zero.problems[0]!.what).toContain('crossbars in a core is 0');
  });

  it.each([
    ['no JSON', '{"chip_config": ', 'not JSON'],
    ['another file', '{"node_list": []}', 'chip_config'],
    ['a missing size', config({ xbar_size: undefined }), 'xbar_size'],
    ['text for a number', config({ adc_count: '16' }), 'adc_count'],
  ])('refuses %s and says what is missing', (_name, text, word) => {
    const result = hardwareFromPimcompConfig(text);
    expect(result.ok ? '' : result.problems[0]!.what).toContain(word);
  });
});
