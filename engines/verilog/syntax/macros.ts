/** Text macros (IEEE 1364-2005 19.3, IEEE 1800-2012 22.5): reading a definition, reading arguments, putting them in. */
import {
  isBlank,
  isInName,
  skipBlanks,
  skipComment,
  skipName,
  skipString,
  skipToBlank,
  startsName,
} from './characters.ts';
import type { MacroDefinition } from './tokens.ts';

/**
 * A part of a macro's body: text; the index of a parameter; the use of a macro that is joined to its neighbours; a quotation
 * mark (`` `" ``), of which each second one closes the string that the one before opens.
 */
export type Piece = string | number | { joined: string } | typeof QUOTE;
export const QUOTE = Symbol('quote');

export interface Macro {
  definition: MacroDefinition;
  pieces: Piece[];
  /** Uses that are being expanded now. */
  active: number;
  /** Given by the caller, not by the source. */
  predefined: boolean;
}

export type Parameters = { name: string; defaultText?: string }[];

export function makeMacro(definition: MacroDefinition, predefined = false): Macro {
  return { definition, pieces: compileBody(definition.body, definition.parameters ?? []), active: 0, predefined };
}

/**
 * The text of a definition's body that begins at `at`: to the end of the line, over lines that end in a backslash. Comments
 * are taken out. `end` is the offset of the line end.
 */
export function readBody(text: string, at: number): { body: string; end: number; openComment: boolean } {
  let body = '';
  let pos = at;
  let from = at;
  let openComment = false;
  while (pos < text.length) {
    const code = text.charCodeAt(pos);
    if (code === 10) break;
    if (code === 92) {
      const line = text.charCodeAt(pos + 1) === 13 ? pos + 2 : pos + 1;
      if (text.charCodeAt(line) === 10) {
        body += `${text.slice(from, pos)}\n`;
        pos = line + 1;
        from = pos;
      } else {
        pos++;
      }
    } else if (code === 96) {
      // A quote after a backtick opens no string.
      pos += text.startsWith('`\\`"', pos) ? 4 : text.charCodeAt(pos + 1) === 34 ? 2 : 1;
    } else if (code === 34) {
      pos = skipString(text, pos);
    } else if (code === 47 && text.charCodeAt(pos + 1) === 47) {
      body += text.slice(from, pos);
      pos = skipLineComment(text, pos);
      from = pos;
    } else if (code === 47 && text.charCodeAt(pos + 1) === 42) {
      const close = text.indexOf('*/', pos + 2);
      openComment ||= close === -1;
      body += `${text.slice(from, pos)} `;
      pos = close === -1 ? text.length : close + 2;
      from = pos;
    } else {
      pos++;
    }
  }
  body += text.slice(from, pos);
  return { body: body.trim(), end: pos, openComment };
}

/** To the end of the line, or to the backslash that continues it. */
function skipLineComment(text: string, at: number): number {
  let end = text.indexOf('\n', at);
  if (end === -1) return text.length;
  const line = end;
  if (text.charCodeAt(end - 1) === 13) end--;
  return text.charCodeAt(end - 1) === 92 ? end - 1 : line;
}

/**
 * Reads `(a, b = 1)`, whose bracket is at `at`. `end` is after the closing bracket. Undefined where it is not closed or no
 * list of names.
 */
export function readParameters(text: string, at: number): { parameters: Parameters; end: number } | undefined {
  const parameters: Parameters = [];
  let pos = skipGaps(text, at + 1);
  if (text.charCodeAt(pos) === 41) return { parameters, end: pos + 1 };
  for (;;) {
    const nameEnd = skipName(text, pos);
    if (nameEnd === pos) return undefined;
    const parameter: Parameters[number] = { name: text.slice(pos, nameEnd) };
    parameters.push(parameter);
    pos = skipGaps(text, nameEnd);
    if (text.charCodeAt(pos) === 61) {
      const read = readArgument(text, pos + 1);
      if (read === undefined) return undefined;
      parameter.defaultText = read.text.replace(/\\\r?\n/g, '\n').trim();
      pos = read.end;
    }
    const code = text.charCodeAt(pos);
    if (code === 41) return { parameters, end: pos + 1 };
    if (code !== 44) return undefined;
    pos = skipGaps(text, pos + 1);
  }
}

