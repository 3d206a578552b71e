import { isFlowLink } from '../../../../engines/document/flow.ts';
import { sameJson } from '../../../../engines/document/json.ts';
import type { NoiseSettings } from '../../../../engines/pim/crossbar/layer-noise.ts';
import { slice } from '../../../../engines/pim/slice.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';

/** What a report takes from the bench: cells, wires and converters, for the noise of each layer. */
const DEVICE = [
  'adcRangePercent',
  'gMinUs',
  'gMaxUs',
  'readVolts',
  'variationPercent',
  'readNoisePercent',
  'wireOhm',
  'driftExponent',
  'driftSeconds',
] as const satisfies (keyof NoiseSettings)[];

/** The bits that another lab has handed down, where the design takes them from one. */
let handed: PimSlice['bits'] | undefined;
export function handDown(bits: PimSlice['bits'] | undefined): void {
  handed = bits;
}

/** What a compilation depends on: of the crossbar on the bench only how good its parts are. */
export function specOf(from: PimSlice): PimSlice {
  const device = Object.fromEntries(DEVICE.map((key) => [key, from.crossbar[key]]));
  const bits = (isFlowLink(from.bits) && handed) || from.bits;
  return { ...from, task: 'compile', bits, crossbar: { ...slice.defaults.crossbar, ...device } };
}

/** Whether two specs ask for the same compilation. */
export function sameSpec(a: PimSlice, b: PimSlice): boolean {
  return sameJson(specOf(a), specOf(b));
}

/** A search takes long: it starts when it is asked to. */
export function searches(spec: PimSlice): boolean {
  return spec.replication === 'genetic' || spec.mapping === 'genetic';
}
