/** Numbers as C's printf writes them: what the formats of $display are made after. */
export interface NumberFormat {
  minus?: boolean;
  plus?: boolean;
  blank?: boolean;
  zero?: boolean;
  alternate?: boolean;
  width?: number;
  precision?: number;
}

export function pad(text: string, { width = 0, minus, zero }: NumberFormat): string {
  if (text.length >= width) return text;
  if (minus) return text.padEnd(width);
  if (!zero) return text.padStart(width);
  const sign = /^[+-]/.test(text) ? text[0]! : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** %e, %f, %g and their capitals. */
export function formatReal(value: number, conversion: string, format: NumberFormat): string {
  const kind = conversion.toLowerCase();
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? '-' : format.plus ? '+' : format.blank ? ' ' : '';
  const size = Math.abs(value);
  let body: string;
  if (!Number.isFinite(size)) body = Number.isNaN(size) ? 'nan' : 'inf';
  else if (kind === 'e') body = exponential(size, format.precision ?? 6);
  else if (kind === 'f') body = fixed(size, format.precision ?? 6);
  else body = general(size, format.precision ?? 6, format.alternate ?? false);
  const text = sign + body;
  const padded = pad(text, Number.isFinite(size) ? format : { ...format, zero: false });
  return conversion === kind ? padded : padded.toUpperCase();
}

/** `toFixed` is exact up to 1e21 only. */
function fixed(value: number, precision: number): string {
  if (value < 1e21) return value.toFixed(Math.min(precision, 100));
  const digits = BigInt(value).toString();
  return precision > 0 ? `${digits}.${'0'.repeat(precision)}` : digits;
}

function exponential(value: number, precision: number): string {
  const [digits, exponent] = value.toExponential(Math.min(precision, 100)).split('e') as [string, string];
  const sign = exponent[0] === '-' ? '-' : '+';
  return `${digits}e${sign}${exponent.slice(1).padStart(2, '0')}`;
}

function general(value: number, precision: number, alternate: boolean): string {
  const digits = Math.max(precision, 1);
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  const text =
    exponent < -4 || exponent >= digits ? exponential(value, digits - 1) : fixed(value, digits - 1 - exponent);
  if (alternate) return text.includes('.') ? text : text.replace(/(?=e|$)/, '.');
  if (!text.includes('.')) return text;
  return text.replace(/\.?0+(?=e|$)/, '');
}
