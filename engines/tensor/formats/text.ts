import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import type { Block, GgufType, MxElement, NumberFormat, Rounding } from './types.ts';

/*
 * Short forms of formats: a name, "/" and what shares a scale (elements along a row, "4x8" rows x columns, "row",
 * "tensor"), and "~" for stochastic or "^" for ties away from zero (nothing: ties to even).
 */

const MX_TEXTS: Record<MxElement, string> = {
  e5m2: 'mxfp8e5m2',
  e4m3: 'mxfp8e4m3',
  e3m2: 'mxfp6e3m2',
  e2m3: 'mxfp6e2m3',
  e2m1: 'mxfp4',
  int8: 'mxint8',
  int4: 'mxint4',
};

const MX_ELEMENTS = new Map(Object.entries(MX_TEXTS).map(([element, text]) => [text, element as MxElement]));

export const GGUF_TYPES: readonly GgufType[] = [
  ...(['q4_0', 'q4_1', 'q5_0', 'q5_1', 'q8_0'] as const),
  ...(['q2_k', 'q3_k', 'q4_k', 'q5_k', 'q6_k'] as const),
];

const PLAIN = new Map<string, NumberFormat>(
  Object.entries({
    fp32: { kind: 'float32' },
    float32: { kind: 'float32' },
    fp16: { kind: 'float16' },
    float16: { kind: 'float16' },
    bf16: { kind: 'bfloat16' },
    bfloat16: { kind: 'bfloat16' },
  }),
);

/** Blocks of Microscaling, where none is written. */
const MX_BLOCK = 32;

/** What a format may ask for. */
export const FORMAT_LIMITS = {
  bfp: { mantissaBits: [2, 14], exponentBits: [5, 8] },
  minifloat: { exponentBits: [1, 5], mantissaBits: [1, 10] },
  int: { bits: [2, 8] },
  /** Elements along a row, rows of a rectangle. */
  block: [1, 1_048_576],
} as const;

/**
 * Reads a short form: "fp32", "fp16", "bf16", "bfp6/32" (6 bits with the sign, 32 elements share an 8-bit exponent),
 * "bfp6e5/32" (5-bit exponent), "minifloat-e2m5/32", "mxfp8e4m3", "mxfp8e5m2", "mxfp6e3m2", "mxfp6e2m3", "mxfp4", "mxint8",
 * "mxint4" (blocks of 32, or "/16"), "nvfp4", "int4/64" (symmetric), "uint4/64" (with a zero point), "q4_0" to "q8_0",
 * "q2_k" to "q6_k".
 */
export function parseFormat(text: string): Result<NumberFormat> {
  const [, name = '', blockText, suffix = ''] =
    /^([^/~^]*)(?:\/([^~^]*))?([~^]?)$/.exec(text.trim().toLowerCase()) ?? [];
  const rounding: Rounding = suffix === '~' ? 'stochastic' : suffix === '^' ? 'away' : 'even';
  const block = blockText === undefined ? undefined : parseBlock(blockText);
  if (block === null) {
    return fail(
      error(
        'format-block',
        `"${blockText}" in the format "${text}" does not say what shares a scale.`,
        'Write a number of elements (32), rows x columns (4x8), "row" or "tensor".',
      ),
    );
  }
  const format = named(name, block, rounding);
  if (!format) return unknown(text);
  if ('block' in format && format.block === undefined) {
    return fail(error('format-block', `The format "${text}" does not say what shares a scale.`, `Write "${name}/32".`));
  }
  const rounds = 'rounding' in format;
  if ((suffix !== '' && !rounds) || (block !== undefined && !('block' in format))) {
    return fail(
      error('format-fixed', `The format "${name}" has its own blocks and its own rounding.`, `Write only "${name}".`),
    );
  }
  const problem = checkFormat(format);
  return problem ? fail(problem) : ok(format);
}

function named(name: string, given: Block | undefined, rounding: Rounding): NumberFormat | undefined {
  const plain = PLAIN.get(name);
  if (plain) return plain;
  if (name === 'nvfp4') return { kind: 'nvfp4', rounding };
  const element = MX_ELEMENTS.get(name);
  if (element) return { kind: 'mx', element, block: given ?? MX_BLOCK, rounding };
  if ((GGUF_TYPES as readonly string[]).includes(name)) return { kind: 'gguf', type: name as GgufType };
  // Where a block must be written and is not, the caller says so.
  const block = given as Block;
  const bfp = /^bfp(\d+)(?:e(\d+))?$/.exec(name);
  if (bfp) return { kind: 'bfp', mantissaBits: Number(bfp[1]), exponentBits: Number(bfp[2] ?? 8), block, rounding };
  const minifloat = /^minifloat-e(\d+)m(\d+)$/.exec(name);
  if (minifloat) {
    const [exponentBits, mantissaBits] = [Number(minifloat[1]), Number(minifloat[2])];
    return { kind: 'block-minifloat', exponentBits, mantissaBits, block, rounding };
  }
  const int = /^(u?)int(\d+)$/.exec(name);
  if (int) return { kind: 'int', bits: Number(int[2]), symmetric: int[1] === '', block, rounding };
  return undefined;
}

