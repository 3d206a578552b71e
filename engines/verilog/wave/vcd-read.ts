import { breathe } from '../../core/abort.ts';
import type { ByteSource } from '../../core/byte-source.ts';
import type { Problem } from '../../core/result.ts';
import { wordsOf } from '../ir/words.ts';
import type { WaveRecorder } from './recorder.ts';
import type { TraceId, WaveType } from './types.ts';
import { splitReference, timescaleOf, unescapeText, vcdType } from './vcd-names.ts';

/** What is read at once; between two of them others get a turn. */
const PIECE = 1 << 20;
/** Problems of one kind that are told one by one. */
const TOLD = 5;
/** A number too long to be counted exactly. */
const UNSAFE_DIGITS = 16;
const KEY_ROOM = 1 << 20;

export interface ReadOptions {
  /** Name of the file, for problems. */
  file: string;
  signal: AbortSignal;
  /** Of 0 to 1, between two pieces: the moment to take a delta. */
  progress?(fraction: number): void;
}

interface Variable {
  trace: TraceId;
  type: WaveType;
  width: number;
  words: number;
}

/** What the next word of the file completes. */
type Pending = 'none' | 'bits' | 'real' | 'text' | 'port-0' | 'port-1' | 'port';

/**
 * Reads a value change dump (IEEE 1364-2005, clause 18, and port values of 18.4 as far as 0, 1, x and z go), with the
 * strings that Icarus Verilog and GTKWave know. What is broken is told with its line, and reading goes on behind it:
 * whatever could be understood is in the recorder. An empty list of problems: nothing was in doubt.
 *
 * @throws an AbortError when `signal` is aborted.
 */
export async function readVcd(source: ByteSource, recorder: WaveRecorder, options: ReadOptions): Promise<Problem[]> {
  const reader = new VcdReader(recorder, options.file);
  let carry = new Uint8Array(0);
  for (let offset = 0; offset < source.bytes; ) {
    const piece = await source.read(offset, PIECE);
    if (piece.length === 0) break;
    offset += piece.length;
    const last = offset >= source.bytes;
    let bytes = piece;
    if (carry.length > 0) {
      bytes = new Uint8Array(carry.length + piece.length);
      bytes.set(carry);
      bytes.set(piece, carry.length);
    }
    const end = last ? bytes.length : cutAt(bytes);
    reader.feed(bytes, end);
    carry = bytes.slice(end);
    options.progress?.(offset / source.bytes);
    await breathe(options.signal);
    if (recorder.stoppedAt !== undefined) break;
  }
  return reader.finish();
}

/** Behind the last whole line; of a file without line ends, behind the last word. */
function cutAt(bytes: Uint8Array): number {
  const line = bytes.lastIndexOf(10) + 1;
  if (line > 0 || bytes.length < 4 * PIECE) return line;
  let at = bytes.length;
  while (at > 0 && bytes[at - 1]! > 32) at--;
  return at;
}

