const THIN = '\u202f';

/** Nanoseconds as timing tools write them, to the picosecond, with a real minus. Null and undefined are an en dash. */
export function nsText(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const digits = Math.abs(value).toFixed(3);
  return `${value < 0 && Number(digits) !== 0 ? '\u2212' : ''}${digits}`;
}

/** The same with its unit, for figures that stand alone. */
export function withNs(value: number | null | undefined): string {
  const text = nsText(value);
  return text === '–' ? text : `${text}${THIN}ns`;
}

/** A quantity of a table whose head names the unit: enough digits to add up. */
export function plain(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  return value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 4 : 6);
}

/** A share as percent. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(share >= 0.0995 ? 0 : 1)}${THIN}%`;
}
