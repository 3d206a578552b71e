/** Blocks and lists of statements (IEEE 1364-2005 A.6.3). */
import type { BlockStmt, Name, Stmt } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { blockDecl, isBlockDecl } from './parse-declaration.ts';
import { isAttributeStart, type ParseState, syntaxFailure } from './parse-state.ts';
import { statement } from './parse-statement.ts';

/**
 * Statements up to (without) the word `end`, or up to a word that shows that it is missing. Declarations here are
 * reported and kept.
 */
export function statementList(p: ParseState, end: string, also?: string, third?: string): Stmt[] {
  const list: Stmt[] = [];
  for (;;) {
    const tag = p.tag;
    if (tag === end || tag === also || tag === third || p.isItemStop() || LIST_STOPS.has(tag)) return list;
    // The next item of a case around this block.
    if (p.cases > 0 && (tag === '$number' || tag === 'default')) return list;
    const start = p.pos;
    if (isBlockDecl(p)) {
      list.push(lateDecl(p));
    } else if (tag === 'else') {
      p.report(
        'syntax',
        "Syntax error: this 'else' belongs to no 'if'.",
        start,
        "Is an 'end' or a ';' too much before it?",
      );
      p.take();
      list.push(statement(p));
    } else list.push(statement(p));
    if (p.pos === start) {
      p.take();
      if (p.pos === start) return list;
    }
  }
}

export const LIST_STOPS = new Set(['end', 'join', 'join_any', 'join_none', 'endcase', 'endfunction', 'endtask']);

function lateDecl(p: ParseState): Stmt {
  const start = p.pos;
  const depth = p.depth;
  try {
    const decl = blockDecl(p);
    p.report(
      'late-declaration',
      'A declaration stands after a statement.',
      start,
      'Move it to the start of the block, or begin a block of its own.',
    );
    if (decl.kind === 'import') return { kind: 'error', first: start, last: p.before };
    return { kind: 'decl', decl, first: start, last: p.before };
  } catch (failure) {
    if (failure !== syntaxFailure) throw failure;
    p.depth = depth;
    p.recover(start, true);
    return { kind: 'error', first: start, last: Math.max(start, p.before) };
  }
}

function blockDecls(p: ParseState, named: boolean): BlockStmt['decls'] {
  const decls: BlockStmt['decls'] = [];
  for (;;) {
    const start = p.pos;
    const depth = p.depth;
    try {
      if (isAttributeStart(p)) attributes(p);
      if (!isBlockDecl(p)) {
        p.pos = start;
        return decls;
      }
      if (!named && decls.length === 0) p.needSv('A declaration in a block without a name');
      decls.push(blockDecl(p));
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.depth = depth;
      p.recover(start, true);
    }
  }
}

export function block(p: ParseState, label?: Name): BlockStmt {
  const first = p.take();
  const name = p.accept(':') ? p.name('the name of the block') : label;
  const decls = blockDecls(p, name !== undefined);
  const body = statementList(p, 'end');
  if (p.at('end')) p.take();
  else missingEnd(p, 'end', first);
  p.endName(name, 'block');
  return { kind: 'block', name, decls, body, first, last: p.before };
}

export function forkBlock(p: ParseState, label?: Name): BlockStmt {
  const first = p.take();
  const name = p.accept(':') ? p.name('the name of the block') : label;
  const decls = blockDecls(p, name !== undefined);
  const body = statementList(p, 'join', 'join_any', 'join_none');
  const tag = p.tag;
  const closed = tag === 'join' || tag === 'join_any' || tag === 'join_none';
  if (closed) p.take();
  else missingEnd(p, 'join', first);
  p.endName(name, 'fork');
  return { kind: 'block', fork: closed ? tag : 'join', name, decls, body, first, last: p.before };
}

/** The end of a block is not there: said, and the block is taken to end here. */
export function missingEnd(p: ParseState, word: string, opening: number): void {
  p.missing(`'${word}'`, `for the '${p.texts[opening]}' in line ${p.place(opening).line}`);
}
