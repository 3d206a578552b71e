import { PRESETS } from '../../../../../engines/pim/presets.ts';
import type { PimSlice } from '../../../../../engines/pim/types.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { hardwareGroups, readNumber } from '../../setup/hardware-fields.ts';
import { texts } from '../../texts.ts';

const words = texts.method;

/** Something that a sweep can move. */
export interface Axis {
  /** Its place in the slice: "hardware.crossbar.rows". */
  path: string;
  label: string;
  unit?: string;
  /** The values there are; left out: any number. */
  choices?: readonly { value: string; label: string }[];
  /** What is typed is multiplied by this. */
  scale?: number;
  /** The heading it stands under in the list. */
  group: string;
  /** Says what is wrong with a number. */
  read?(text: string): number | string;
}

const named = <K extends string>(labels: Record<K, string>, left: readonly K[] = []) =>
  (Object.keys(labels) as K[])
    .filter((value) => !left.includes(value))
    .map((value) => ({ value: value as string, label: labels[value] as string }));

/**
 * Everything that can be moved. The clock is not among it: figures of two clocks are not compared. Replicas by hand need a
 * table of their own.
 */
export const AXES: readonly Axis[] = [
  { path: 'replication', label: words.replication, choices: named(words.replications, ['manual']), group: words.title },
  { path: 'mapping', label: words.mapping, choices: named(words.mappings), group: words.title },
  { path: 'memory', label: words.memory, choices: named(words.memories), group: words.title },
  { path: 'unrolling', label: words.unrolling, choices: named(words.unrollings), group: words.title },
  {
    path: 'transferRounds',
    label: words.transferRounds,
    group: words.title,
    read: (text) => readNumber(text, { path: [''], label: '', whole: { least: 0, most: 1000 } }),
  },
  {
    path: 'hardware',
    label: texts.hardware.title,
    choices: Object.keys(PRESETS).map((value) => ({ value, label: value })),
    group: texts.hardware.title,
  },
  ...hardwareGroups.flatMap((group) =>
    group.fields.map(
      (field): Axis => ({
        path: `hardware.${field.path.join('.')}`,
        label: field.label,
        unit: field.unit,
        choices: field.choices,
        scale: field.scale,
        group: group.title,
        read: (text) => readNumber(text, field),
      }),
    ),
  ),
];

export function findAxis(path: string): Axis | undefined {
  return AXES.find((axis) => axis.path === path);
}

/** An axis as the view keeps it: the numbers as typed, or the chosen of its choices. */
export interface AxisChoice {
  path: string;
  values: string[];
}

/** What the sweep is told, or what is wrong with what was typed. */
export function valuesOf({ path, values }: AxisChoice): { values: (number | string)[] } | { fault: string } {
  const axis = findAxis(path);
  if (!axis) return { fault: texts.compare.noAxis };
  if (axis.choices) return values.length > 0 ? { values } : { fault: texts.compare.noValues };
  const found: number[] = [];
  for (const text of values) {
    const read = axis.read?.(text) ?? Number(text);
    if (typeof read === 'string') return { fault: `${text}: ${read}` };
    if (!found.includes(read)) found.push(read);
  }
  return found.length > 0 ? { values: found.sort((a, b) => a - b) } : { fault: texts.compare.noValues };
}

/** Values to begin with: halves and doubles of what stands there, or every choice that does not take long. */
export function startValues(axis: Axis, now: number | string | undefined): string[] {
  if (axis.choices) {
    const quick = axis.choices.map(({ value }) => value).filter((value) => value !== 'genetic');
    return axis.path === 'hardware' ? quick.slice(0, 6) : quick;
  }
  const base = typeof now === 'number' && now > 0 ? now / (axis.scale ?? 1) : 1;
  const all = [0.25, 0.5, 1, 2, 4].map((factor) => base * factor);
  return all
    .filter((value) => typeof axis.read?.(String(value)) !== 'string')
    .map((value) => String(Number(value.toPrecision(6))));
}

/** What stands at a path of the slice; for the chip, of the chip that it came to. */
export function valueNow(slice: PimSlice, hardware: object | undefined, path: string): number | string | undefined {
  const [first, ...rest] = path.split('.');
  let value: unknown = first === 'hardware' && rest.length > 0 ? hardware : slice[first as keyof PimSlice];
  for (const key of rest) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

/** A value as the axis says it: a choice by its name, a number with its unit. */
export function labelOf(path: string, value: number | string | undefined): string {
  const axis = findAxis(path);
  if (value === undefined) return '';
  const named = axis?.choices?.find((each) => each.value === value)?.label;
  if (named !== undefined) return named;
  return typeof value === 'number' ? formatNumber(value / (axis?.scale ?? 1), axis?.unit) : value;
}
