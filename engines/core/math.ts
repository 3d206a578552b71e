/**
 * Elementary functions that give the same bits in every browser and in Node, unlike those of `Math`: only + - * /, square
 * roots and operations on the bits of a double, all of which IEEE 754 fixes. Errors stay within one unit in the last place.
 * Special values are those of `Math`. `Math.sqrt`, `abs`, `floor`, `round`, `fround`, `imul`, `min`, `max` are exact
 * everywhere and not repeated here.
 */
export { exp, expm1, tanh } from './math-exp.ts';
export { log, log1p, log2, log10 } from './math-log.ts';
export { pow } from './math-pow.ts';
export { cos, sin } from './math-trig.ts';
