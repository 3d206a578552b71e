/** For the screen and for reports. */
export const STUDIO45_DESCRIPTION =
  'Studio45: 48 standard cells of a model of a 45 nm class process, computed from transistor widths by stated formulas. It is of no foundry.';

/** One operating point of the model. */
export type CornerId = 'typical' | 'slow' | 'fast';

export interface Corner {
  id: CornerId;
  voltageV: number;
  temperatureC: number;
  /** What process variation adds to both thresholds, and by what it multiplies the drive current. */
  thresholdShiftV: number;
  driveFactor: number;
  label: string;
}

/** Typical first. What differs between corners is all here; every table follows from it through the model. */
export const STUDIO45_CORNERS: readonly Corner[] = [
  {
    id: 'typical',
    voltageV: 1.1,
    temperatureC: 25,
    thresholdShiftV: 0,
    driveFactor: 1,
    label: 'typical process, 1.10 V, 25 °C',
  },
  {
    id: 'slow',
    voltageV: 0.95,
    temperatureC: 125,
    thresholdShiftV: 0.03,
    driveFactor: 0.92,
    label: 'slow process, 0.95 V, 125 °C',
  },
  {
    id: 'fast',
    voltageV: 1.25,
    temperatureC: -40,
    thresholdShiftV: -0.03,
    driveFactor: 1.08,
    label: 'fast process, 1.25 V, −40 °C',
  },
];

export function cornerOf(id: CornerId): Corner {
  const corner = STUDIO45_CORNERS.find((it) => it.id === id);
  if (!corner) throw new Error(`The library has no corner ${id}.`);
  return corner;
}
