import type { Place } from '../core/result.ts';

export interface MessageContext {
  /** The user's path of a name that Yosys printed. */
  userPath(name: string): string;
  /** The text of a user's file, to find places that Yosys does not give. */
  text?(path: string): string | undefined;
  /** The user's paths, in order. */
  paths?: readonly string[];
}

/** Yosys writes blanks and other bytes of a file's name as `$20` within its own names. */
export function unescapeName(name: string): string {
  return name.replaceAll(/\$([0-9a-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** "$not$a$20b/top.v:3$2_Y" names its place. */
export function placeInName(name: string, context: MessageContext): Place | undefined {
  const match = /^\$[a-z_]+\$(.*):(\d+)\$\d+/.exec(name);
  if (!match || Number(match[2]) === 0) return undefined;
  return { file: context.userPath(unescapeName(match[1] ?? '')), line: Number(match[2]) };
}

/** A place that a message names in its text. */
export function placeInText(text: string, context: MessageContext): Place | undefined {
  for (const path of context.paths ?? []) {
    const match = new RegExp(`${escaped(path)}:(\\d+)(?:\\.(\\d+))?`).exec(text);
    if (match && Number(match[1]) > 0) {
      return { file: path, line: Number(match[1]), column: match[2] === undefined ? undefined : Number(match[2]) };
    }
  }
  return undefined;
}

export function declaration(context: MessageContext, net: string): Place | undefined {
  const name = net.replace(/^\\/, '').replace(/ \[.*$/, '');
  if (name.startsWith('$')) return undefined;
  return (
    find(context, new RegExp(`\\b(?:input|output|inout|wire|reg|logic|tri)\\b[^;]*?\\b${escaped(name)}\\b`), name) ??
    find(context, new RegExp(`\\b${escaped(name)}\\b`))
  );
}

export function instancePattern(module: string, cell: string): RegExp {
  return new RegExp(`\\b${escaped(module)}\\b[^;]*?\\b${escaped(cell)}\\b\\s*(?:\\[[^\\]]*\\]\\s*)?\\(`);
}

export function assignmentPattern(keyword: string, module: string, signal: string): RegExp {
  return new RegExp(
    `\\bmodule\\s+${escaped(module)}\\b(?:(?!\\bendmodule\\b)[\\s\\S])*?\\b${keyword}\\b(?:(?!\\balways|\\bendmodule\\b)[\\s\\S])*?\\b${escaped(signal)}\\b\\s*(?:\\[[^\\]]*\\]\\s*)*<?=(?!=)`,
  );
}

/**
 * The first match of a pattern in the sources, comments left out; the place of `word` within it when given, else of its
 * end for patterns that span lines (the assignment itself), else of its start.
 */
export function find(context: MessageContext, pattern: RegExp, word?: string): Place | undefined {
  for (const path of context.paths ?? []) {
    const text = context.text?.(path);
    if (text === undefined || text.length > 1_000_000) continue;
    const match = pattern.exec(blankComments(text));
    if (!match) continue;
    let at = match.index;
    const inner = word === undefined ? -1 : match[0].lastIndexOf(word);
    if (inner !== -1) at += inner;
    else if (match[0].startsWith('module')) at += match[0].search(/\S+\s*(?:\[[^\]]*\]\s*)*<?=?$/);
    const before = text.slice(0, at);
    const line = before.split('\n').length;
    return { file: path, line, column: at - before.lastIndexOf('\n') };
  }
  return undefined;
}

function blankComments(text: string): string {
  return text.replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '));
}

export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
