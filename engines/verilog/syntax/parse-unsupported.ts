/** What is not supported is skipped whole, to its matching end, and reported with what it is. */
import type { UnsupportedItem } from './ast.ts';
import type { ParseState } from './parse-state.ts';

/** The word that ends what each word begins. */
const ENDS: Record<string, string> = {
  class: 'endclass',
  covergroup: 'endgroup',
  property: 'endproperty',
  sequence: 'endsequence',
  clocking: 'endclocking',
  checker: 'endchecker',
  config: 'endconfig',
};

const NAMES: Record<string, string> = {
  class: 'Classes are',
  covergroup: 'Covergroups are',
  property: 'Properties (concurrent assertions) are',
  sequence: 'Sequences (concurrent assertions) are',
  clocking: 'Clocking blocks are',
  checker: 'Checkers are',
  config: 'Configurations are',
  bind: "'bind' is",
  let: "'let' is",
  dpi: 'Functions of other languages (import or export "DPI-C") are',
  nettype: "'nettype' is",
  extern: "'extern' is",
  disable: "'default disable iff' is",
  constraint: 'Constraints are',
  library: 'Libraries are',
};

/** What begins here, if it is something that is not supported: a key for `unsupported`. */
export function unsupportedHere(p: ParseState): string | undefined {
  switch (p.tag) {
    case 'class':
    case 'covergroup':
    case 'property':
    case 'sequence':
    case 'clocking':
    case 'checker':
    case 'config':
    case 'bind':
    case 'let':
    case 'nettype':
    case 'extern':
    case 'constraint':
    case 'library':
      return p.tag;
    case 'virtual':
      return p.peek(1) === 'class' ? 'class' : undefined;
    case 'interface':
      return p.peek(1) === 'class' ? 'class' : undefined;
    case 'import':
    case 'export':
      return p.peek(1) === '$string' ? 'dpi' : undefined;
    case 'global':
      return 'clocking';
    case 'default':
      return p.peek(1) === 'clocking' ? 'clocking' : p.peek(1) === 'disable' ? 'disable' : undefined;
    default:
      return undefined;
  }
}

export function unsupported(p: ParseState, key: string): UnsupportedItem {
  const first = p.pos;
  p.notSupported(NAMES[key]!, first);
  const end = ENDS[key];
  if (end === undefined || (key === 'clocking' && !hasBody(p))) skipTo(p, ';');
  else {
    skipNested(p, key, end);
    if (p.at(':') && (p.peek(1) === '$identifier' || p.peek(1) === 'new')) {
      p.take();
      p.take();
    }
  }
  return { kind: 'unsupported', what: NAMES[key]!.replace(/ (?:is|are)$/, ''), first, last: Math.max(first, p.before) };
}

/** `default clocking name;` has no body. */
function hasBody(p: ParseState): boolean {
  let at = p.pos;
  while (p.tags[at] !== 'clocking') at++;
  return !(p.tags[at + 1] === '$identifier' && p.tags[at + 2] === ';' && p.tags[p.pos] === 'default');
}

function skipTo(p: ParseState, end: string): void {
  while (!p.at(end) && !p.isHardStop()) p.take();
  if (p.at(end)) p.take();
}

function skipNested(p: ParseState, word: string, end: string): void {
  let depth = 0;
  let before = '';
  while (!p.at('$end')) {
    const tag = p.tag;
    p.take();
    // `typedef class c;` and `cover property (...)` begin nothing.
    if (tag === word && before !== 'typedef' && before !== 'assert' && before !== 'assume' && before !== 'cover')
      depth++;
    else if (tag === end && --depth <= 0) return;
    before = tag;
  }
}
