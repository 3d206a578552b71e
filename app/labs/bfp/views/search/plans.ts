import type { SearchPoint, SearchTrace } from '../../../../../engines/bfp/types.ts';
import type { NumberFormat } from '../../../../../engines/tensor/formats/types.ts';

/** What accuracy is drawn against. */
export type Axis = 'movement' | 'bits' | 'energy';

export function costOn(axis: Axis, point: SearchPoint): number {
  if (axis === 'movement') return point.dataMovementBits;
  if (axis === 'energy') return point.energyPj;
  return (point.averageWeightBits + point.averageActivationBits) / 2;
}

/** Ids of the measured that nothing beats in accuracy and this cost, by rising cost. */
export function frontOn(axis: Axis, points: readonly SearchPoint[]): number[] {
  const measured = points.filter((it) => it.measured);
  measured.sort((a, b) => costOn(axis, a) - costOn(axis, b) || b.measured!.percent - a.measured!.percent);
  let most = Number.NEGATIVE_INFINITY;
  return measured.flatMap(({ id, measured }) => {
    if (measured!.percent <= most) return [];
    most = measured!.percent;
    return [id];
  });
}

/** Accuracy, measured or estimated. Undefined: neither can be known (no labelled data). */
export function accuracyOf(
  { floatPercent }: Pick<SearchTrace, 'floatPercent'>,
  point: SearchPoint,
): number | undefined {
  if (point.measured) return point.measured.percent;
  return floatPercent === undefined ? undefined : floatPercent - point.estimatedDropPoints;
}

/** The name of a baseline, else of the method and its number among its plans. */
export function namesOf({ points, baselineIds }: SearchTrace, by: Record<string, string>): Map<number, string> {
  const counts = new Map<string, number>();
  const names = new Map<number, string>();
  for (const point of points) {
    const count = (counts.get(point.by) ?? 0) + 1;
    counts.set(point.by, count);
    names.set(point.id, `${by[point.by] ?? point.by} ${count}`);
  }
  for (const [name, id] of Object.entries(baselineIds)) {
    const [method = '', ...rest] = name.split(' ');
    names.set(id, [by[method] ?? method, ...rest].join(' '));
  }
  return names;
}

/** Mantissa bits where a format has them, else the bits of a code: what a layer's bar shows. */
export function shownBits(format: NumberFormat): number {
  switch (format.kind) {
    case 'bfp':
      return format.mantissaBits;
    case 'int':
      return format.bits;
    case 'block-minifloat':
      return 1 + format.exponentBits + format.mantissaBits;
    case 'mx':
      return format.element === 'e2m1' || format.element === 'int4' ? 4 : /e3m2|e2m3/.test(format.element) ? 6 : 8;
    case 'nvfp4':
      return 4;
    case 'gguf':
      return Number(format.type[1]);
    case 'float32':
      return 32;
    default:
      return 16;
  }
}

/** Where accuracies are cut off so that the best can be told apart: so far below the best, points. */
export const NEAR_POINTS = 4;

/** The span of accuracies to draw, with a little air. */
export function accuracySpan(values: readonly number[], near: boolean): [low: number, high: number] {
  const high = Math.max(...values);
  const low = Math.min(...values);
  if (!(high >= low)) return [0, 100];
  const bottom = near ? Math.max(low, high - NEAR_POINTS) : low;
  const air = Math.max((high - bottom) * 0.08, 0.05);
  return [Math.max(0, bottom - air), Math.min(100, high + air)];
}
