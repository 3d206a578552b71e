import { breathe } from '../../core/abort.ts';
import type { WaveDatabase } from './database.ts';
import type { TraceData } from './trace.ts';
import type { WaveSignal, WaveType } from './types.ts';
import { binaryText, bitsAt } from './value.ts';
import { escapeText, timescaleText, vcdCode, vcdScope, vcdWord } from './vcd-names.ts';

/** Characters of a part of the text. */
const PART = 1 << 18;

export interface VcdVariable {
  word: string;
  type: WaveType;
  width: number;
  /** Of a variable that shares its values with one before: that one's code. */
  code?: string;
  name: string;
  ranges: readonly { left: number; right: number }[];
}

/**
 * Writes a value change dump in the form that Icarus Verilog's run time gives it, part by part: head, scopes and variables,
 * `enddefinitions`, then times and values. What is written stands in `take()`.
 */
export class VcdWriter {
  private parts: string[] = [];
  private text = '';
  private codes = 0;

  head(timescale: number, date: string, version: string): void {
    this.add(`$date\n\t${date}\n$end\n$version\n\t${version}\n$end\n$timescale\n\t${timescaleText(timescale)}\n$end\n`);
  }

  scope(kind: string, name: string): void {
    this.add(`$scope ${vcdScope(kind)} ${name.replaceAll(/\s/g, '_')} $end\n`);
  }

  upscope(): void {
    this.add('$upscope $end\n');
  }

  /** @returns the code for its values. */
  variable({ word, type, width, code = vcdCode(this.codes++), name, ranges }: VcdVariable): string {
    const size = type === 'bits' ? width : 1;
    const range = ranges.map(({ left, right }) => `[${left}:${right}]`).join('');
    const reference = referenceName(name) + (range && ` ${range}`);
    this.add(`$var ${vcdWord(word, type)} ${size} ${code} ${reference} $end\n`);
    return code;
  }

  endDefinitions(): void {
    this.add('$enddefinitions $end\n');
  }

  time(time: number): void {
    this.add(`#${time}\n`);
  }

  /** `$dumpvars`, `$dumpall`, `$dumpon`, `$dumpoff`; `$end`. */
  keyword(word: string): void {
    this.add(`${word}\n`);
  }

  /** `0`, `1`, `x`, `z`. */
  bit(code: string, value: string): void {
    this.add(`${value}${code}\n`);
  }

  /** Binary digits, the highest first. */
  vector(code: string, digits: string): void {
    this.add(`b${shortened(digits)} ${code}\n`);
  }

  real(code: string, value: number): void {
    this.add(`r${realDigits(value)} ${code}\n`);
  }

  string(code: string, value: string): void {
    this.add(`s${escapeText(value)} ${code}\n`);
  }

  /** What was written since the last call. */
  take(): string[] {
    const parts = this.text === '' ? this.parts : [...this.parts, this.text];
    this.parts = [];
    this.text = '';
    return parts;
  }

  private add(line: string): void {
    this.text += line;
    if (this.text.length < PART) return;
    this.parts.push(this.text);
    this.text = '';
  }
}

/** A name with an index in it is written escaped, so that it is not taken for a range; blanks would end the name. */
function referenceName(name: string): string {
  const whole = name.replaceAll(/\s/g, '_');
  return whole.includes('[') ? `\\${whole}` : whole;
}

/**
 * Without the digits on the left that a reader puts back (IEEE 1364-2005, 18.2.2, table 18-1): repeated x, z or 0, and a 0 before a 1.
 */
export function shortened(digits: string): string {
  const first = digits[0];
  if (first === '1' || digits.length < 2) return digits;
  let same = 1;
  while (same < digits.length && digits[same] === first) same++;
  if (same === digits.length) return first!;
  return first === '0' && digits[same] === '1' ? digits.slice(same) : digits.slice(same - 1);
}

