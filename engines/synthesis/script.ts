import { error, type Problem } from '../core/result.ts';
import { YOSYS_VERSION } from './yosys.ts';

/**
 * How far a run goes: 'check' = elaborated; 'word' = the netlist of words; 'proof' = the same without hierarchy, and with
 * registers as they are written; 'gates' = gates. Words and gates are two runs, because what Yosys did before in the same
 * run can change the gates that it finds.
 */
export type ScriptStage = 'check' | 'word' | 'proof' | 'gates';

export type OutputFormat = 'json' | 'verilog' | 'blif';

export interface ScriptPlan {
  stage: ScriptStage;
  /** Names as they lie in Yosys' file system. */
  sources: { name: string; systemVerilog: boolean }[];
  includeDirs: string[];
  defines: Record<string, string>;
  /** A generated file of `define` lines, for values that a command line cannot carry. */
  prelude?: string;
  /** Empty: Yosys takes the deepest root, and the caller checks that there is no other. */
  top: string;
  parameters: Record<string, string>;
  flatten: boolean;
  /** Stage 'gates': only the netlist, in this format, instead of the JSON documents for the figures. */
  only?: OutputFormat;
}

/** The files that a native run of the script writes: names that hide none of the user's. */
export const OUTPUT_FILES = {
  modules: 'crossbar.modules.json',
  headers: 'crossbar.modules.il',
  word: 'crossbar.word.json',
  proof: 'crossbar.proof.json',
  mapped: 'crossbar.mapped.json',
  json: 'crossbar.gates.json',
  verilog: 'crossbar.gates.v',
  blif: 'crossbar.gates.blif',
} as const;

const WRITERS: Record<OutputFormat, string> = {
  json: 'write_json',
  verilog: 'write_verilog -noattr',
  blif: 'write_blif',
};

/**
 * What ABC does: `strash; dretime; map` is what `synth` gives it; `dress` then moves the names of equivalent nets of the
 * netlist before onto the netlist after (the road back to source lines), which costs the mapping, and `sop; attach` finds
 * each node's gate again. Gates and their number are those of plain `synth` (a test compares them).
 */
export const ABC_SCRIPT = '+strash;dretime;map;dress;sop;attach';

