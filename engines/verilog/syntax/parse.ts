/** The parser: tokens of a compilation unit to its syntax tree. */
import type { Problem } from '../../core/result.ts';
import type { SourceUnit } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { item } from './parse-item.ts';
import { depthFailure, type ParseOptions, ParseState, syntaxFailure } from './parse-state.ts';
import { primitiveDecl } from './parse-udp.ts';
import type { TokenStream } from './tokens.ts';

export type { ParseOptions } from './parse-state.ts';

/** Words of items that without a module around them are SystemVerilog's, or nobody's. */
const UNIT_WORDS = new Set(['module', 'macromodule', 'primitive', 'config', 'library', 'include', '(*', '(', ';']);

const UNIT_STARTS = new Set([
  'module',
  'macromodule',
  'primitive',
  'package',
  'interface',
  'program',
  'config',
  'class',
]);

const UNIT_ENDS = new Set(['endmodule', 'endprimitive', 'endpackage', 'endinterface', 'endprogram', 'endclass']);

/**
 * Parses a compilation unit. After a syntax error the rest is read on: from the next statement, item or module, so
 * that independent errors are all reported. Never throws on any tokens.
 */
export function parse(tokens: TokenStream, options: ParseOptions = {}): { unit: SourceUnit; problems: Problem[] } {
  const p = new ParseState(tokens, options);
  const unit: SourceUnit = { items: [], first: 0, last: Math.max(0, tokens.count - 1) };
  while (!p.at('$end')) {
    const start = p.pos;
    try {
      if (!UNIT_WORDS.has(p.tag) && !p.isSv()) outsideOfModules(p);
      const primitive = primitiveAhead(p);
      if (primitive) unit.items.push(primitive);
      else unit.items.push(item(p, 'unit'));
    } catch (failure) {
      if (failure !== syntaxFailure && failure !== depthFailure) throw failure;
      p.depth = 0;
      skipToUnitItem(p, start);
    }
    if (p.pos === start) p.take();
  }
  return { unit, problems: p.problems };
}

function primitiveAhead(p: ParseState): ReturnType<typeof primitiveDecl> | undefined {
  const start = p.pos;
  if (p.at('(*') || p.at('(')) attributes(p);
  if (p.at('primitive')) return primitiveDecl(p);
  p.pos = start;
  return undefined;
}

/** In Verilog everything stands in a module. */
function outsideOfModules(p: ParseState): void {
  switch (p.tag) {
    case 'parameter':
    case 'localparam':
    case 'function':
    case 'task':
    case 'wire':
    case 'reg':
    case 'integer':
    case 'real':
    case 'time':
    case 'event':
    case 'realtime':
      p.needSv(`A declaration outside of modules ('${p.tag}')`);
      throw syntaxFailure;
    default:
  }
}

/** After an error outside of modules: past the end of the module whose head it may have been, or to the next one. */
function skipToUnitItem(p: ParseState, start: number): void {
  if (p.pos === start) p.take();
  while (!p.at('$end') && !UNIT_STARTS.has(p.tag)) {
    const ended = UNIT_ENDS.has(p.tag);
    p.take();
    if (!ended) continue;
    if (p.accept(':')) p.accept('$identifier');
    return;
  }
}
