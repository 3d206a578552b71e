/** Narrow no-break space: groups digits and stands between a number and its unit. */
const THIN = '\u202f';
const MINUS = '\u2212';

/** Units that take SI prefixes. Those that travel with a prefix in a figure's name (`ns`, `pJ`) are read back to these. */
const BASE_UNITS = new Set([
  's',
  'Hz',
  'J',
  'W',
  'V',
  'A',
  'F',
  'Ω',
  'B',
  'bit',
  'B/s',
  'FLOP/s',
  'OP/s',
  'OP',
  'MAC',
  'op/s',
  'cycle',
]);

const PREFIXES: readonly (readonly [string, number])[] = [
  ['f', -15],
  ['p', -12],
  ['n', -9],
  ['µ', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
];

/** A unit with its prefix taken off: `ns` is seconds times 10 to the -9. Undefined for a unit that takes no prefix. */
function baseOf(unit: string): { base: string; exponent: number } | undefined {
  if (BASE_UNITS.has(unit)) return { base: unit, exponent: 0 };
  const rest = unit.slice(1);
  const letter = unit[0] === 'u' || unit[0] === '\u03bc' ? 'µ' : unit[0];
  const prefix = PREFIXES.find(([name]) => name !== '' && name === letter);
  return prefix && BASE_UNITS.has(rest) ? { base: rest, exponent: prefix[1] } : undefined;
}

/** Groups the digits before the point by threes: `14 596`. Four digits stay grouped, so that columns line up. */
export function groupDigits(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Three significant digits, no more decimals than needed for them; whole numbers from 100 up. */
function threeDigits(value: number): string {
  if (value === 0) return '0';
  if (value >= 99.95) return groupDigits(value.toFixed(0));
  if (value >= 9.995) return value.toFixed(1);
  if (value >= 0.9995) return value.toFixed(2);
  const text = value.toPrecision(3);
  return text.includes('e')
    ? text.replace(/e([+-])(\d+)/, (_, sign, digits) => `e${sign === '-' ? MINUS : ''}${digits}`)
    : text;
}

/**
 * A number as the studio writes it everywhere: thin groups of three, SI prefixes where the unit takes them (`0.000319, s`
 * and `319000, ns` are both `319 µs`), a real minus, and at most three significant digits unless the number is whole and
 * has no such unit: counts are exact. `undefined` and NaN are an en dash; infinities are named.
 * @param unit as in `s`, `ns`, `pJ`, `µm²`, `%`, `cells`; left out for a bare count.
 */
export function formatNumber(value: number | undefined, unit = ''): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const sign = value < 0 ? MINUS : '';
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞${unit && THIN + unit}`;
  const known = unit === '' ? undefined : baseOf(unit);
  if (!known)
    return `${sign}${Number.isInteger(size) ? groupDigits(String(size)) : threeDigits(size)}${unit && THIN + unit}`;
  if (size === 0) return `0${THIN}${known.base}`;
  const power = Math.floor(Math.log10(size) + known.exponent + 1e-12);
  const whole = known.base === 'B' || known.base === 'bit' ? Math.max(power, 0) : power;
  let index = PREFIXES.findIndex(([, exponent]) => exponent === Math.floor(whole / 3) * 3);
  if (index < 0) index = whole < 0 ? 0 : PREFIXES.length - 1;
  const scaled = (at: number) => size * 10 ** (known.exponent - (PREFIXES[at]?.[1] ?? 0));
  if (scaled(index) >= 999.5 && index < PREFIXES.length - 1) index += 1;
  const [prefix] = PREFIXES[index] ?? ['', 0];
  const shown = scaled(index);
  const text = prefix === '' && Number.isInteger(shown) ? groupDigits(String(shown)) : threeDigits(shown);
  return `${sign}${text}${THIN}${prefix}${known.base}`;
}

/** A change in percent of `pinned`: its arrow and size (`▼ 32 %`); `=` when equal, and the plain difference from a pinned 0. */
export function formatDelta(value: number, pinned: number, unit = ''): string {
  if (value === pinned) return '=';
  const arrow = value > pinned ? '▲' : '▼';
  if (pinned === 0) return `${arrow} ${formatNumber(Math.abs(value), unit)}`;
  const percent = Math.abs((value - pinned) / pinned) * 100;
  if (percent >= 1000) return `${arrow} ${threeDigits(Math.abs(value / pinned))}×`;
  const text = percent < 0.1 ? '<0.1' : percent >= 9.95 ? percent.toFixed(0) : percent.toFixed(1);
  return `${arrow} ${text}${THIN}%`;
}

/** Bytes, for sizes of files and links: `7.4 kB`. */
export function formatBytes(bytes: number): string {
  return formatNumber(bytes, 'B');
}

/** How long ago, in words: `just now`, `5 minutes ago`, `yesterday`, else the date. */
export function formatAge(then: number, now: number): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? '1 hour ago' : `${hours} hours ago`;
  const days = Math.floor(hours / 24);
  if (days === 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  return new Date(then).toISOString().slice(0, 10);
}
