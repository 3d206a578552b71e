import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import { parseRanges, printRanges } from './ranges.ts';
import type { Instruction, Program } from './types.ts';

const hex = (address: number) => `0x${address.toString(16)}`;

/** An instruction as a line, without its indentation. */
export function printInstruction(each: Instruction): string {
  switch (each.op) {
    case 'switch':
      return `CM.switch - ${each.to === 'compute' ? 'TOC' : 'TOM'} - ${printRanges(each.arrays)}`;
    case 'write': {
      const source = each.source === undefined ? 'W' : hex(each.source);
      return `CIM.write_core - ${JSON.stringify(each.operator)} - ${source} - ${printRanges(each.arrays)}`;
    }
    case 'read':
      return [
        `CIM.read_core-${each.form}`,
        JSON.stringify(each.operator),
        hex(each.source),
        hex(each.target),
        printRanges(each.arrays),
        printRanges(each.inputs),
        printRanges(each.outputs),
      ].join(' - ');
    case 'alu':
      return `ALU.${each.name} - ${JSON.stringify(each.layer)} - ${each.sources.map(hex).join(',') || '-'} - ${hex(each.target)}`;
  }
}

/** The lines of a program, as `parseProgram` reads them. */
export function* printProgram({ segments }: Program): Generator<string> {
  for (const block of segments) {
    yield 'parallel {';
    for (const each of block) yield `  ${printInstruction(each)}`;
    yield '}';
  }
}

/** Line of the text, from 1, on which an instruction of a segment stands. */
export function lineOf({ segments }: Program, segment: number, instruction: number): number {
  let line = 1;
  for (const block of segments.slice(0, segment)) line += block.length + 2;
  return line + 1 + instruction;
}

/** Reads a program; every line that is none is a problem with its place. Empty lines and "# ..." are passed over. */
export function parseProgram(text: string): Result<Program> {
  const program: Program = { segments: [] };
  const problems: Problem[] = [];
  let block: Instruction[] | undefined;
  const lines = text.split(/\r?\n/);
  const wrong = (line: number, what: string, remedy: string) =>
    problems.push(error('cim.program-text', what, remedy, { file: 'program', line, column: 1 }));
  for (const [at, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line === 'parallel {') {
      if (block) wrong(at + 1, 'A block begins within a block.', 'End the one before with "}".');
      block = [];
      program.segments.push(block);
    } else if (line === '}') {
      if (!block) wrong(at + 1, 'A block ends that did not begin.', 'Begin it with "parallel {".');
      block = undefined;
    } else if (!block) {
      wrong(at + 1, 'An instruction stands outside of a block.', 'Put it between "parallel {" and "}".');
    } else {
      const found = parseInstruction(line);
      if (typeof found === 'string') wrong(at + 1, found, 'Write it as the grammar has it.');
      else block.push(found);
    }
  }
  if (block) wrong(lines.length, 'The last block does not end.', 'End it with "}".');
  return problems[0] ? fail(problems[0], ...problems.slice(1)) : ok(program);
}

function parseInstruction(line: string): Instruction | string {
  const fields = fieldsOf(line);
  if (!fields) return 'A name in quotes does not end.';
  const [head = '', ...rest] = fields;
  if (head === 'CM.switch') {
    const arrays = parseRanges(rest[1] ?? '');
    if (rest.length !== 2 || !arrays || (rest[0] !== 'TOC' && rest[0] !== 'TOM')) {
      return 'A switch is "CM.switch - TOC|TOM - arrays".';
    }
    return { op: 'switch', to: rest[0] === 'TOC' ? 'compute' : 'memory', arrays };
  }
  if (head === 'CIM.write_core') {
    const [operator, source, arrays] = [nameOf(rest[0]), addressOf(rest[1]), parseRanges(rest[2] ?? '')];
    if (rest.length !== 3 || operator === undefined || (source === undefined && rest[1] !== 'W') || !arrays) {
      return 'Writing weights is "CIM.write_core - "operator" - W|address - arrays".';
    }
    return { op: 'write', operator, source, arrays };
  }
  const form = /^CIM\.read_core-(conv|fc|mm)$/.exec(head)?.[1] as 'conv' | 'fc' | 'mm' | undefined;
  if (form) {
    const [operator, source, target] = [nameOf(rest[0]), addressOf(rest[1]), addressOf(rest[2])];
    const [arrays, inputs, outputs] = [3, 4, 5].map((at) => parseRanges(rest[at] ?? ''));
    if (rest.length !== 6 || operator === undefined || source === undefined || target === undefined) {
      return `A product is "${head} - "operator" - source - target - arrays - in - out".`;
    }
    if (!arrays || !inputs || !outputs) return 'Arrays are ranges such as "0-12,40", or "-".';
    return { op: 'read', form, operator, source, target, arrays, inputs, outputs };
  }
  const name = /^ALU\.([\w-]+)$/.exec(head)?.[1];
  if (name) {
    const [layer, target] = [nameOf(rest[0]), addressOf(rest[2])];
    const sources = rest[1] === '-' ? [] : (rest[1] ?? '').split(',').map(addressOf);
    if (rest.length !== 3 || layer === undefined || target === undefined || sources.includes(undefined)) {
      return 'The vector unit is "ALU.name - "layer" - sources - target".';
    }
    return { op: 'alu', name, layer, sources: sources as number[], target };
  }
  return `There is no instruction "${head}".`;
}

/** What stands between " - ", quotes kept together. */
function fieldsOf(line: string): string[] | undefined {
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0];
    if (rest.startsWith('"') && !quoted) return undefined;
    const end = quoted ? quoted.length : rest.indexOf(' - ');
    if (end < 0) return [...fields, rest];
    fields.push(rest.slice(0, end));
    rest = rest.slice(end);
    if (rest === '') return fields;
    if (!rest.startsWith(' - ')) return undefined;
    rest = rest.slice(3);
  }
}

function nameOf(field: string | undefined): string | undefined {
  if (!field?.startsWith('"')) return undefined;
  try {
    return JSON.parse(field) as string;
  } catch {
    return undefined;
  }
}

function addressOf(field: string | undefined): number | undefined {
  return field !== undefined && /^0x[0-9a-f]{1,12}$/.test(field) ? Number.parseInt(field, 16) : undefined;
}
