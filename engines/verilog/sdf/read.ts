import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';

/** One delay: minimum, typical, maximum, in seconds x 10^power of the file's timescale. Null: left as it is. */
export type SdfTriple = readonly [number, number, number] | null;

export interface SdfPath {
  input: string;
  edge?: 'posedge' | 'negedge';
  output: string;
  /** 1, 2, 3, 6 or 12. */
  delays: SdfTriple[];
  line: number;
}

export interface SdfCell {
  type: string;
  /** Names from the top down, escapes taken off; empty: the annotated instance itself. "*": all instances of the type. */
  instance: string[] | '*';
  /** To be set, or added. */
  absolute: SdfPath[];
  increment: SdfPath[];
  line: number;
}

export interface SdfFile {
  /** Seconds of one unit. */
  unit: number;
  cells: SdfCell[];
  /** What was left out. */
  problems: Problem[];
}

/** A list, or a word with its line. */
type Node = { list: Node[]; line: number } | { word: string; line: number; quoted?: boolean };

const UNITS: Record<string, number> = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, ps: 1e-12, fs: 1e-15 };

/**
 * Reads delays of a Standard Delay Format file (IEEE 1497): `IOPATH` of `ABSOLUTE` and `INCREMENT`. Checks of times, interconnect and
 * conditional delays are passed over, and said to be.
 */
export function readSdf(text: string, file: string): Result<SdfFile> {
  const parsed = parse(text, file);
  if (!parsed.ok) return parsed;
  const [root] = parsed.value;
  if (!root || !('list' in root) || keyword(root) !== 'DELAYFILE') {
    return fail(
      error('sdf-syntax', 'The file is no SDF: it does not begin with (DELAYFILE.', undefined, { file, line: 1 }),
    );
  }
  const problems: Problem[] = [];
  const passed = new Map<string, number>();
  const pass = (name: string, line: number) => {
    if (!passed.has(name)) passed.set(name, line);
  };
  const wrong = (what: string, line: number): Problem =>
    error('sdf-syntax', what, 'Write the file again with the tool that made it.', { file, line });
  let divider = '.';
  let unit = 1e-9;
  const cells: SdfCell[] = [];
  for (const node of root.list.slice(1)) {
    if (!('list' in node)) continue;
    const name = keyword(node);
    if (name === 'DIVIDER') divider = wordOf(node.list[1]) ?? divider;
    else if (name === 'TIMESCALE') {
      const scale = /^(1(?:00?)?(?:\.0*)?)\s*(s|ms|us|ns|ps|fs)$/.exec(node.list.slice(1).map(wordOf).join(''));
      if (!scale) return fail(wrong('This TIMESCALE cannot be read.', node.line));
      unit = Number(scale[1]) * UNITS[scale[2]!]!;
    } else if (name === 'CELL') {
      const cell: SdfCell = { type: '', instance: [], absolute: [], increment: [], line: node.line };
      for (const part of node.list.slice(1)) {
        if (!('list' in part)) continue;
        const kind = keyword(part);
        if (kind === 'CELLTYPE') cell.type = wordOf(part.list[1]) ?? '';
        else if (kind === 'INSTANCE') {
          const instance = wordOf(part.list[1]);
          cell.instance = instance === '*' ? '*' : instance === undefined ? [] : split(instance, divider);
        } else if (kind === 'DELAY') {
          for (const mode of part.list.slice(1)) {
            if (!('list' in mode)) continue;
            const how = keyword(mode);
            if (how !== 'ABSOLUTE' && how !== 'INCREMENT') {
              pass(how, mode.line);
              continue;
            }
            const into = how === 'ABSOLUTE' ? cell.absolute : cell.increment;
            for (const entry of mode.list.slice(1)) {
              if (!('list' in entry)) continue;
              if (keyword(entry) !== 'IOPATH') pass(keyword(entry), entry.line);
              else {
                const path = pathOf(entry);
                if (!path) return fail(wrong('This IOPATH cannot be read.', entry.line));
                into.push(path);
              }
            }
          }
        } else pass(kind, part.line);
      }
      cells.push(cell);
    }
  }
  for (const [name, line] of passed) {
    problems.push({
      code: 'sdf-passed-over',
      severity: name === 'TIMINGCHECK' ? 'note' : 'warning',
      what: `${name} of the SDF file is passed over; delays of IOPATH are read.`,
      where: { file, line },
    });
  }
  return ok({ unit, cells, problems });
}

