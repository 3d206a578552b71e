import type { Said } from './types.ts';

/**
 * Greedy reading of a CTC network's outputs, steps x classes: the likeliest class of every step, repetitions taken once,
 * blanks (class 0) left out (Graves et al., ICML 2006). Its confidence is the mean probability of the characters read; 0
 * where nothing was read.
 */
export function decodeText(outputs: Float32Array, classes: number, characters: readonly string[]): Said {
  let [text, before, confidence, count] = ['', 0, 0, 0];
  for (let at = 0; at < outputs.length; at += classes) {
    let best = 0;
    for (let one = 1; one < classes; one++) if (outputs[at + one]! > outputs[at + best]!) best = one;
    if (best !== 0 && best !== before) {
      text += characters[best] ?? '';
      confidence += outputs[at + best]!;
      count += 1;
    }
    before = best;
  }
  return { what: text, confidence: count === 0 ? 0 : confidence / count };
}
