/** What a cell of a Yosys netlist is to the figures. */
export type CellKind = 'logic' | 'flip-flop' | 'latch' | 'memory' | 'other' | 'instance';

const FLIP_FLOP = /^\$(?:_(?:S?DFF|ALDFF|DFFSR|FF)|ff$|(?:a|s|al)?dff|dffe|dffsr|_SDFFCE)/;
const LATCH = /^\$(?:_(?:DLATCH|SR_)|a?dlatch|dlatchsr|sr$)/;
const MEMORY = /^\$mem(?:_v2)?$/;
/** Parts of a memory before they are collected, and cells that are no hardware. */
const OTHER =
  /^\$(?:scopeinfo|mem(?:rd|wr|init)(?:_v2)?|print|check|assert|assume|live|fair|cover|initstate|anyconst|anyseq|allconst|allseq|anyinit|specify.*|set_tag|get_tag|overwrite_tag|original_tag|future_ff|input_port|connect)$/;

/** Kind of a cell by its type; types that begin with no `$` are modules. */
export function kindOf(type: string): CellKind {
  if (!type.startsWith('$') || type.startsWith('$paramod') || type.startsWith('$array')) return 'instance';
  if (FLIP_FLOP.test(type)) return 'flip-flop';
  if (LATCH.test(type)) return 'latch';
  if (MEMORY.test(type)) return 'memory';
  if (OTHER.test(type)) return 'other';
  return 'logic';
}

/** Whether the cell counts as one: `$scopeinfo` only remembers a flattened instance's name. */
export function counts(type: string): boolean {
  return type !== '$scopeinfo' && kindOf(type) !== 'instance';
}
