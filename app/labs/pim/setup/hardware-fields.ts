import type { HardwarePath } from '../actions.ts';
import { texts } from '../texts.ts';

export interface HardwareField {
  path: HardwarePath;
  label: string;
  unit?: string;
  /** Left out: any number from 0 up. */
  whole?: { least: number; most: number };
  choices?: readonly { value: string; label: string }[];
  /** What is shown is the value divided by this: bytes as kB. */
  scale?: number;
}

export interface HardwareGroup {
  id: string;
  title: string;
  /** Open at first. */
  open?: boolean;
  fields: readonly HardwareField[];
}

const words = texts.hardware;
const choice = <K extends string>(labels: Record<K, string>) =>
  (Object.keys(labels) as K[]).map((value) => ({ value, label: labels[value] }));
const count = { least: 0, most: 1_000_000 };
const bits = { least: 1, most: 32 };

/** Every parameter of the abstract accelerator, in the order of the panel. */
export const hardwareGroups: readonly HardwareGroup[] = [
  {
    id: 'size',
    title: words.groups.size,
    open: true,
    fields: [
      { path: ['crossbar', 'rows'], label: words.rows, whole: count },
      { path: ['crossbar', 'columns'], label: words.columns, whole: count },
      { path: ['crossbar', 'perCore'], label: words.perCore, whole: count },
      { path: ['cores', 'x'], label: words.coresX, whole: count },
      { path: ['cores', 'y'], label: words.coresY, whole: count },
      { path: ['chips', 'x'], label: words.chipsX, whole: count },
      { path: ['chips', 'y'], label: words.chipsY, whole: count },
    ],
  },
  {
    id: 'cells',
    title: words.groups.cells,
    fields: [
      { path: ['crossbar', 'cells'], label: words.cells, choices: choice(words.cellKinds) },
      { path: ['crossbar', 'cellBits'], label: words.cellBits, unit: 'bit', whole: bits },
      { path: ['crossbar', 'signed'], label: words.signed, choices: choice(words.signKinds) },
      { path: ['weightBits'], label: words.weightBits, unit: 'bit', whole: bits },
      { path: ['activationBits'], label: words.activationBits, unit: 'bit', whole: bits },
      { path: ['crossbar', 'dacBits'], label: words.dacBits, unit: 'bit', whole: bits },
      { path: ['crossbar', 'adcBits'], label: words.adcBits, unit: 'bit', whole: bits },
    ],
  },
  {
    id: 'time',
    title: words.groups.time,
    fields: [
      { path: ['mvmLatencyNs'], label: words.mvmLatency, unit: 'ns' },
      { path: ['mvmIntervalNs'], label: words.mvmInterval, unit: 'ns' },
      { path: ['vector', 'bytesPerStep'], label: words.vectorBytes, unit: 'B' },
      { path: ['vector', 'stepNs'], label: words.vectorStep, unit: 'ns' },
      { path: ['execution'], label: words.execution, choices: choice(words.executionKinds) },
      { path: ['communication'], label: words.communication, choices: choice(words.communicationKinds) },
    ],
  },
  {
    id: 'memory',
    title: words.groups.memory,
    fields: [
      { path: ['localMemory', 'bytes'], label: words.localBytes, unit: 'KiB', scale: 1024 },
      { path: ['localMemory', 'gbps'], label: words.localRate, unit: 'GB/s' },
      { path: ['globalMemory', 'bytes'], label: words.globalBytes, unit: 'KiB', scale: 1024 },
      { path: ['globalMemory', 'gbps'], label: words.globalRate, unit: 'GB/s' },
      { path: ['network', 'kind'], label: words.network, choices: choice(words.networkKinds) },
      { path: ['network', 'busGBps'], label: words.busRate, unit: 'GB/s' },
      { path: ['network', 'linkGBps'], label: words.linkRate, unit: 'GB/s' },
      { path: ['network', 'hopNs'], label: words.hop, unit: 'ns' },
      { path: ['chips', 'linkGBps'], label: words.chipRate, unit: 'GB/s' },
    ],
  },
  {
    id: 'energy',
    title: words.groups.energy,
    fields: [
      { path: ['energy', 'mvmPjPerCrossbar'], label: words.mvmEnergy, unit: 'pJ' },
      { path: ['energy', 'vectorPjPerElement'], label: words.vectorEnergy, unit: 'pJ' },
      { path: ['energy', 'localMemoryPjPerByte'], label: words.localEnergy, unit: 'pJ/B' },
      { path: ['energy', 'globalMemoryPjPerByte'], label: words.globalEnergy, unit: 'pJ/B' },
      { path: ['energy', 'networkPjPerByteHop'], label: words.networkEnergy, unit: 'pJ/B' },
      { path: ['energy', 'linkPjPerByte'], label: words.linkEnergy, unit: 'pJ/B' },
      { path: ['energy', 'staticMwPerCore'], label: words.staticCore, unit: 'mW' },
      { path: ['energy', 'staticMwPerChip'], label: words.staticChip, unit: 'mW' },
    ],
  },
];

/** A typed number as the field means it; a sentence when it is none. */
export function readNumber(text: string, { whole, scale = 1 }: HardwareField): number | string {
  const value = Number(
    text
      .trim()
      .replace(/[\s_\u202f]/g, '')
      .replace(',', '.'),
  );
  if (text.trim() === '' || !Number.isFinite(value)) return words.noNumber;
  if (value < 0) return words.negative;
  if (whole && (!Number.isInteger(value) || value < whole.least || value > whole.most))
    return words.notWhole(whole.least, whole.most);
  return value * scale;
}
