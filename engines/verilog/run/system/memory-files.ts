/** $readmemh, $readmemb, $writememh, $writememb (IEEE 1364-2005 section 17.2.9), with the messages of vvp. */

import { scopeName } from '../../ir/names.ts';
import type { CallSite, Machine, Vec } from '../machine.ts';
import { resize } from '../value/ops.ts';
import { fromBits, isVec } from '../value/vector.ts';
import { digitsOf } from './digits.ts';
import { type FileTable, latin1 } from './files.ts';
import { bitsOf } from './scan.ts';
import { numberOf, textOf } from './values.ts';

interface Range {
  first: number;
  last: number;
}

interface Memory {
  signal: number;
  width: number;
  /** Declared bounds. */
  left: number;
  right: number;
  count: number;
}

function memoryOf(site: CallSite, machine: Machine): Memory | undefined {
  const arg = site.args[1];
  if (!arg || (arg.kind !== 'expr' && arg.kind !== 'lvalue') || arg.signal === undefined) return undefined;
  const { type } = machine.design.signals[arg.signal]!;
  if (type.kind !== 'array' || type.element.kind !== 'vector') return undefined;
  const dim = type.dims.length === 1 ? type.dims[0]! : { left: 0, right: type.count - 1 };
  return { signal: arg.signal, width: type.element.width, left: dim.left, right: dim.right, count: type.count };
}

const elementAt = ({ left }: Memory, address: number) => Math.abs(address - left);

export class MemoryFiles {
  constructor(
    private readonly machine: Machine,
    private readonly files: FileTable,
  ) {}

  private say(kind: string, site: CallSite, text: string): void {
    this.machine.print(`${kind}: ${site.at.file}:${site.at.line}: ${text}\n`);
  }

  private nameOf({ signal, left, right }: Memory): string {
    const { design } = this.machine;
    const { scope, name } = design.signals[signal]!;
    return `${scopeName(design, scope)}.${name}[${left}:${right}]`;
  }

  /** The file's name, which may be a vector that holds no text. */
  private pathOf(site: CallSite, frame: unknown): string | undefined {
    const path = textOf(site.args[0], frame) ?? '';
    if (path !== '') return path;
    this.say('WARNING', site, `${site.name}'s file name argument is not a valid string.`);
    return undefined;
  }

  /** Where to start and end, by the arguments; undefined when they are out of range. */
  private range(site: CallSite, frame: unknown, memory: Memory): Range | undefined {
    const low = Math.min(memory.left, memory.right);
    const high = Math.max(memory.left, memory.right);
    const start = numberOf(site.args[2], frame);
    const stop = numberOf(site.args[3], frame);
    if (start === undefined && memory.left > memory.right) {
      this.say('WARNING', site, `${site.name}: Standard inconsistency, following 1364-2005.`);
    }
    const range = { first: start ?? low, last: stop ?? high };
    for (const [name, address] of [
      ['Start', range.first],
      ['Finish', range.last],
    ] as const) {
      if (address < low || address > high) {
        this.say(
          'ERROR',
          site,
          `${site.name}: ${name} address ${address} is out of bounds for memory '${this.nameOf(memory)}'!`,
        );
        return undefined;
      }
    }
    return range;
  }

  read(site: CallSite, frame: unknown): void {
    const path = this.pathOf(site, frame);
    if (path === undefined) return;
    const memory = memoryOf(site, this.machine);
    if (!memory) {
      this.say('ERROR', site, `${site.name}'s second argument must be a memory.`);
      return;
    }
    const content = this.files.content(path);
    if (!content) {
      this.say('ERROR', site, `${site.name}: Unable to open ${path} for reading.`);
      return;
    }
    const range = this.range(site, frame, memory);
    if (!range) return;
    const bits = site.name.endsWith('h') ? 4 : 1;
    const step = range.first <= range.last ? 1 : -1;
    const [low, high] = step > 0 ? [range.first, range.last] : [range.last, range.first];
    let address = range.first;
    let addressed = false;
    let loaded = 0;
    for (const token of tokens(content)) {
      if (token[0] === '@') {
        const wanted = Number.parseInt(token.slice(1).replaceAll('_', ''), 16);
        if (!(wanted >= low && wanted <= high)) {
          this.say(
            'ERROR',
            site,
            `${site.name}(${path}): address (0x${wanted.toString(16)}) is out of range [0x${hex(range.first)}:0x${hex(range.last)}]`,
          );
          return;
        }
        address = wanted;
        addressed = true;
        continue;
      }
      const wrong = bits === 4 ? /[^0-9a-fA-FxXzZ_?]/.exec(token) : /[^01xXzZ_?]/.exec(token);
      if (wrong) {
        this.say('ERROR', site, `${site.name}(${path}): Invalid input character: ${wrong[0]}`);
        return;
      }
      if (address < low || address > high) {
        this.say(
          'WARNING',
          site,
          `${site.name}(${path}): Too many words in the file for the requested range [${range.first}:${range.last}].`,
        );
        return;
      }
      this.machine.write(memory.signal, word(token, bits, memory.width), elementAt(memory, address));
      address += step;
      loaded++;
    }
    if (!addressed && loaded < high - low + 1) {
      this.say(
        'WARNING',
        site,
        `${site.name}(${path}): Not enough words in the file for the requested range [${range.first}:${range.last}].`,
      );
    }
  }

  write(site: CallSite, frame: unknown): void {
    const path = this.pathOf(site, frame);
    if (path === undefined) return;
    const memory = memoryOf(site, this.machine);
    if (!memory) {
      this.say('ERROR', site, `${site.name}'s second argument must be a memory.`);
      return;
    }
    const range = this.range(site, frame, memory);
    if (!range) return;
    const step = range.first <= range.last ? 1 : -1;
    const lines: string[] = [];
    for (
      let address = range.first, i = 0;
      step > 0 ? address <= range.last : address >= range.last;
      address += step, i++
    ) {
      if (i % 16 === 0) lines.push(`// 0x${(i >>> 0).toString(16).padStart(8, '0')}`);
      const value = this.machine.read(memory.signal, elementAt(memory, address));
      lines.push(isVec(value) ? digitsOf(value, site.name.endsWith('h') ? 4 : 1).toLowerCase() : '');
    }
    this.files.put(path, latin1(`${lines.join('\n')}\n`));
  }
}

const hex = (value: number) => value.toString(16);

function word(token: string, bits: number, width: number): Vec {
  return resize(fromBits(bitsOf(token.replaceAll('_', ''), bits)), width, false);
}

/** Words between blanks; comments are passed over. */
function* tokens(content: Uint8Array): Generator<string> {
  let text = '';
  for (let at = 0; at <= content.length; at++) {
    const byte = content[at];
    const slash = byte === 47 && (content[at + 1] === 47 || content[at + 1] === 42);
    if (byte === undefined || byte <= 32 || slash) {
      if (text !== '') yield text;
      text = '';
      if (slash && content[at + 1] === 47) {
        while (at < content.length && content[at] !== 10) at++;
      } else if (slash) {
        at += 2;
        while (at < content.length && !(content[at] === 42 && content[at + 1] === 47)) at++;
        at++;
      }
    } else text += String.fromCharCode(byte);
  }
}