/** As C's `%.16g`; with a 17th digit where only that gives the same number back. */
export function realDigits(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const digits = Number(value.toExponential(15)) === value ? 16 : 17;
  const [mantissa = '', power = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${trimmed(mantissa)}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  return trimmed(value.toFixed(digits - 1 - exponent));
}

function trimmed(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

export interface ExportOptions {
  /** Left out: every signal. */
  signals?: readonly WaveSignal[];
  date: string;
  version: string;
  signal: AbortSignal;
  progress?(fraction: number): void;
}

/** One trace on its way out. */
interface Output {
  data: TraceData;
  code: string;
  next: number;
}

/**
 * The database as a value change dump, in parts. Elements of a memory are written where they have a value, as Icarus names
 * them (`\mem[3] `).
 * @throws an AbortError when the signal is aborted.
 */
export async function writeVcd(database: WaveDatabase, options: ExportOptions): Promise<string[]> {
  const writer = new VcdWriter();
  const { info } = database;
  writer.head(info.timescale, options.date, options.version);
  const outputs = declareAll(writer, database, options.signals ?? database.signals);
  writer.endDefinitions();
  const parts = writer.take();
  const order = inOrder(outputs, database.stepCount);
  let at = 0;
  for (let step = 0; step < database.stepCount; step++) {
    const end = order.ends[step]!;
    if (end === at) continue;
    writer.time(database.timeOf(step));
    if (at === 0) writer.keyword('$dumpvars');
    const first = at === 0;
    for (; at < end; at++) writeEntry(writer, outputs[order.outputs[at]!]!);
    if (first) writer.keyword('$end');
    if (step % 20_000 === 19_999) {
      parts.push(...writer.take());
      options.progress?.(step / database.stepCount);
      await breathe(options.signal);
    }
  }
  const last = order.last < 0 ? -1 : database.timeOf(order.last);
  if (database.endTime > last) writer.time(database.endTime);
  parts.push(...writer.take());
  return parts;
}

function declareAll(writer: VcdWriter, database: WaveDatabase, signals: readonly WaveSignal[]): Output[] {
  const outputs: Output[] = [];
  const codes = new Map<number, string>();
  const inScope = grouped(signals, ({ scope }) => scope);
  const children = grouped([...database.scopes.keys()], (scope) => database.scopes[scope]!.parent);
  const one = (signal: WaveSignal, name: string, trace: number) => {
    const known = codes.get(trace);
    const data = database.trace(trace);
    const code = writer.variable({ ...signal, width: known ? signal.width : data.width, name, code: known });
    if (known) return;
    codes.set(trace, code);
    outputs.push({ data, code, next: 0 });
  };
  const variables = (scope: number) => {
    for (const signal of inScope.get(scope) ?? []) {
      const { array } = signal;
      if (!array) one(signal, signal.name, signal.trace);
      else {
        for (let index = 0; index < array.count; index++) {
          if (database.trace(signal.trace + index).count > 0) {
            one(signal, signal.name + elementName(array.dims, index), signal.trace + index);
          }
        }
      }
    }
  };
  const used = scopesInUse(database, inScope);
  const walk = (scope: number) => {
    const { kind, name } = database.scopes[scope]!;
    writer.scope(kind, name);
    variables(scope);
    for (const child of children.get(scope) ?? []) if (used.has(child)) walk(child);
    writer.upscope();
  };
  variables(-1);
  for (const scope of children.get(-1) ?? []) if (used.has(scope)) walk(scope);
  return outputs;
}

function grouped<T>(items: readonly T[], by: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group) group.push(item);
    else groups.set(by(item), [item]);
  }
  return groups;
}

function scopesInUse(database: WaveDatabase, inScope: ReadonlyMap<number, unknown>): Set<number> {
  const used = new Set<number>();
  for (const scope of inScope.keys()) {
    for (let at = scope; at >= 0 && !used.has(at); at = database.scopes[at]!.parent) used.add(at);
  }
  return used;
}

/** `[3]`, `[1][2]`: row-major, the left index of each dimension first. */
export function elementName(dims: readonly { left: number; right: number }[], index: number): string {
  let name = '';
  let rest = index;
  for (const { left, right } of [...dims].reverse()) {
    const size = Math.abs(left - right) + 1;
    name = `[${left + (left <= right ? 1 : -1) * (rest % size)}]${name}`;
    rest = Math.floor(rest / size);
  }
  return name;
}

/** All entries by their time: `outputs` in the order of the file, those of a step up to `ends[step]`. */
function inOrder(outputs: readonly Output[], steps: number) {
  const ends = new Uint32Array(steps);
  let last = -1;
  for (const { data } of outputs) {
    for (let entry = 0; entry < data.count; entry++) ends[data.step(entry)]!++;
    if (data.count > 0) last = Math.max(last, data.step(data.count - 1));
  }
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const count = ends[step]!;
    ends[step] = sum;
    sum += count;
  }
  const order = new Uint32Array(sum);
  // Each start moves to its end as the places are taken.
  for (const [index, { data }] of outputs.entries()) {
    for (let entry = 0; entry < data.count; entry++) order[ends[data.step(entry)]!++] = index;
  }
  return { outputs: order, ends, last };
}

function writeEntry(writer: VcdWriter, output: Output): void {
  const { data, code } = output;
  const entry = output.next++;
  if (data.type === 'event') writer.bit(code, '1');
  else if (data.type === 'real') writer.real(code, data.real(entry));
  else if (data.type === 'text') writer.string(code, data.text(entry));
  else if (data.width === 1) writer.bit(code, '01zx'[data.word(entry, 0) | (data.wordB(entry, 0) << 1)]!);
  else writer.vector(code, binaryText(bitsAt(data, entry)));
}
