/** Attributes: `(* full_case, keep = 1 *)` (IEEE 1364-2005 A.9.1). */
import type { Attribute } from './ast.ts';
import { expression } from './parse-expression.ts';
import { isAttributeStart, type ParseState } from './parse-state.ts';

/** Any number of attribute lists here; undefined where there is none. */
export function attributes(p: ParseState): Attribute[] | undefined {
  if (!isAttributeStart(p)) return undefined;
  const all: Attribute[] = [];
  while (isAttributeStart(p)) {
    const opening = p.take();
    if (p.tags[opening] === '(') p.take();
    do {
      const name = p.name('the name of an attribute');
      const value = p.accept('=') ? expression(p) : undefined;
      all.push({ name, value, first: name.first, last: p.before });
    } while (p.accept(','));
    if (!p.accept('*)')) {
      p.expect('*', 'at the end of the attributes');
      p.expect(')', 'at the end of the attributes');
    }
  }
  return all;
}
