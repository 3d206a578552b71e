import type { Problem } from '../../core/result.ts';
import { CLOSE, CLOSE_BRACE, COLON, COMMA, END, OPEN, OPEN_BRACE, Scanner, SEMICOLON, STRING, WORD } from './scan.ts';

/** `name : value;` or `name (value, value);`. */
export interface Attribute {
  name: string;
  line: number;
  values: string[];
  /** Of `values (...)` and `index_1 (...)`, in place of their texts. */
  numbers?: Float64Array;
}

/** `kind (args) { ... }`. */
export interface Group {
  kind: string;
  line: number;
  args: string[];
  attributes: Attribute[];
  groups: Group[];
}

/** Groups that are read, by what they stand in. All others are passed over and counted. */
const READ: Record<string, ReadonlySet<string>> = {
  library: new Set([
    'operating_conditions',
    'wire_load',
    'wire_load_table',
    'lu_table_template',
    'power_lut_template',
    'type',
    'cell',
  ]),
  cell: new Set([
    'ff',
    'latch',
    'ff_bank',
    'latch_bank',
    'statetable',
    'generated_clock',
    'pin',
    'pg_pin',
    'bus',
    'bundle',
    'type',
    'leakage_power',
  ]),
  pin: new Set(['timing', 'internal_power']),
  bus: new Set(['timing', 'internal_power', 'pin']),
  bundle: new Set(['timing', 'internal_power', 'pin']),
  timing: new Set([
    'cell_rise',
    'cell_fall',
    'rise_transition',
    'fall_transition',
    'rise_constraint',
    'fall_constraint',
  ]),
  internal_power: new Set(['power', 'rise_power', 'fall_power']),
};

/** A brace before one of these is missing when it turns up where it is not read. */
const MISPLACED: ReadonlySet<string> = new Set(['cell', 'pin', 'timing', 'lu_table_template', 'power_lut_template']);

export class LibertyParser {
  readonly scanner: Scanner;
  /** How many groups of each kind were passed over. */
  readonly skipped = new Map<string, number>();
  readonly #report: (problem: Problem) => void;

  constructor(bytes: Uint8Array, file: string | undefined, report: (problem: Problem) => void) {
    this.scanner = new Scanner(bytes, file);
    this.#report = report;
  }

  /** Passes `library (name) {` and gives the group, still empty. */
  open(): Group {
    const { scanner } = this;
    const kind = scanner.next();
    const line = scanner.tokenLine;
    if (kind === END)
      scanner.stop('liberty-empty', 'The file holds no library.', 'Give a file that begins with library (name) {.');
    if (kind !== WORD || scanner.text() !== 'library')
      scanner.stop(
        'liberty-start',
        `The file begins with "${scanner.text()}", not with a library.`,
        'A Liberty file begins with library (name) {.',
      );
    this.#expect(OPEN, '(');
    const args = this.#args();
    this.#expect(OPEN_BRACE, '{');
    return { kind: 'library', line, args, attributes: [], groups: [] };
  }

