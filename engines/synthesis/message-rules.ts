import type { Place, Severity } from '../core/result.ts';
import {
  assignmentPattern,
  declaration,
  escaped,
  find,
  instancePattern,
  type MessageContext,
  placeInName,
  unescapeName,
} from './message-places.ts';

/** A message as Yosys prints it. */
export interface RawMessage {
  severity: Severity;
  text: string;
  where?: Place;
  /** Lines that belong to the message (a loop's cells, a net's drivers). */
  details: string[];
}

/** What the studio makes of a message. */
export interface MessageRule {
  code: string;
  severity?: Severity;
  pattern: RegExp;
  what?(match: RegExpExecArray): string;
  remedy?: string | ((match: RegExpExecArray) => string);
  /** Finds a place where Yosys gives none. */
  locate?(match: RegExpExecArray, context: MessageContext, raw: RawMessage): Place | undefined;
}

/** Messages of Yosys 0.55 that have a better wording, a remedy, or a place to be found. */
export const RULES: MessageRule[] = [
  {
    code: 'syntax-error',
    pattern: /^syntax error, unexpected (.*?)(?:, expecting (.*))?$/,
    what: ([, found = '', expected]) =>
      `Syntax error: ${tokens(found)} is not expected here${expected ? `; ${tokens(expected)} should follow` : ''}.`,
    remedy: ([, found = '']) =>
      found === 'end of file'
        ? 'Look for a missing endmodule, end or closing bracket.'
        : 'Look at this line and the end of the one before: often a semicolon, comma, bracket or keyword is missing there.',
    locate: (match, context, raw) => {
      if (match[1] !== 'end of file' || raw.where?.file === undefined) return raw.where;
      const text = context.text?.(raw.where.file);
      return text === undefined ? raw.where : { file: raw.where.file, line: text.trimEnd().split('\n').length };
    },
  },
  {
    code: 'missing-module',
    pattern: /^Module `\\?(.*)' referenced in module `\\?(.*)' in cell `\\?(.*)' is not part of the design\.$/,
    what: ([, name, parent, cell]) =>
      `The module ${name}, used by ${cell} in ${plain(parent)}, is in none of the files.`,
    remedy: ([, name]) => `Add the file that defines ${name}, or correct the name.`,
    locate: ([, name = '', , cell = ''], context) => find(context, instancePattern(name, cell)),
  },
  {
    code: 'missing-port',
    pattern: /^Module `\\?(.*)' referenced in module `\\?(.*)' in cell `\\?(.*)' does not have a port named '(.*)'\.$/,
    what: ([, name, parent, cell, port]) =>
      `The module ${plain(name)} has no port ${port}, which ${cell} in ${plain(parent)} connects.`,
    remedy: ([, name]) => `Correct the port's name, or add the port to ${plain(name)}.`,
    locate: ([, name = '', , cell = ''], context) => find(context, instancePattern(plain(name), cell)),
  },
  {
    code: 'missing-include',
    pattern: /^Can't open include file `(.*)'!$/,
    what: ([, name]) => `The include file '${name}' is not among the files.`,
    remedy: 'Add the file, or name its folder under include directories.',
    locate: ([, name = ''], context) => find(context, new RegExp(`\`include\\s+"${escaped(name)}"`)),
  },
  {
    code: 'no-such-top',
    pattern: /^Module `\\?(.*)' not found!$/,
    what: ([, name]) => `There is no module ${name} in the files.`,
    remedy: 'Choose one of the modules as the top.',
    locate: () => ({ path: 'slices.rtl.top' }),
  },
  {
    code: 'no-top',
    pattern: /^Design has no top module/,
    what: () => 'The files hold no module that could be the top.',
    remedy: 'Add a module.',
  },
  {
    code: 'unknown-parameter',
    pattern: /^Can't find object for defparam `(.*)'!$/,
    what: ([, name]) => `The top module has no parameter ${name}.`,
    remedy: 'Remove the override or correct its name.',
    locate: ([, name]) => ({ path: `slices.rtl.parameters.${name}` }),
  },
  {
    code: 'undefined-macro',
    pattern: /^Unimplemented compiler directive or undefined macro `(.*)\.$/,
    what: ([, name]) => `The macro \`${name} is not defined.`,
    remedy: ([, name]) => `Define it with \`define ${name}, include the file that does, or add it under defines.`,
  },
  {
    code: 'duplicate-module',
    pattern: /^Re-definition of module `\\?(.*)'!$/,
    what: ([, name]) => `The module ${name} is defined twice.`,
    remedy: 'Remove or rename one of the definitions; files that are included need not be compiled as well.',
  },
  {
    code: 'implicit-wire',
    pattern: /^Identifier `\\?(.*)' is implicitly declared and `default_nettype is set to none\.$/,
    what: ([, name]) => `${name} is not declared.`,
    remedy: ([, name]) => `Declare it (wire ${name};) or correct its name.`,
  },
  {
    code: 'implicit-wire',
    pattern: /^Identifier `\\?(.*)' is implicitly declared\.$/,
    what: ([, name]) => `${name} is not declared and becomes a wire of one bit.`,
    remedy: ([, name]) => `Declare it (wire ${name};) or correct its name.`,
  },
  {
    code: 'latch-in-always-comb',
    pattern: /^Latch inferred for signal `\\?(.*)\.\\?(.*)' from always_comb process `.*'\.?$/,
    what: ([, module, signal]) =>
      `always_comb must not infer a latch, but ${signal} in ${plain(module)} keeps its value on some path.`,
    remedy: 'Give it a value on every path: a default at the start of the block, or an else.',
    locate: ([, module = '', signal = ''], context) =>
      find(context, assignmentPattern('always_comb', plain(module), signal)),
  },
  {
    code: 'no-latch-in-always-latch',
    pattern: /^No latch inferred for signal `\\?(.*)\.\\?(.*)' from always_latch process `.*'\.?$/,
    what: ([, module, signal]) =>
      `always_latch infers no latch for ${signal} in ${plain(module)}: it has a value on every path.`,
    remedy: 'Use always_comb, or leave a path on which it keeps its value.',
    locate: ([, module = '', signal = ''], context) =>
      find(context, assignmentPattern('always_latch', plain(module), signal)),
  },
  {
    code: 'latch-inferred',
    severity: 'warning',
    pattern: /^Latch inferred for signal `\\?(.*)\.\\?(.*)' from process `.*\$proc\$(.*):(\d+)\$\d+': .*$/,
    what: ([, module, signal]) =>
      `A latch is inferred for ${signal} in ${plain(module)}: on some path it keeps its value.`,
    remedy:
      'Give it a value on every path (a default at the start of the block, or an else) unless the latch is meant.',
    locate: ([, , , file = '', line], context) => ({ file: context.userPath(unescapeName(file)), line: Number(line) }),
  },
  {
    code: 'combinational-loop',
    pattern: /^found logic loop in module (.*):$/,
    what: ([, module]) => `Logic in ${plain(module)} feeds back on itself without a register between.`,
    remedy: 'Break the loop with a register, or correct the assignment that closes it.',
    locate: (_match, context, raw) => {
      for (const detail of raw.details) {
        const at = /source: (.*?):(\d+)\.(\d+)/.exec(detail);
        if (at) return { file: context.userPath(at[1] ?? ''), line: Number(at[2]), column: Number(at[3]) };
      }
      return undefined;
    },
  },
  {
    code: 'several-drivers',
    pattern: /^multiple conflicting drivers for (.*?)\.(.*):$/,
    what: ([, module, net]) => `${netName(net)} in ${plain(module)} has several drivers that can disagree.`,
    remedy: 'Drive each net from one assignment or one always block.',
    locate: (match, context) => placeInName(match[2] ?? '', context) ?? declaration(context, match[2] ?? ''),
  },
  {
    code: 'undriven',
    pattern: /^Wire (.*?)\.\\?(.*) is used but has no driver\.$/,
    what: ([, module, net]) => `${netName(net)} in ${plain(module)} is used, but nothing drives it.`,
    remedy: 'Assign it, connect it, or remove it.',
    locate: ([, , net = ''], context) => declaration(context, net),
  },
  {
    code: 'port-width',
    pattern: /^Resizing cell port (.*)\.(.*)\.(.*) from (\d+) bits to (\d+) bits\.$/,
    what: ([, module, cell, port, from, to]) =>
      `${cell}.${port} in ${plain(module)} is connected to ${from} bits, but the port has ${to}.`,
    remedy: 'Match the widths; missing bits are filled up, extra bits are cut off.',
    locate: ([, , cell = ''], context) => find(context, new RegExp(`\\b${escaped(cell)}\\b\\s*\\(`)),
  },
  {
    code: 'assigned-in-block',
    pattern: /^wire '\\?(.*)' is assigned in a block at (.*):(\d+)\.(\d+)-(\d+)\.(\d+)\.$/,
    what: ([, name]) => `${name} is assigned in an always block but declared as a wire.`,
    remedy: ([, name]) => `Declare ${name} as reg (or logic in SystemVerilog).`,
    locate: ([, , file = '', line, column], context) => ({
      file: context.userPath(file),
      line: Number(line),
      column: Number(column),
    }),
  },
  {
    code: 'tri-state',
    pattern: /^Yosys has only limited support for tri-state logic at the moment\. \((.*):(\d+)\)$/,
    what: () => 'Tri-state logic (z) is only partly supported; inside of a design it becomes ordinary gates.',
    remedy: 'Keep z to the pins of the top module, and use multiplexers within.',
    locate: ([, file = '', line], context) => ({ file: context.userPath(file), line: Number(line) }),
  },
  {
    code: 'out-of-range',
    pattern: /^Range select out of bounds on signal `\\?(.*)': .*$/,
    what: ([, name]) => `The selected bits lie outside of ${name}; they read as undefined.`,
    remedy: 'Correct the index or the width of the declaration.',
  },
];

/** "TOK_OUTPUT" -> "output". */
function tokens(text: string): string {
  return text
    .split(' or ')
    .map((token) => token.replace(/^TOK_(.*)$/, (_all, name: string) => TOKEN_NAMES[name] ?? name.toLowerCase()))
    .join(' or ');
}

const TOKEN_NAMES: Record<string, string> = {
  ID: 'a name',
  CONSTVAL: 'a number',
  REALVAL: 'a real number',
  STRING: 'a string',
  USER_TYPE: 'a type name',
  PKG_USER_TYPE: 'a type name',
  SVA_LABEL: 'a label',
  MSG_TASKS: 'a system task',
  NEG_INDEXED: '-:',
  POS_INDEXED: '+:',
  BASE: 'a base',
  BASED_CONSTVAL: 'a number with a base',
  UNBASED_UNSIZED_CONSTVAL: 'a number',
};

/** "$paramod\\sub\\W=s32'..." and "$paramod$<hash>\\sub" -> "sub". */
function plain(module: string | undefined): string {
  const name = module ?? '';
  const match = /^\$paramod(?:\$[0-9a-f]+)?\\([^\\]*)/.exec(name);
  return (match?.[1] ?? name).replace(/^\\/, '');
}

/** A net's name for people; nets without a name of the user's are "a net". */
function netName(net: string | undefined): string {
  const name = net ?? '';
  return name.startsWith('$') ? 'A net' : name.replace(/^\\/, '');
}