/** The offset after blanks, comments, line ends, and backslashes that continue a line. */
export function skipGaps(text: string, at: number): number {
  let pos = at;
  for (;;) {
    pos = skipBlanks(text, pos, true);
    const code = text.charCodeAt(pos);
    if (code === 92 && /^\\\r?\n/.test(text.slice(pos, pos + 3))) pos++;
    else if (code === 47) {
      const end = skipComment(text, pos);
      if (end === pos) return pos;
      pos = end;
    } else return pos;
  }
}

/** Reads the arguments of a use, whose bracket is at `at`. Undefined where the bracket is not closed. */
export function readArguments(text: string, at: number): { args: string[]; end: number } | undefined {
  const args: string[] = [];
  let pos = at + 1;
  for (;;) {
    const read = readArgument(text, pos);
    if (read === undefined) return undefined;
    args.push(read.text);
    pos = read.end + 1;
    if (text.charCodeAt(read.end) === 41) return { args, end: pos };
  }
}

/** Text up to a comma or closing bracket outside of brackets and strings; comments become blanks. */
function readArgument(text: string, at: number): { text: string; end: number } | undefined {
  let out = '';
  let from = at;
  let depth = 0;
  let pos = at;
  let escapedEnd = -1;
  const finish = (end: number) => {
    const argument = (out + text.slice(from, end)).trim();
    // An escaped name ends with a blank, which is a part of it.
    return { text: escapedEnd !== -1 && skipGaps(text, escapedEnd) === end ? `${argument} ` : argument, end };
  };
  while (pos < text.length) {
    const code = text.charCodeAt(pos);
    switch (code) {
      case 40: // (
      case 91: // [
      case 123: // {
        depth++;
        pos++;
        break;
      case 41: // )
      case 93: // ]
      case 125: // }
        if (depth === 0 && code === 41) return finish(pos);
        if (depth > 0) depth--;
        pos++;
        break;
      case 44: // ,
        if (depth === 0) return finish(pos);
        pos++;
        break;
      case 34: // "
        pos = skipString(text, pos);
        break;
      case 92: // an escaped name
        pos = isBlank(text.charCodeAt(pos + 1)) ? pos + 1 : skipToBlank(text, pos);
        escapedEnd = pos;
        break;
      case 96: // a quote after a backtick opens no string
        pos += text.charCodeAt(pos + 1) === 34 ? 2 : 1;
        break;
      case 47: {
        const end = skipComment(text, pos);
        if (end > pos) {
          out += `${text.slice(from, pos)} `;
          from = end;
          pos = end;
        } else pos++;
        break;
      }
      default:
        pos++;
    }
  }
  return undefined;
}