  /** The next attribute or group of a group that is open; undefined after its closing brace. */
  statement(within: Group): Attribute | Group | undefined {
    const { scanner } = this;
    for (;;) {
      const token = scanner.next();
      const line = scanner.tokenLine;
      if (token === SEMICOLON) continue;
      if (token === CLOSE_BRACE) return undefined;
      if (token === END) this.#truncated(within);
      if (token !== WORD && token !== STRING)
        scanner.stop(
          'liberty-syntax',
          `"${scanner.text()}" stands where an attribute or a group was expected.`,
          'Look for a quote, brace or semicolon that is missing before it.',
        );
      const name = scanner.text();
      const after = scanner.next();
      if (after === COLON) return { name, line, values: [this.#value(name)] };
      if (after !== OPEN)
        scanner.stop(
          'liberty-syntax',
          `After "${name}" neither a colon nor a parenthesis follows.`,
          'Write name : value; or name (values);.',
          line,
        );
      if (name === 'include_file')
        scanner.stop(
          'liberty-include',
          'The library includes another file, which is not read.',
          'Put the text of the included file in place of include_file.',
          line,
        );
      if (name === 'values' || name.startsWith('index_'))
        return { name, line, values: [], numbers: scanner.numbers(this.#report) };
      const args = this.#args();
      const at = scanner.at;
      const before = scanner.line;
      if (scanner.next() !== OPEN_BRACE) {
        scanner.at = at;
        scanner.line = before;
        return { name, line, values: args };
      }
      const group: Group = { kind: name, line, args, attributes: [], groups: [] };
      if (!READ[within.kind]?.has(name)) {
        if (MISPLACED.has(name)) this.#misplaced(group, within);
        this.skipped.set(name, (this.skipped.get(name) ?? 0) + 1);
        if (!scanner.skipGroup()) this.#truncated(group);
        continue;
      }
      for (let inner = this.statement(group); inner; inner = this.statement(group)) {
        if ('kind' in inner) group.groups.push(inner);
        else group.attributes.push(inner);
      }
      return group;
    }
  }

  /** After the library's closing brace. */
  close(): void {
    const { scanner } = this;
    for (let token = scanner.next(); token !== END; token = scanner.next())
      if (token !== SEMICOLON)
        scanner.stop(
          'liberty-after-end',
          `The library is closed, and "${scanner.text()}" follows it.`,
          'Remove the closing brace that is one too many, or put further libraries into files of their own.',
        );
  }

  #truncated(group: Group): never {
    this.scanner.stop(
      'liberty-truncated',
      `The file ends within ${describe(group)}, begun in line ${group.line}.`,
      'The file was cut off, or a closing brace is missing: load it again in full.',
      this.scanner.line,
    );
  }

  #misplaced(group: Group, within: Group): never {
    this.scanner.stop(
      'liberty-brace',
      `${describe(group)} begins within ${describe(within)}, begun in line ${within.line}.`,
      `Close ${describe(within)} by a brace before it.`,
      group.line,
    );
  }

  #expect(token: number, what: string): void {
    if (this.scanner.next() === token) return;
    this.scanner.stop(
      'liberty-syntax',
      `"${what}" was expected in place of "${this.scanner.text()}".`,
      'Look for a mistake just before.',
    );
  }

  /** Through the closing parenthesis. */
  #args(): string[] {
    const { scanner } = this;
    const args: string[] = [];
    const begun = scanner.tokenLine;
    let joined = false;
    for (;;) {
      const token = scanner.next();
      if (token === CLOSE) return args;
      if (token === COMMA) joined = false;
      else if (token === COLON && args.length > 0) {
        args[args.length - 1] += ':';
        joined = true;
      } else if (token === WORD || token === STRING) {
        if (joined) args[args.length - 1] += scanner.text();
        else args.push(scanner.text());
        joined = false;
      } else
        scanner.stop(
          token === END ? 'liberty-truncated' : 'liberty-syntax',
          'The parenthesis that opens here is not closed.',
          'Close it by ).',
          begun,
        );
    }
  }

  /** After the colon: through the semicolon, the end of the line where that is missing, or up to a closing brace. */
  #value(name: string): string {
    const { scanner } = this;
    const token = scanner.next();
    const { line } = scanner;
    let value: string;
    if (token === STRING) value = scanner.text();
    else if (token === WORD || token === OPEN) {
      const { from } = scanner;
      let { to } = scanner;
      // An unquoted value may be an expression: VDD + 0.5.
      for (;;) {
        const { at } = scanner;
        const ahead = scanner.next();
        if (scanner.tokenLine === line && (ahead === WORD || ahead === OPEN || ahead === CLOSE || ahead === COMMA)) {
          to = scanner.to;
          continue;
        }
        scanner.at = at;
        scanner.line = line;
        break;
      }
      value = scanner.slice(from, to);
    } else {
      return scanner.stop(
        'liberty-syntax',
        `The attribute ${name} has no value.`,
        'Write name : value;.',
        scanner.tokenLine,
      );
    }
    const { at } = scanner;
    const ahead = scanner.next();
    if (ahead === SEMICOLON) return value;
    if (ahead !== CLOSE_BRACE && ahead !== END && scanner.tokenLine === line)
      scanner.stop(
        'liberty-syntax',
        `"${scanner.text()}" stands behind the value of ${name}.`,
        'End the attribute by a semicolon.',
      );
    scanner.at = at;
    scanner.line = line;
    return value;
  }
}

/** "cell (AND2)". */
export function describe(group: Group): string {
  return group.args.length > 0 ? `${group.kind} (${group.args.join(', ')})` : group.kind;
}

/** The last of the attributes of that name, as Liberty has it. */
export function attribute(group: Group, name: string): Attribute | undefined {
  for (let place = group.attributes.length - 1; place >= 0; place--) {
    const found = group.attributes[place] as Attribute;
    if (found.name === name) return found;
  }
  return undefined;
}

export function textOf(group: Group, name: string): string | undefined {
  return attribute(group, name)?.values[0];
}