class VcdReader {
  private readonly problems: Problem[] = [];
  private readonly counts = new Map<string, number>();
  private line = 1;
  private time = 0;
  /** Words of a `$...` block that is open, its keyword first. */
  private block: string[] | undefined;
  private blockLine = 0;
  /** A block whose words say nothing to us. */
  private skipping = false;
  private readonly scopes: number[] = [];
  private readonly scopeIds = new Map<string, number>();
  private readonly variables: Variable[] = [];
  /** By the number that an identifier code of up to three signs is read as; 0: none, else the variable's index + 1. */
  private readonly byKey = new Int32Array(KEY_ROOM);
  private readonly byCode = new Map<string, number>();
  private pending: Pending = 'none';
  private a = new Int32Array(64);
  private b = new Int32Array(64);
  private digits = 0;
  private fill = 0;
  private number = 0;
  private text = '';
  private begun = false;
  private defined = false;
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly recorder: WaveRecorder,
    private readonly file: string,
  ) {}

  /** Bytes up to `end`, which does not cut a line unless the file ends there. */
  feed(bytes: Uint8Array, end: number): void {
    let at = 0;
    while (at < end) {
      const sign = bytes[at]!;
      if (sign <= 32) {
        if (sign === 10) this.line++;
        at++;
        continue;
      }
      const start = at;
      if (sign === 115 && !this.block && this.pending === 'none') {
        at = this.stringChange(bytes, start, end);
        continue;
      }
      while (at < end && bytes[at]! > 32) at++;
      this.word(bytes, start, at);
    }
  }

  finish(): Problem[] {
    const { recorder } = this;
    if (this.block) this.tell('truncated', `The file ends within ${this.block[0]}.`);
    else if (this.pending !== 'none') this.tell('truncated', 'The file ends in the middle of a value change.');
    else if (!this.defined && this.variables.length === 0)
      this.tell('no-vcd', 'The file is no value change dump: it declares no variable ($var).', 'error');
    else if (!this.defined && !this.begun) this.tell('truncated', 'The file ends before $enddefinitions.');
    for (const [code, count] of this.counts) {
      if (count <= TOLD) continue;
      const what = `There are ${count - TOLD} more places like those above.`;
      this.problems.push({ code, severity: 'note', what, where: { file: this.file } });
    }
    if (recorder.stoppedAt !== undefined) {
      this.problems.push({
        code: 'wave-limit',
        severity: 'warning',
        what: 'The file holds more value changes than there is room for; what comes later was left out.',
        where: { file: this.file, line: this.line },
        remedy: 'Open a file with fewer signals or a shorter time.',
      });
    }
    return this.problems;
  }

  private tell(code: string, what: string, severity: Problem['severity'] = 'warning', line = this.line): void {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count <= TOLD) this.problems.push({ code, severity, what, where: { file: this.file, line } });
  }

  private word(bytes: Uint8Array, start: number, end: number): void {
    if (this.block) {
      this.blockWord(bytes, start, end);
      return;
    }
    if (this.pending !== 'none') {
      this.complete(bytes, start, end);
      return;
    }
    const sign = bytes[start]!;
    // Scalars first: there are most of them.
    const code = SCALARS[sign]!;
    if (code >= 0) {
      this.scalar(code, this.variableOf(bytes, start + 1, end));
    } else if (sign === 98 || sign === 66) {
      this.readBits(bytes, start + 1, end);
      this.pending = 'bits';
    } else if (sign === 35) this.readTime(bytes, start + 1, end);
    else if (sign === 36) this.keyword(this.decoder.decode(bytes.subarray(start, end)));
    else if (sign === 114 || sign === 82) {
      this.number = numberOf(this.decoder.decode(bytes.subarray(start + 1, end)));
      this.pending = 'real';
    } else if (sign === 112) {
      this.readPort(bytes, start + 1, end);
      this.pending = 'port-0';
    } else {
      const shown = this.decoder.decode(bytes.subarray(start, Math.min(end, start + 40)));
      this.tell(
        'unknown-word',
        `"${shown}" is no value change and no keyword of a value change dump; it was passed over.`,
      );
    }
  }

  private blockWord(bytes: Uint8Array, start: number, end: number): void {
    const isEnd =
      end - start === 4 &&
      bytes[start] === 36 &&
      bytes[start + 1] === 101 &&
      bytes[start + 2] === 110 &&
      bytes[start + 3] === 100;
    if (!isEnd) {
      if (!this.skipping) this.block!.push(this.decoder.decode(bytes.subarray(start, end)));
      return;
    }
    const [keyword, ...words] = this.block!;
    this.block = undefined;
    this.close(keyword!, words);
  }

  private keyword(word: string): void {
    switch (word) {
      case '$end':
      case '$dumpvars':
      case '$dumpall':
      case '$dumpports':
      case '$dumpportsall':
        return;
      case '$dumpoff':
      case '$dumpportsoff':
        this.recorder.pause(this.time);
        return;
      case '$dumpon':
      case '$dumpportson':
        this.recorder.resume(this.time);
        return;
    }
    this.block = [word];
    this.blockLine = this.line;
    this.skipping = !BLOCKS.has(word);
    if (this.skipping && !SKIPPED.has(word)) {
      this.tell('unknown-keyword', `The keyword ${word} is not known; what stands before its $end was passed over.`);
    }
  }

  private close(keyword: string, words: string[]): void {
    const { info } = this.recorder;
    const text = words.join(' ');
    switch (keyword) {
      case '$date':
        info.date = text;
        return;
      case '$version':
        info.version = text;
        return;
      case '$comment':
        info.comments = [...(info.comments ?? []), text];
        return;
      case '$timescale': {
        const exponent = timescaleOf(text);
        if (exponent === undefined) {
          const what = `"${text}" is no timescale (1, 10 or 100, and s, ms, us, ns, ps or fs); 1 ns is taken.`;
          this.tell('bad-timescale', what, 'warning', this.blockLine);
        }
        info.timescale = exponent ?? -9;
        return;
      }
      case '$scope':
        this.openScope(words);
        return;
      case '$upscope':
        if (this.scopes.pop() === undefined) {
          this.tell('bad-scope', 'There is an $upscope without a $scope before it.', 'warning', this.blockLine);
        }
        return;
      case '$var':
        this.declare(words);
        return;
      case '$enddefinitions':
        this.defined = true;
    }
  }

  private openScope(words: string[]): void {
    const [kind = 'module', ...rest] = words;
    const name = rest.join(' ').replace(/^\\/, '');
    if (name === '') this.tell('bad-scope', 'A $scope has no name.', 'warning', this.blockLine);
    const parent = this.scopes.at(-1) ?? -1;
    // A scope may be opened again: what it holds is one list all the same.
    const key = `${parent} ${name}`;
    let id = this.scopeIds.get(key);
    if (id === undefined) {
      id = this.recorder.scope({ name: name || '?', kind, parent });
      this.scopeIds.set(key, id);
    }
    this.scopes.push(id);
  }

  private declare(words: string[]): void {
    const [word, size, code, ...rest] = words;
    const given = Number(size?.replace(/^\[(\d+):(\d+)\]$/, (_, left, right) => String(Math.abs(left - right) + 1)));
    if (!word || !code || rest.length === 0 || !Number.isInteger(given) || given < 0 || given > MAX_WIDTH) {
      const what = `"$var ${words.join(' ')} $end" declares no variable: a word, a size, a code and a name are needed.`;
      this.tell('bad-var', what, 'warning', this.blockLine);
      return;
    }
    const type = vcdType(word);
    const width = type === 'bits' ? Math.max(1, given) : type === 'real' ? 64 : 0;
    const { name, ranges } = splitReference(rest.join(' '), width);
    const known = this.variables[this.indexOf(code) - 1];
    const signal = { name, scope: this.scopes.at(-1) ?? -1, word, type: known?.type ?? type, ranges };
    const shared = known && (known.type !== 'bits' || width <= known.width || type !== 'bits');
    if (known && !shared) {
      const what = `"${name}" has ${width} bits, but shares the code ${code} with a variable of ${known.width}.`;
      this.tell('width-differs', what, 'warning', this.blockLine);
    }
    const own = known ? (known.type === 'bits' && type === 'bits' ? Math.min(width, known.width) : known.width) : width;
    const signed = word === 'integer' || word === 'int' || word === 'shortint' || word === 'longint' || word === 'byte';
    const trace = this.recorder.declare({ ...signal, width: own, signed, alias: known?.trace });
    if (known) return;
    this.variables.push({ trace, type, width, words: wordsOf(width) });
    const key = keyOf(code);
    if (key >= 0) this.byKey[key] = this.variables.length;
    else this.byCode.set(code, this.variables.length);
  }

  private indexOf(code: string): number {
    const key = keyOf(code);
    return key >= 0 ? this.byKey[key]! : (this.byCode.get(code) ?? 0);
  }

  private variableOf(bytes: Uint8Array, start: number, end: number): Variable | undefined {
    let index = 0;
    if (end - start <= 3) {
      let key = 0;
      for (let at = end - 1; at >= start; at--) key = key * 95 + (bytes[at]! - 32);
      index = key < KEY_ROOM ? this.byKey[key]! : 0;
      if (index === 0 && bytes[start]! > 126)
        index = this.byCode.get(this.decoder.decode(bytes.subarray(start, end))) ?? 0;
    } else index = this.byCode.get(this.decoder.decode(bytes.subarray(start, end))) ?? 0;
    if (index > 0) return this.variables[index - 1];
    if (end === start) this.tell('no-code', 'A value has no identifier code behind it.');
    else {
      const code = this.decoder.decode(bytes.subarray(start, Math.min(end, start + 20)));
      this.tell('unknown-code', `No variable has the code ${code}; its value was passed over.`);
    }
    return undefined;
  }

  private scalar(code: number, variable: Variable | undefined): void {
    if (!variable) return;
    const { type, width, trace } = variable;
    this.begun = true;
    if (type === 'bits' && width === 1) this.recorder.change1(trace, this.time, code & 1, code >> 1);
    else if (type === 'event') this.recorder.change1(trace, this.time, 1, 0);
    else if (type === 'bits') {
      this.a[0] = code & 1;
      this.b[0] = code >> 1;
      this.digits = 1;
      this.fill = code >= 2 ? code : 0;
      this.emitBits(variable);
    } else if (type === 'real') this.recorder.real(trace, this.time, code === 0 ? 0 : code === 1 ? 1 : Number.NaN);
    else this.mismatch('a bit', variable);
  }

  /** The word after a vector, a real, a string or a port value. */
  private complete(bytes: Uint8Array, start: number, end: number): void {
    const { pending } = this;
    if (pending === 'port-0' || pending === 'port-1') {
      // The strengths of the two drives say nothing in four states.
      this.pending = pending === 'port-0' ? 'port-1' : 'port';
      return;
    }
    this.pending = 'none';
    const variable = this.variableOf(bytes, start, end);
    if (!variable) return;
    this.begun = true;
    const { type, trace } = variable;
    if (pending === 'bits' || pending === 'port') {
      if (type === 'bits') this.emitBits(variable);
      else if (type === 'event') this.recorder.change1(trace, this.time, 1, 0);
      else this.mismatch('a vector', variable);
    } else if (pending === 'real') {
      if (type === 'real') this.recorder.real(trace, this.time, this.number);
      else this.mismatch('a real number', variable);
    } else this.emitText(variable);
  }

  private emitText(variable: Variable): void {
    this.begun = true;
    if (variable.type === 'text') this.recorder.text(variable.trace, this.time, unescapeText(this.text));
    else this.mismatch('a text', variable);
  }

  private mismatch(value: string, { type }: Variable): void {
    const kind =
      type === 'bits' ? 'a vector' : type === 'real' ? 'a real number' : type === 'text' ? 'a text' : 'an event';
    this.tell('type-differs', `The value is ${value}, but the variable is ${kind}; it was passed over.`);
  }

  private emitBits(variable: Variable): void {
    const { trace, width, words } = variable;
    const { a, b, digits, fill } = this;
    const read = Math.max(1, wordsOf(digits));
    if (words > a.length) {
      this.a = grown(a, words);
      this.b = grown(b, words);
    }
    const [planeA, planeB] = [this.a, this.b];
    for (let word = read; word < words; word++) {
      planeA[word] = fill & 1 ? -1 : 0;
      planeB[word] = fill & 2 ? -1 : 0;
    }
    // The highest digit given is repeated to the left where it is x or z.
    const rest = digits & 31;
    if (fill !== 0 && rest !== 0 && digits < width) {
      const above = -1 << rest;
      if (fill & 1) planeA[read - 1]! |= above;
      if (fill & 2) planeB[read - 1]! |= above;
    }
    if (digits > width && this.cuts(width)) {
      this.tell('value-too-wide', `A value of ${digits} digits was cut to the ${width} bits of its variable.`);
    }
    if (width & 31) {
      const mask = (1 << (width & 31)) - 1;
      planeA[words - 1]! &= mask;
      planeB[words - 1]! &= mask;
    }
    if (width === 1) this.recorder.change1(trace, this.time, planeA[0]! & 1, planeB[0]! & 1);
    else if (words === 1) this.recorder.change32(trace, this.time, planeA[0]!, planeB[0]!);
    else this.recorder.change(trace, this.time, planeA, planeB, 0, words);
  }

  /** Whether digits above so many bits are more than zeros. */
  private cuts(width: number): boolean {
    for (let bit = width; bit < this.digits; bit++) {
      if (((this.a[bit >> 5]! | this.b[bit >> 5]!) >>> (bit & 31)) & 1) return true;
    }
    return false;
  }

  private readBits(bytes: Uint8Array, start: number, end: number): void {
    const digits = end - start;
    const words = Math.max(1, wordsOf(digits));
    if (words > this.a.length) {
      this.a = grown(this.a, words);
      this.b = grown(this.b, words);
    }
    const { a, b } = this;
    let at = end;
    for (let word = 0; word < words; word++) {
      let [planeA, planeB] = [0, 0];
      const stop = Math.max(start, at - 32);
      for (let bit = 0; at > stop; bit++) {
        const code = SCALARS[bytes[--at]!]!;
        if (code < 0) {
          const shown = String.fromCharCode(bytes[at]!);
          this.tell('bad-digit', `"${shown}" is no binary digit; it was taken as x.`);
          planeA |= 1 << bit;
          planeB |= 1 << bit;
        } else {
          planeA |= (code & 1) << bit;
          planeB |= (code >> 1) << bit;
        }
      }
      a[word] = planeA;
      b[word] = planeB;
    }
    this.digits = digits;
    const top = digits > 0 ? SCALARS[bytes[start]!]! : 0;
    this.fill = top >= 2 ? top : 0;
    if (digits === 0) this.tell('no-digits', 'A vector has no digits; it was taken as 0.');
  }

  /** Port values (IEEE 1364-2005, 18.4.3.1): which of 0, 1, x and z each is; who drives it, and how, is left out. */
  private readPort(bytes: Uint8Array, start: number, end: number): void {
    const plain = new Uint8Array(end - start);
    for (let at = start; at < end; at++) {
      const code = PORTS.get(String.fromCharCode(bytes[at]!));
      if (code === undefined)
        this.tell('bad-digit', `"${String.fromCharCode(bytes[at]!)}" is no port value; it was taken as x.`);
      plain[at - start] = (code ?? 'x').charCodeAt(0);
    }
    this.readBits(plain, 0, plain.length);
  }

  /** A text and its code take the rest of the line: some writers leave the blanks in a text as they are. */
  private stringChange(bytes: Uint8Array, start: number, end: number): number {
    let stop = bytes.indexOf(10, start);
    if (stop < 0 || stop > end) stop = end;
    const line = this.decoder.decode(bytes.subarray(start + 1, stop)).replace(/\s+$/, '');
    const cut = line.search(/\s\S+$/);
    if (cut < 0) {
      this.text = line;
      this.pending = 'text';
      return stop;
    }
    this.text = line.slice(0, cut);
    const code = new TextEncoder().encode(line.slice(cut + 1));
    const variable = this.variableOf(code, 0, code.length);
    if (variable) this.emitText(variable);
    return stop;
  }

  private readTime(bytes: Uint8Array, start: number, end: number): void {
    let time = 0;
    let bad = end === start;
    for (let at = start; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) bad = true;
      time = time * 10 + digit;
    }
    if (bad) {
      const shown = this.decoder.decode(bytes.subarray(start - 1, Math.min(end, start + 40)));
      this.tell('bad-time', `"${shown}" is no time; it was passed over.`);
      return;
    }
    if (end - start >= UNSAFE_DIGITS && !Number.isSafeInteger(time)) {
      this.tell('time-too-large', 'A time is past 2^53 and is known only roughly.');
    }
    if (time < this.time) {
      this.tell(
        'time-goes-back',
        `Time goes back from ${this.time} to ${time}; what follows is taken as at ${this.time}.`,
      );
      return;
    }
    this.time = time;
    this.recorder.reach(time);
  }
}

