/** Words and brackets by which the parser finds its way after an error. */
import { type Generation, TokenKind } from './tokens.ts';

export const CLASS_TAGS: Record<number, string> = {
  [TokenKind.identifier]: '$identifier',
  [TokenKind.system]: '$system',
  [TokenKind.number]: '$number',
  [TokenKind.real]: '$real',
  [TokenKind.time]: '$time',
  [TokenKind.string]: '$string',
  [TokenKind.end]: '$end',
};

/** Expressions, statements and items nested deeper than this are refused: the stack must hold. */
export const MAX_DEPTH = 400;

export const MAX_PROBLEMS = 100;

export const OPENING: Record<string, string> = {
  '(': ')',
  '[': ']',
  '{': '}',
  "'{": '}',
  "'(": ')',
  '(*': '*)',
};

export const CLOSING = new Set([')', ']', '}', '*)']);

/** Words that no statement or item before them can contain: recovery never passes them. */
export const HARD_STOPS = new Set([
  '$end',
  'endmodule',
  'endinterface',
  'endprogram',
  'endpackage',
  'endprimitive',
  'module',
  'macromodule',
  'package',
  'primitive',
]);

/** Words that begin or end an item; a statement's recovery stops before them. */
export const ITEM_STOPS = new Set([
  'always',
  'always_comb',
  'always_ff',
  'always_latch',
  'initial',
  'final',
  'generate',
  'endgenerate',
  'function',
  'endfunction',
  'task',
  'endtask',
  'specify',
  'endspecify',
  'table',
  'endtable',
  'genvar',
  'defparam',
  'interface',
  'program',
  'class',
  'endclass',
]);

export const STATEMENT_STOPS = new Set([
  'begin',
  'end',
  'fork',
  'join',
  'join_any',
  'join_none',
  'if',
  'else',
  'case',
  'casez',
  'casex',
  'endcase',
  'for',
  'foreach',
  'while',
  'repeat',
  'forever',
  'do',
  'wait',
  'disable',
  'force',
  'release',
  'return',
  'break',
  'continue',
]);

export const DECLARATION_STOPS = new Set([
  'wire',
  'reg',
  'logic',
  'integer',
  'parameter',
  'localparam',
  'assign',
  'typedef',
  'input',
  'output',
  'inout',
]);

export const GENERATION_NAMES: Record<Generation, string> = {
  '1995': 'Verilog-1995',
  '2001-noconfig': 'Verilog-2001',
  '2001': 'Verilog-2001',
  '2005': 'Verilog-2005',
  '2005-sv': 'SystemVerilog-2005',
  '2009': 'SystemVerilog-2009',
  '2012': 'SystemVerilog-2012',
};
