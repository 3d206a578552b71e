const NUMBER = /^[-+]?\d[\d_]*$/;
const BASED = /^[-+]?(\d[\d_]*)?\s*'[sS]?([bB][01xXzZ?_]+|[oO][0-7xXzZ?_]+|[dD][0-9_]+|[hH][0-9a-fA-FxXzZ?_]+)$/;
const STRING = /^"[^"\\\n]*"$/;

/** What is wrong with a text as a Verilog constant, as a whole sentence; undefined when it is one. */
export function constantFault(text: string): string | undefined {
  const value = text.trim();
  if (NUMBER.test(value) || BASED.test(value) || STRING.test(value)) return undefined;
  return 'Type a Verilog constant: 8, 4\'b1010, 16\'hff or "text".';
}

/** What is wrong with a macro's name; undefined when it will do. */
export function macroFault(name: string, taken: readonly string[]): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name)) return 'A macro has letters, digits and _, and starts with no digit.';
  if (taken.includes(name)) return `${name} is defined already.`;
  return undefined;
}

/** A constant as Yosys writes it (`32'sd8`, `8'11111111`) as people do, where it is a number of at most 32 bits. */
export function plainConstant(value: string): string {
  const decimal = /^\d+'s?d(\d+)$/.exec(value)?.[1];
  if (decimal !== undefined) return decimal;
  const [, width, signed, bits] = /^(?:(\d+)')?(s?)b?([01]+)$/.exec(value) ?? [];
  if (bits === undefined || (width === undefined && bits.length < 32) || bits.length > 32) return value;
  const number = Number.parseInt(bits, 2);
  const negative = (signed === 's' || width === undefined) && bits.length > 1 && bits.startsWith('1');
  return String(negative ? number - 2 ** bits.length : number);
}
