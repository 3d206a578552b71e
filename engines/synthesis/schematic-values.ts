import type { Bit } from './yosys-json.ts';

/** The number of a parameter, written by Yosys as a string of bits, MSB first. Undefined for texts and for x or z. */
export function parameterNumber(value: string | undefined): number | undefined {
  if (value === undefined || !/^[01]{1,64}$/.test(value)) return undefined;
  return Number.parseInt(value, 2);
}

/** A constant in Verilog's words, from bits MSB first: "0" for one bit, "8'h1f", "4'b1x0z". */
export function constantText(bits: string): string {
  if (bits.length === 1) return bits;
  const first = bits[0]!;
  if (!/[01]/.test(first) && [...bits].every((bit) => bit === first)) return `${bits.length}'${first}`;
  if (/[xz]/.test(bits) || bits.length <= 2) return `${bits.length}'b${bits}`;
  return `${bits.length}'h${BigInt(`0b${bits}`).toString(16)}`;
}

/** A parameter for reading: bit strings as constants, texts as they are. */
export function parameterText(value: string): string {
  if (!/^[01xz]+$/.test(value)) return value.trimEnd();
  const number = parameterNumber(value);
  return number !== undefined && value.length >= 32 ? String(number) : constantText(value);
}

/** Bits as the netlist has them (LSB first) as a constant text; undefined when any of them is a net. */
export function constantBits(bits: readonly Bit[]): string | undefined {
  let text = '';
  for (const bit of bits) {
    if (typeof bit === 'number') return undefined;
    text = bit + text;
  }
  return text;
}

/** Shortens a name to `limit` characters: dotted names keep their end, others both ends. */
export function shorten(name: string, limit: number): string {
  if (name.length <= limit) return name;
  if (name.includes('.')) return `…${name.slice(name.length - limit + 1)}`;
  const head = Math.ceil((limit - 1) / 2);
  return `${name.slice(0, head)}…${name.slice(name.length - (limit - 1 - head))}`;
}
