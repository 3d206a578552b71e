import type { TokenBuffer } from './token-buffer.ts';
import { TokenKind } from './tokens.ts';

/**
 * Icarus Verilog knows the type `logic` in every generation of the language, and benches rely on it; but Verilog-2005 does
 * not reserve the word. Before SystemVerilog it is made a keyword where only a type can be meant: where a name follows, or
 * brackets and then a name.
 */
export function promoteLogic(tokens: TokenBuffer, places: readonly number[]): void {
  const { kinds, texts, count } = tokens;
  for (const place of places) {
    let at = place + 1;
    while (texts[at] === '[' && kinds[at] === TokenKind.symbol) at = afterBracket(tokens, at);
    if (kinds[at] === TokenKind.keyword && (texts[at] === 'signed' || texts[at] === 'unsigned')) {
      kinds[place] = TokenKind.keyword;
      continue;
    }
    if (at >= count || kinds[at] !== TokenKind.identifier) continue;
    const before = texts[place - 1];
    const isInstance = at === place + 1 && texts[at + 1] === '(' && before !== 'function' && before !== 'automatic';
    if (!isInstance) kinds[place] = TokenKind.keyword;
  }
}

function afterBracket({ kinds, texts, count }: TokenBuffer, open: number): number {
  let depth = 0;
  for (let at = open; at < count; at++) {
    if (kinds[at] !== TokenKind.symbol) continue;
    if (texts[at] === '[') depth++;
    else if (texts[at] === ']' && --depth === 0) return at + 1;
    else if (texts[at] === ';') return count;
  }
  return count;
}