/** Divides a body where its parameters stand, and resolves what backticks say about tokens and quotes. */
function compileBody(body: string, parameters: Parameters): Piece[] {
  const indices = new Map(parameters.map(({ name }, index) => [name, index]));
  const pieces: Piece[] = [];
  let fixed = '';
  let from = 0;
  let pos = 0;
  /** Puts out the text up to `pos`, then `piece`, and goes on `length` characters on. */
  const cut = (piece: Piece | undefined, length: number) => {
    fixed += body.slice(from, pos);
    pos += length;
    from = pos;
    if (typeof piece === 'string') fixed += piece;
    else if (piece !== undefined) {
      if (fixed !== '') pieces.push(fixed);
      fixed = '';
      pieces.push(piece);
    }
  };
  let afterPaste = -1;
  while (pos < body.length) {
    const code = body.charCodeAt(pos);
    if (code === 34) {
      pos = skipString(body, pos);
    } else if (code === 96) {
      const next = body.charCodeAt(pos + 1);
      const name = body.slice(pos + 1, skipName(body, pos + 1));
      if (next === 34) cut(QUOTE, 2);
      else if (body.startsWith('`\\`"', pos)) cut('\\"', 4);
      else if (body.startsWith('```', pos) && !startsPaste(body, pos + 3)) {
        const joined = body.slice(pos + 3, skipName(body, pos + 3));
        const isUse = joined !== '' && !indices.has(joined);
        cut(isUse ? { joined } : '`', isUse ? 3 + joined.length : 3);
      } else if (next === 96) {
        cut(undefined, 2);
        afterPaste = pos;
      } else if (name !== '' && (pos === afterPaste || startsPaste(body, pos + 1 + name.length))) {
        cut({ joined: name }, 1 + name.length);
      } else pos += 1 + name.length;
    } else if (startsName(code)) {
      const end = skipName(body, pos);
      const index = indices.get(body.slice(pos, end));
      if (index === undefined) pos = end;
      else cut(index, end - pos);
    } else if ((code >= 48 && code <= 57) || code === 36) {
      pos++;
      while (isInName(body.charCodeAt(pos))) pos++;
    } else if (code === 39 && /^'[sS]?[bBoOdDhH]/.test(body.slice(pos, pos + 3))) {
      pos++;
      while (isInName(body.charCodeAt(pos))) pos++;
    } else if (code === 92 && !isBlank(body.charCodeAt(pos + 1))) {
      const end = skipToBlank(body, pos);
      const paste = body.indexOf('`', pos);
      pos = paste !== -1 && paste < end ? paste : end;
    } else {
      pos++;
    }
  }
  cut(undefined, 0);
  if (fixed !== '') pieces.push(fixed);
  return pieces;
}

function startsPaste(body: string, at: number): boolean {
  return body.charCodeAt(at) === 96 && body.charCodeAt(at + 1) === 96;
}

/** What putting a macro together asks of its surroundings. */
export interface Expander {
  /** An argument with the macros in it expanded; what is not defined stays. */
  expandArgument(text: string): string;
  /** The same for a part of the macro's body, where it must not be used itself. */
  expandBody(text: string): string;
  isDefined(name: string): boolean;
  /** Whether it stands for its text without arguments. */
  isPlain(name: string): boolean;
}

/**
 * The body with the arguments in place, one for each parameter. The macros in it stay as they are, to be expanded when the
 * text is read, but where tokens or strings are made of them.
 */
export function substitute(macro: Macro, args: readonly string[], expander: Expander): string {
  const { pieces } = macro;
  if (pieces.length === 1 && typeof pieces[0] === 'string') return pieces[0];
  const expanded: (string | undefined)[] = [];
  let text = '';
  let quoted: string | undefined;
  for (const piece of pieces) {
    if (piece === QUOTE) {
      if (quoted === undefined) {
        quoted = text;
        text = '';
      } else {
        text = `${quoted}"${quote(expander.expandBody(text))}"`;
        quoted = undefined;
      }
    } else if (typeof piece === 'string') text += piece;
    else if (typeof piece === 'number') {
      expanded[piece] ??= expander.expandArgument(args[piece]!);
      text += joinsName(text, expanded[piece], expander) ? args[piece]! : expanded[piece];
    } else {
      const use = `\`${piece.joined}`;
      const meant = expander.isPlain(piece.joined) ? expander.expandBody(use) : use;
      text += joinsName(text, meant, expander) ? use : meant;
    }
  }
  return quoted === undefined ? text : `${quoted}"${text}`;
}

/** Text as it stands in a string: on one line, its quotation marks escaped. */
function quote(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/\\[\s\S]|"/g, (found) => (found === '"' ? '\\"' : found));
}

/** Whether `text` ends in the use of a macro that `next` would make the use of another one, which there is not. */
function joinsName(text: string, next: string, { isDefined }: Expander): boolean {
  const tail = /`([A-Za-z_][\w$]*)$/.exec(text)?.[1];
  if (tail === undefined) return false;
  const head = /^[\w$]+/.exec(next)?.[0];
  return head !== undefined && !isDefined(tail + head);
}
