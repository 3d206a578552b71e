import type { SweepPoint } from '../../../../engines/rtl/types.ts';
import { paretoFront } from './pareto.ts';

export type AxisId = 'criticalPathNs' | 'areaUm2' | 'totalUw' | 'leakageNw' | 'fMaxMhz' | 'worstSlackNs';

export interface SweepAxis {
  id: AxisId;
  label: string;
  /** As a table has it. */
  head: string;
  unit: string;
  better: 'lower' | 'higher';
}

const axis = (id: AxisId, label: string, unit: string, better: SweepAxis['better']): SweepAxis => ({
  id,
  label,
  head: `${label}, ${unit}`,
  unit,
  better,
});

/** What points of a sweep are compared in. */
export const AXES: Record<AxisId, SweepAxis> = {
  criticalPathNs: axis('criticalPathNs', 'Critical path', 'ns', 'lower'),
  areaUm2: axis('areaUm2', 'Area', 'µm²', 'lower'),
  totalUw: axis('totalUw', 'Total power', 'µW', 'lower'),
  leakageNw: axis('leakageNw', 'Leakage', 'nW', 'lower'),
  fMaxMhz: axis('fMaxMhz', 'Top frequency', 'MHz', 'higher'),
  worstSlackNs: axis('worstSlackNs', 'Worst slack', 'ns', 'higher'),
};

export function axisOf(id: AxisId): SweepAxis {
  return AXES[id] ?? AXES.areaUm2;
}

/** Indices of the points that no other beats in these quantities. */
export function frontOf(points: readonly SweepPoint[], ids: readonly AxisId[]): Set<number> {
  return paretoFront(
    points.map(({ figures }) => {
      const values = ids.map((id) => {
        const value = figures?.[id] ?? undefined;
        return value === undefined ? Number.NaN : axisOf(id).better === 'lower' ? value : -value;
      });
      return values.some(Number.isNaN) ? undefined : values;
    }),
  );
}
