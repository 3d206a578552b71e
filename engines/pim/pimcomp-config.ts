import * as z from 'zod/mini';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { Hardware } from './hardware.ts';
import { PRESETS } from './presets/chips.ts';
import { productEnergyPj, SHIPPED_CIRCUIT } from './presets/circuit.ts';
import { energyOf, intendedLatencyNs } from './presets/derived.ts';

const PATH = 'slices.pim.hardware.pimcompConfig';
const number = z.optional(z.number());

/** What PIMCOMP-NN's compiler reads, required, and what its sister simulator reads of the matrix unit, optional. */
const schema = z.object({
  chip_config: z.object({
    core_config: z.object({
      matrix_config: z.object({
        xbar_array_count: z.number(),
        xbar_size: z.tuple([z.number(), z.number()]),
        cell_precision: z.number(),
        adc_count: z.number(),
        period: number,
        pipeline_mode: z.optional(z.boolean()),
        dac_resolution: number,
        dac_count: number,
        dac_dynamic_power: number,
        dac_latency_cycle: number,
        input_buffer_dynamic_power: number,
        input_buffer_latency_cycle: number,
        xbar_latency: number,
        xbar_read_power: number,
        sample_hold_dynamic_power: number,
        sample_hold_latency_cycle: number,
        adc_resolution: number,
        adc_latency_cycle: number,
        adc_dynamic_power: number,
        shift_adder_dynamic_power: number,
        shift_adder_latency_cycle: number,
        output_buffer_dynamic_power: number,
        output_buffer_latency_cycle: number,
      }),
    }),
    network_config: z.object({ layout: z.tuple([z.number(), z.number()]) }),
  }),
});

type Matrix = z.infer<typeof schema>['chip_config']['core_config']['matrix_config'];

/**
 * The chip of a PIMCOMP-NN configuration file (config.json), read as its compiler reads it (facts 1.7): `adc_count` is the
 * arithmetic precision, `xbar_array_count` the logical crossbars of a core, `xbar_size` rows by columns and `layout` the
 * grid of cores, height by width; `core_cnt` and the memories' settings are not used there, and the released constants
 * stand in for them here. The energy of a product comes from the file's converters and array by PIMSIM-NN's formula.
 */
export function hardwareFromPimcompConfig(text: string): Result<Hardware> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    const what = 'The hardware configuration is not JSON.';
    return fail(error('bad-config', what, 'Take the config.json of PIMCOMP-NN as it is.', { path: PATH }));
  }
  const read = schema.safeParse(data);
  if (!read.success) {
    const problems = read.error.issues.map((issue): Problem => {
      const at = issue.path.join('.');
      const what = `The hardware configuration has no usable "${at}": ${issue.message}.`;
      return error('bad-config', what, 'Compare it with the config.json of PIMCOMP-NN.', { path: `${PATH}.${at}` });
    });
    return fail(problems[0]!, ...problems.slice(1));
  }
  const { core_config, network_config } = read.data.chip_config;
  const matrix = core_config.matrix_config;
  const preset = structuredClone(PRESETS['pimcomp-default']!.hardware);
  const precision = matrix.adc_count;
  const hardware: Hardware = {
    ...preset,
    name: 'PIMCOMP-NN configuration',
    cores: { x: network_config.layout[1], y: network_config.layout[0] },
    crossbar: {
      ...preset.crossbar,
      perCore: matrix.xbar_array_count,
      rows: matrix.xbar_size[0],
      columns: matrix.xbar_size[1],
      cellBits: matrix.cell_precision,
      dacBits: matrix.dac_resolution ?? preset.crossbar.dacBits,
      adcBits: matrix.adc_resolution ?? preset.crossbar.adcBits,
    },
    mvmLatencyNs: intendedLatencyNs(precision),
    activationBits: precision,
    weightBits: precision,
  };
  const energy = { ...energyOf(hardware), mvmPjPerCrossbar: Number(product(matrix).toPrecision(4)) };
  return ok({ ...hardware, energy });
}

function product(matrix: Matrix): number {
  return productEnergyPj({
    ...SHIPPED_CIRCUIT,
    rows: matrix.xbar_size[0],
    columns: matrix.xbar_size[1],
    inputBits: matrix.adc_count,
    periodNs: matrix.period ?? SHIPPED_CIRCUIT.periodNs,
    dacBits: matrix.dac_resolution ?? SHIPPED_CIRCUIT.dacBits,
    dacs: matrix.dac_count ?? matrix.xbar_size[0],
    dacMw: matrix.dac_dynamic_power ?? 0,
    dacCycles: matrix.dac_latency_cycle ?? 0,
    inputBufferMw: matrix.input_buffer_dynamic_power ?? 0,
    inputBufferCycles: matrix.input_buffer_latency_cycle ?? 0,
    readMw: matrix.xbar_read_power ?? 0,
    readNs: matrix.xbar_latency ?? SHIPPED_CIRCUIT.readNs,
    sampleHoldMw: matrix.sample_hold_dynamic_power ?? 0,
    sampleHoldCycles: matrix.sample_hold_latency_cycle ?? 0,
    adcs: matrix.adc_count,
    adcMw: matrix.adc_dynamic_power ?? 0,
    adcCycles: matrix.adc_latency_cycle ?? SHIPPED_CIRCUIT.adcCycles,
    shiftAddMw: matrix.shift_adder_dynamic_power ?? 0,
    shiftAddCycles: matrix.shift_adder_latency_cycle ?? 0,
    outputBufferMw: matrix.output_buffer_dynamic_power ?? 0,
    outputBufferCycles: matrix.output_buffer_latency_cycle ?? 0,
    pipelined: matrix.pipeline_mode ?? true,
  });
}
