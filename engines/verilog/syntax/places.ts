import type { TokenStream } from './tokens.ts';

/** Line and column after a token, 1-based, in the text it stands in. */
export function offsetEnd(tokens: TokenStream, token: number): { line: number; column: number } {
  const { text } = tokens.files[tokens.file[token]!]!;
  const from = tokens.offset[token]!;
  let line = tokens.line[token]!;
  let column = tokens.column[token]!;
  for (let at = from; at < from + tokens.length[token]!; at++) {
    if (text.charCodeAt(at) === 10) {
      line++;
      column = 1;
    } else column++;
  }
  return { line, column };
}
