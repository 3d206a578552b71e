/**
 * The source as it was written: the tree names tokens, the tokens know their places, so nothing of comments and formatting is
 * ever lost. An edit is a new text for a row of tokens.
 */
import type { Problem } from '../../core/result.ts';
import type { Node, SourceUnit } from '../syntax/ast.ts';
import type { SourceFileText, TokenStream } from '../syntax/tokens.ts';

/** Replaces the tokens from `first` to `last` (inclusive); with `last` = `first` - 1 inserts before `first`. */
export interface SourceEdit {
  first: number;
  last: number;
  text: string;
}

const CONDITIONAL =
  /`(?:ifdef|ifndef|elsif|else|endif|include|define|undef|undefineall|resetall|timescale|default_nettype)\b/;

function endOf(tokens: TokenStream, token: number): number {
  return tokens.offset[token]! + tokens.length[token]!;
}

/** The text of a node with all that stands inside it; of a node out of a macro: the use of the macro. Empty for an empty node. */
export function printNode(node: Node, tokens: TokenStream): string {
  if (node.last < node.first) return '';
  const file = tokens.file[node.first]!;
  // A node that ends in an included file: what of it stands in the file where it begins.
  let last = node.last;
  while (last > node.first && tokens.file[last] !== file) last--;
  return tokens.files[file]!.text.slice(tokens.offset[node.first]!, endOf(tokens, last));
}

/** The source of a unit: the text of its first file (or of `file`), put together from its items and what stands between them. */
export function printUnit(unit: SourceUnit, tokens: TokenStream, file = 0): string {
  const text = tokens.files[file]?.text ?? '';
  let result = '';
  let cursor = 0;
  for (const item of unit.items) {
    if (tokens.file[item.first] !== file || tokens.offset[item.first]! < cursor) continue;
    const written = printNode(item, tokens);
    result += text.slice(cursor, tokens.offset[item.first]!) + written;
    cursor = tokens.offset[item.first]! + written.length;
  }
  return result + text.slice(cursor);
}

/**
 * The files with edits applied; only those that change. What cannot be edited in the text (a part of a macro's expansion, a row
 * that an `ifdef interrupts, a row over two files, edits that overlap) is a problem, and then nothing is changed.
 */
export function editSource(
  tokens: TokenStream,
  edits: readonly SourceEdit[],
): { files: SourceFileText[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const spans: { file: number; from: number; to: number; text: string; edit: SourceEdit }[] = [];
  const refuse = (edit: SourceEdit, what: string): void => {
    const at = Math.min(edit.first, tokens.count - 1);
    problems.push({
      code: 'edit',
      severity: 'error',
      what,
      where: { file: tokens.files[tokens.file[at]!]!.path, line: tokens.line[at], column: tokens.column[at] },
    });
  };
  for (const edit of edits) {
    const insertion = edit.last < edit.first;
    const last = insertion ? edit.first : edit.last;
    const file = tokens.file[edit.first];
    if (file === undefined || tokens.file[last] !== file) {
      refuse(edit, 'An edit reaches over two files.');
      continue;
    }
    if (splitsMacro(tokens, edit.first, last, insertion)) {
      refuse(edit, 'What is to be changed is a part of what a macro stands for.');
      continue;
    }
    const from = tokens.offset[edit.first]!;
    const to = insertion ? from : endOf(tokens, last);
    if (!insertion && CONDITIONAL.test(codeBetween(tokens, edit.first, last))) {
      refuse(edit, 'A directive stands amid what is to be changed.');
      continue;
    }
    spans.push({ file, from, to, text: edit.text, edit });
  }
  spans.sort((x, y) => x.file - y.file || x.from - y.from || x.to - y.to);
  for (let i = 1; i < spans.length; i++) {
    const [before, after] = [spans[i - 1]!, spans[i]!];
    if (before.file === after.file && after.from < before.to) refuse(after.edit, 'Two edits change the same text.');
  }
  if (problems.length > 0) return { files: [], problems };
  const files: SourceFileText[] = [];
  for (let start = 0; start < spans.length; ) {
    const { file } = spans[start]!;
    const { path, text } = tokens.files[file]!;
    let result = '';
    let cursor = 0;
    for (; start < spans.length && spans[start]!.file === file; start++) {
      const span = spans[start]!;
      result += text.slice(cursor, span.from) + span.text;
      cursor = span.to;
    }
    files.push({ path, text: result + text.slice(cursor) });
  }
  return { files, problems };
}

/** Whether only a part of a macro's expansion lies between the tokens. */
function splitsMacro(tokens: TokenStream, first: number, last: number, insertion: boolean): boolean {
  const sameUse = (x: number, y: number): boolean =>
    tokens.fromMacro[x] === 1 &&
    tokens.fromMacro[y] === 1 &&
    tokens.file[x] === tokens.file[y] &&
    tokens.offset[x] === tokens.offset[y];
  if (first > 0 && sameUse(first - 1, first)) return true;
  return !insertion && last + 1 < tokens.count && sameUse(last, last + 1);
}

/** The text between the ends of a row of tokens without the tokens and comments in it: blanks and directives. */
function codeBetween(tokens: TokenStream, first: number, last: number): string {
  const file = tokens.file[first]!;
  const { text } = tokens.files[file]!;
  const from = tokens.offset[first]!;
  const to = endOf(tokens, last);
  const known: { from: number; to: number }[] = [];
  for (let i = first; i <= last; i++) {
    if (tokens.file[i] === file) known.push({ from: tokens.offset[i]!, to: endOf(tokens, i) });
  }
  for (const comment of tokens.comments) {
    if (comment.file === file && comment.offset >= from && comment.offset < to) {
      known.push({ from: comment.offset, to: comment.offset + comment.length });
    }
  }
  known.sort((x, y) => x.from - y.from);
  let result = '';
  let cursor = from;
  for (const span of known) {
    if (span.from > cursor) result += text.slice(cursor, span.from);
    cursor = Math.max(cursor, span.to);
  }
  return result + text.slice(cursor, to);
}