const MAX_WIDTH = 1 << 24;
const BLOCKS = new Set([
  '$date',
  '$version',
  '$comment',
  '$timescale',
  '$scope',
  '$upscope',
  '$var',
  '$enddefinitions',
]);
/** Known, and without a meaning here: GTKWave's attributes, its time offset, and the close of port dumps. */
const SKIPPED = new Set(['$attrbegin', '$attrend', '$timezero', '$vcdclose', '$dumpportsflush']);

/** 0, 1, z = 2, x = 3 by sign; -1: no digit. The further values of VHDL's std_logic are taken as the nearest. */
const SCALARS = new Int8Array(256).fill(-1);
for (const [sign, code] of Object.entries({ 0: 0, 1: 1, z: 2, x: 3, u: 3, w: 3, l: 0, h: 1, '-': 3 })) {
  SCALARS[sign.charCodeAt(0)] = code;
  SCALARS[sign.toUpperCase().charCodeAt(0)] = code;
}

const PORTS = new Map<string, string>();
for (const [value, signs] of Object.entries({ 0: 'DdLl0', 1: 'UuHh1', z: 'ZTFf', x: 'NX?AaBbCc' })) {
  for (const sign of signs) PORTS.set(sign, value);
}

/** A code of up to three signs as a number, the same as `variableOf` reads from bytes; -1: longer, or other signs. */
function keyOf(code: string): number {
  if (code.length > 3) return -1;
  let key = 0;
  for (let at = code.length - 1; at >= 0; at--) {
    const sign = code.charCodeAt(at);
    if (sign < 33 || sign > 126) return -1;
    key = key * 95 + (sign - 32);
  }
  return key;
}

function numberOf(text: string): number {
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  if (/^\+?inf/i.test(text)) return Number.POSITIVE_INFINITY;
  return /^-inf/i.test(text) ? Number.NEGATIVE_INFINITY : Number.NaN;
}

function grown(from: Int32Array<ArrayBuffer>, words: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(Math.max(words, from.length * 2));
  to.set(from);
  return to;
}
