/** Going through the syntax tree without knowing its kinds of nodes. */
import type { Node, SourceUnit } from './ast.ts';
import type { TokenStream } from './tokens.ts';

/** A node as found by walking: most have a kind (a name, a delay, an argument have none). */
export type AnyNode = Node & { kind?: string };

function isNode(value: object): value is AnyNode {
  return typeof (value as Partial<Node>).first === 'number' && typeof (value as Partial<Node>).last === 'number';
}

function gather(value: unknown, into: AnyNode[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) gather(item, into);
  } else if (isNode(value)) into.push(value);
  else for (const item of Object.values(value)) gather(item, into);
}

/**
 * The nodes directly below a node, in the order of the text. Ports of a header that inherit a type share its node: it is
 * then a child of each.
 */
export function children(node: Node): AnyNode[] {
  const all: AnyNode[] = [];
  for (const value of Object.values(node)) gather(value, all);
  for (let i = 1; i < all.length; i++) {
    if (all[i]!.first < all[i - 1]!.first) return all.sort((x, y) => x.first - y.first);
  }
  return all;
}

/**
 * Visits a node and all below it, parents first, in the order of the text. `visit` answers false to leave out what is
 * below. Deep trees need no stack.
 */
export function walk(root: Node, visit: (node: AnyNode, parent: AnyNode | undefined) => unknown): void {
  const stack: { node: AnyNode; parent: AnyNode | undefined }[] = [{ node: root, parent: undefined }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (visit(top.node, top.parent) === false) continue;
    const below = children(top.node);
    for (let i = below.length - 1; i >= 0; i--) stack.push({ node: below[i]!, parent: top.node });
  }
}

/** The nodes around a token, the outermost first. */
export function nodesAt(unit: SourceUnit, token: number): AnyNode[] {
  const path: AnyNode[] = [];
  let node: AnyNode | undefined = unit;
  while (node) {
    path.push(node);
    node = children(node).find((child) => child.first <= token && token <= child.last);
  }
  return path;
}

/**
 * The token at an offset of a file's text, or the one before it where it stands between two. Undefined where the file has none
 * before it. Tokens of a macro's expansion: the first of them.
 */
export function tokenAt(tokens: TokenStream, file: number, offset: number): number | undefined {
  let found: number | undefined;
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.file[i] !== file || tokens.offset[i]! > offset) continue;
    if (found === undefined || tokens.offset[i]! > tokens.offset[found]!) found = i;
  }
  return found;
}