function pathOf({ list, line }: { list: Node[]; line: number }): SdfPath | undefined {
  const [, from, to, ...values] = list;
  let input = wordOf(from);
  let edge: SdfPath['edge'];
  if (from && 'list' in from) {
    const word = wordOf(from.list[0])?.toLowerCase();
    if (word !== 'posedge' && word !== 'negedge') return undefined;
    edge = word;
    input = wordOf(from.list[1]);
  }
  const output = wordOf(to);
  if (input === undefined || output === undefined || values.length === 0) return undefined;
  const delays: SdfTriple[] = [];
  for (const value of values) {
    // (RETAIN ...) and the like.
    if (!('list' in value)) return undefined;
    const triple = tripleOf(value.list.map(wordOf).join(''));
    if (triple === undefined) return undefined;
    delays.push(triple);
  }
  if (![1, 2, 3, 6, 12].includes(delays.length)) return undefined;
  return { input: unescaped(input), ...(edge && { edge }), output: unescaped(output), delays, line };
}

/** "1:2:3", "1", "1::3", "". */
function tripleOf(text: string): SdfTriple | undefined {
  if (text === '') return null;
  const parts = text.split(':');
  if (parts.length !== 1 && parts.length !== 3) return undefined;
  const numbers = parts.map((part) => (part === '' ? undefined : Number(part)));
  if (numbers.some((value) => value !== undefined && !Number.isFinite(value))) return undefined;
  const known = numbers[1] ?? numbers[0] ?? numbers[2];
  if (known === undefined) return null;
  const [least = known, , most = known] = numbers.length === 3 ? numbers : [known, known, known];
  return [least, known, most];
}

function keyword(node: { list: Node[] }): string {
  return (wordOf(node.list[0]) ?? '').toUpperCase();
}

function wordOf(node: Node | undefined): string | undefined {
  return node && 'word' in node ? node.word : undefined;
}

/** Cuts at dividers that are not escaped. */
function split(path: string, divider: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < path.length; i++) {
    const at = path[i]!;
    if (at === '\\' && i + 1 < path.length) part += path[++i];
    else if (at === divider) {
      parts.push(part);
      part = '';
    } else part += at;
  }
  return [...parts, part].filter((each) => each !== '');
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1');
}

function parse(text: string, file: string): Result<Node[]> {
  const stack: { list: Node[]; line: number }[] = [];
  const top: Node[] = [];
  let line = 1;
  const token = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\(|\)|"[^"]*"|(?:\\.|[^\s()"\\])+/y;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) {
      return fail(error('sdf-syntax', 'A string or a comment that begins here has no end.', undefined, { file, line }));
    }
    const [word] = match;
    const into = stack.at(-1)?.list ?? top;
    if (word === '(') {
      const node = { list: [], line };
      into.push(node);
      stack.push(node);
    } else if (word === ')') {
      if (!stack.pop()) return fail(error('sdf-syntax', 'This parenthesis closes nothing.', undefined, { file, line }));
    } else if (!/^(?:\s|\/[/*])/.test(word)) {
      into.push(word.startsWith('"') ? { word: word.slice(1, -1), line, quoted: true } : { word, line });
    }
    for (const at of word) if (at === '\n') line++;
  }
  const open = stack.at(-1);
  if (open) {
    return fail(
      error('sdf-syntax', `The parenthesis of line ${open.line} is not closed: the file is cut off.`, undefined, {
        file,
        line,
      }),
    );
  }
  return ok(top);
}
