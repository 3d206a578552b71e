import type { PimReport } from '../../../../../engines/pim/types.ts';
import type { ChipModel } from './chip-model.ts';

export const COLOUR_STEPS = 64;

export type ColourBy = 'layer' | 'replication' | 'utilisation' | 'busy';
export const COLOURS_BY: readonly ColourBy[] = ['layer', 'replication', 'utilisation', 'busy'];

export interface Colouring {
  /** Step of the ramp by AG; -1: no value. */
  steps: Int8Array;
  low: number;
  high: number;
}

/** What colours the AGs: their layer's place in the network, its replicas, the used share of its cells, or the time its core works. */
export function colouring(model: ChipModel, report: PimReport, by: ColourBy): Colouring {
  const busy = new Map(report.cores.map((core) => [core.core, core.busyNs]));
  const whole = report.figures.timeNs || 1;
  const replicas = model.layers.map(({ replication }) => replication);
  const most = Math.max(1, ...replicas);
  const [low, high] =
    by === 'layer' ? [0, Math.max(0, model.layers.length - 1)] : by === 'replication' ? [1, most] : [0, 100];
  const quantity = (ag: number): number | undefined => {
    const order = model.order.get(model.layer[ag]!);
    const layer = order === undefined ? undefined : model.layers[order];
    if (by === 'busy') return (100 * (busy.get(model.core[ag]!) ?? 0)) / whole;
    if (by === 'layer') return order;
    return by === 'replication' ? layer?.replication : layer?.cellsUsedPercent;
  };
  const share = (value: number) => {
    if (high <= low) return 0;
    // Replicas run from one to thousands: equal factors are equal steps.
    return by === 'replication' ? Math.log2(value / low) / Math.log2(high / low) : (value - low) / (high - low);
  };
  const steps = Int8Array.from({ length: model.count }, (_, ag) => {
    const value = quantity(ag);
    return value === undefined ? -1 : Math.round(Math.min(Math.max(share(value), 0), 1) * (COLOUR_STEPS - 1));
  });
  return { steps, low, high };
}
