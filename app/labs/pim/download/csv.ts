import type { PimLayer, PimReport } from '../../../../engines/pim/types.ts';
import { toCsv } from '../../../charts/csv.ts';

/** Every figure of a report by its name (which says its unit), with the clock and the mode that it is of. */
export function figuresCsv({ figures, mode, evaluator, baselines, energy }: PimReport): string {
  return toCsv([
    ['figure', 'value', 'mode', 'clock'],
    ...Object.entries(figures).map(([name, value]) => [name, value as number, mode, evaluator]),
    ...Object.entries(energy).map(([name, value]) => [`energy.${name}`, value as number, mode, evaluator]),
    ...baselines.flatMap(({ label, timeNs, energyPj, crossbars }) => [
      [`${label}: timeNs`, timeNs, mode, evaluator],
      [`${label}: energyPj`, energyPj, mode, evaluator],
      [`${label}: crossbars`, crossbars, mode, evaluator],
    ]),
  ]);
}

/** A line a layer, with all its columns. */
export function layersCsv({ layers }: PimReport): string {
  const names = Object.keys(layers[0] ?? {}) as (keyof PimLayer)[];
  return toCsv([names, ...layers.map((layer) => names.map((name) => layer[name]))]);
}