/** The Yosys script of a plan, as a native Yosys runs it and as the screen shows it. */
export function buildScript(plan: ScriptPlan): string {
  const lines = readingLines(plan);
  if (plan.stage !== 'gates') {
    lines.push('', '# What the sources hold');
    lines.push(`tee -q -o ${OUTPUT_FILES.modules} stat -json`, `dump -m -o ${OUTPUT_FILES.headers} x:*`);
  }
  lines.push(...elaborationLines(plan));

  if (plan.stage === 'check') {
    lines.push('proc', 'check');
  } else if (plan.stage === 'word') {
    lines.push('', '# Registers, operators, multiplexers and memories');
    lines.push('prep', `write_json ${OUTPUT_FILES.word}`);
  } else if (plan.stage === 'proof') {
    lines.push('', '# One module; nothing that merges registers or gives an x a value');
    lines.push('proc', 'setattr -mod -unset keep_hierarchy', 'setattr -unset keep_hierarchy c:*');
    lines.push('flatten -noscopeinfo', 'opt_expr -keepdc', 'opt_clean', 'memory_collect', 'opt_clean', 'check');
    lines.push(`write_json ${OUTPUT_FILES.proof}`);
  } else {
    lines.push('', '# Gates, still with their source places', `synth -noabc${plan.flatten ? ' -flatten' : ''}`);
    if (plan.only === undefined) lines.push(`write_json ${OUTPUT_FILES.mapped}`);
    lines.push('', '# The rest of synth; ABC keeps the names of equivalent nets');
    lines.push(`abc -script ${ABC_SCRIPT}`, 'opt -fast', 'hierarchy -check', 'stat', 'check');
    const format = plan.only ?? 'json';
    lines.push(`${WRITERS[format]} ${OUTPUT_FILES[format]}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Head of a script: its first line, and the commands that read the sources. */
export function readingLines(plan: Omit<ScriptPlan, 'stage'>): string[] {
  const lines: string[] = [`# Crossbar Studio, made for Yosys ${YOSYS_VERSION}`, '', '# Read the sources'];
  const readOptions = [
    ...plan.includeDirs.map((dir) => `-I${dir}`),
    ...Object.entries(plan.defines).map(([name, value]) => (value === '' ? `-D${name}` : `-D${name}=${value}`)),
  ];
  if (readOptions.length > 0) lines.push(`verilog_defaults -add ${readOptions.join(' ')}`);
  if (plan.prelude !== undefined) lines.push(`read_verilog ${quoted(plan.prelude)}`);
  for (const source of plan.sources) {
    lines.push(`read_verilog ${source.systemVerilog ? '-sv ' : ''}${quoted(source.name)}`);
  }
  return lines;
}

/** The commands that override the top's parameters and find the hierarchy. */
export function elaborationLines(plan: Omit<ScriptPlan, 'stage'>): string[] {
  const lines = ['', '# Elaborate'];
  const parameters = Object.entries(plan.parameters);
  if (parameters.length > 0) {
    lines.push(`chparam ${parameters.map(([name, value]) => `-set ${name} ${value}`).join(' ')} ${plan.top}`);
  }
  lines.push(plan.top === '' ? 'hierarchy -check -auto-top' : `hierarchy -check -top ${plan.top}`);
  return lines;
}

/**
 * The same script with its outputs on standard output: the file's name is left out, and nothing else is changed.
 * (Yosys in WebAssembly copies a virtual file as a whole at every write of some bytes.)
 */
export function toStandardOutput(script: string): string {
  return script
    .split('\n')
    .map((line) =>
      line
        .replace(/^tee -q -o \S+ /, '')
        .replace(/^dump -m -o \S+ /, 'dump -m ')
        .replace(/^(write_\w+(?: -\w+)*) [^-\s]\S*$/, '$1'),
    )
    .join('\n');
}

function quoted(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name;
}

const IDENTIFIER = /^[A-Za-z_][\w$]*$/;
/** Numbers, sized constants, strings. */
const CONSTANT = /^(-?\d[\d_]*|-?\d*'[sS]?[bodhBODH][0-9a-fA-F_xzXZ?]+|"[^"\\\n]*")$/;
/** What survives Yosys' splitting of a command line. */
const PLAIN_VALUE = /^[^\s;"#\\]*$/;

export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

/** Checks the names and values of parameters, as they are in the design document. */
export function checkParameters(parameters: Record<string, string | number>): {
  values: Record<string, string>;
  problems: Problem[];
} {
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const where = { path: `slices.rtl.parameters.${name}` };
    const text = String(value).trim();
    if (!isIdentifier(name)) {
      problems.push(
        error('bad-parameter', `'${name}' is no name of a parameter.`, 'Use letters, digits and underscores.', where),
      );
    } else if (!CONSTANT.test(text)) {
      problems.push(
        error(
          'bad-parameter',
          `The value '${text}' of parameter ${name} is no constant.`,
          `Write a number (8), a sized constant (4'b1010) or a string in double quotes.`,
          where,
        ),
      );
    } else {
      values[name] = text;
    }
  }
  return { values, problems };
}

/**
 * Divides macros into those a command line carries and those that need a generated file (values with blanks, quotes ...).
 */
export function divideDefines(defines: Record<string, string>): {
  plain: Record<string, string>;
  /** The text of the generated file, when it is needed. */
  prelude?: string;
  problems: Problem[];
} {
  const plain: Record<string, string> = {};
  const lines: string[] = [];
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(defines)) {
    const where = { path: `slices.rtl.defines.${name}` };
    if (!isIdentifier(name)) {
      problems.push(
        error('bad-define', `'${name}' is no name of a macro.`, 'Use letters, digits and underscores.', where),
      );
    } else if (/[\r\n]/.test(value)) {
      problems.push(
        error('bad-define', `The macro ${name} has a value of several lines.`, 'Define it in a file instead.', where),
      );
    } else if (PLAIN_VALUE.test(value)) {
      plain[name] = value;
    } else {
      lines.push(`\`define ${name} ${value}`);
    }
  }
  return { plain, prelude: lines.length > 0 ? `${lines.join('\n')}\n` : undefined, problems };
}