function unknown(text: string): { ok: false; problems: Problem[] } {
  return fail(
    error(
      'format-unknown',
      `"${text}" is not a number format.`,
      'Known are fp32, fp16, bf16, bfp6/32, minifloat-e2m5/32, mxfp8e4m3, mxfp8e5m2, mxfp6e3m2, mxfp6e2m3, mxfp4, mxint8, ' +
        'mxint4, nvfp4, int4/64, uint4/64, q4_0, q4_1, q5_0, q5_1, q8_0 and q2_k to q6_k.',
    ),
  );
}

function parseBlock(text: string): Block | null {
  if (text === 'row' || text === 'tensor') return text;
  if (/^\d+$/.test(text)) return Number(text);
  const sides = /^(\d+)x(\d+)$/.exec(text);
  return sides ? [Number(sides[1]), Number(sides[2])] : null;
}

/** What is wrong with a format that was written as an object; undefined: nothing. */
export function checkFormat(format: NumberFormat): Problem | undefined {
  switch (format.kind) {
    case 'bfp':
      return (
        outside('mantissa bits of BFP', format.mantissaBits, FORMAT_LIMITS.bfp.mantissaBits) ??
        outside('exponent bits of BFP', format.exponentBits, FORMAT_LIMITS.bfp.exponentBits) ??
        checkBlock(format.block)
      );
    case 'block-minifloat':
      return (
        outside('exponent bits of a minifloat', format.exponentBits, FORMAT_LIMITS.minifloat.exponentBits) ??
        outside('mantissa bits of a minifloat', format.mantissaBits, FORMAT_LIMITS.minifloat.mantissaBits) ??
        checkBlock(format.block)
      );
    case 'int':
      return outside('bits of an integer', format.bits, FORMAT_LIMITS.int.bits) ?? checkBlock(format.block);
    case 'mx':
      return checkBlock(format.block);
    default:
      return undefined;
  }
}

function checkBlock(block: Block): Problem | undefined {
  if (typeof block === 'string') return undefined;
  for (const side of typeof block === 'number' ? [block] : block) {
    const problem = outside('elements along one side of a block', side, FORMAT_LIMITS.block);
    if (problem) return problem;
  }
  return undefined;
}

function outside(what: string, value: number, [low, high]: readonly [number, number]): Problem | undefined {
  if (Number.isInteger(value) && value >= low && value <= high) return undefined;
  return error(
    'format-range',
    `The ${what} must be a whole number from ${low} to ${high}, not ${value}.`,
    `Choose a number from ${low} to ${high}.`,
  );
}

/** The short form of a format: `parseFormat` reads it back. */
export function formatText(format: NumberFormat): string {
  switch (format.kind) {
    case 'float32':
      return 'fp32';
    case 'float16':
      return 'fp16';
    case 'bfloat16':
      return 'bf16';
    case 'bfp': {
      const exponent = format.exponentBits === 8 ? '' : `e${format.exponentBits}`;
      return `bfp${format.mantissaBits}${exponent}${blockText(format.block)}${suffixOf(format.rounding)}`;
    }
    case 'block-minifloat':
      return `minifloat-e${format.exponentBits}m${format.mantissaBits}${blockText(format.block)}${suffixOf(format.rounding)}`;
    case 'mx': {
      const block = format.block === MX_BLOCK ? '' : blockText(format.block);
      return `${MX_TEXTS[format.element]}${block}${suffixOf(format.rounding)}`;
    }
    case 'nvfp4':
      return `nvfp4${suffixOf(format.rounding)}`;
    case 'int':
      return `${format.symmetric ? '' : 'u'}int${format.bits}${blockText(format.block)}${suffixOf(format.rounding)}`;
    case 'gguf':
      return format.type;
  }
}

function blockText(block: Block): string {
  return `/${typeof block === 'object' ? block.join('x') : block}`;
}

function suffixOf(rounding: Rounding): string {
  return rounding === 'stochastic' ? '~' : rounding === 'away' ? '^' : '';
}
