import type { At, EnumInfo } from '../ir/types.ts';
import { wordsOf } from '../ir/words.ts';
import { Cursor } from './fst-bytes.ts';
import { UnpackError } from './lz.ts';
import type { WaveRecorder } from './recorder.ts';
import type { TraceId, WaveType } from './types.ts';
import { splitReference, unescapeText, vcdType } from './vcd-names.ts';

const SCOPE_KINDS = (
  'module task function begin fork generate struct union class interface package program ' +
  'vhdl_architecture vhdl_procedure vhdl_function vhdl_record vhdl_process vhdl_block ' +
  'vhdl_for_generate vhdl_if_generate vhdl_generate vhdl_package sv_array'
).split(' ');

const VAR_WORDS = (
  'event integer parameter real real_parameter reg supply0 supply1 time tri triand trior trireg tri0 tri1 wand wire wor ' +
  'port sparray realtime string bit logic int shortint longint byte enum shortreal'
).split(' ');
const PORT = VAR_WORDS.indexOf('port');

const DIRECTIONS = [undefined, 'input', 'output', 'inout', undefined, undefined] as const;

const ATTRIBUTE = 252;
const END_ATTRIBUTE = 253;
const SCOPE = 254;
const UPSCOPE = 255;
const MISC = 0;
const COMMENT = 0;
const PATH_NAME = 3;
const SOURCE = 4;
const INSTANCE_SOURCE = 5;
const ENUM_TABLE = 7;

/** A series of values in the file. */
export interface FstVariable {
  trace: TraceId;
  type: WaveType;
  width: number;
  words: number;
}

/** Declares the scopes and signals of an FST file; answers its variables by handle - 1. */
export function readHierarchy(bytes: Uint8Array, recorder: WaveRecorder): FstVariable[] {
  const cursor = new Cursor(bytes);
  const decoder = new TextDecoder();
  const variables: FstVariable[] = [];
  const scopes: number[] = [];
  const scopeIds = new Map<string, number>();
  const paths = new Map<number, string>();
  const enums = new Map<number, number>();
  let at: At | undefined;
  let enumType: number | undefined;
  const attribute = () => {
    const type = cursor.byte();
    const subtype = cursor.byte();
    const raw = cursor.text();
    const argument = cursor.varint();
    if (type !== MISC) return;
    if (subtype === COMMENT) {
      recorder.info.comments = [...(recorder.info.comments ?? []), decoder.decode(raw)];
    } else if (subtype === PATH_NAME) paths.set(argument, decoder.decode(raw));
    else if (subtype === SOURCE || (subtype === INSTANCE_SOURCE && !at)) {
      const file = paths.get(new Cursor(raw).varint());
      if (file !== undefined) at = { file, line: argument, column: 1 };
    } else if (subtype === ENUM_TABLE) {
      if (raw.length === 0) enumType = enums.get(argument);
      else {
        const table = enumTable(decoder.decode(raw));
        if (table) enums.set(argument, recorder.enumeration(table));
      }
    }
  };
  const openScope = () => {
    const kind = SCOPE_KINDS[cursor.byte()] ?? 'module';
    const name = decoder.decode(cursor.text()) || '$unnamed';
    const component = decoder.decode(cursor.text());
    const parent = scopes.at(-1) ?? -1;
    const key = `${parent} ${name}`;
    let id = scopeIds.get(key);
    if (id === undefined) {
      const plain = name.replace(/^\\/, '');
      id = recorder.scope({ name: plain, kind, parent, module: component || undefined, at });
      scopeIds.set(key, id);
    }
    scopes.push(id);
    at = undefined;
  };
  const declare = (tag: number) => {
    const word = VAR_WORDS[tag]!;
    const direction = DIRECTIONS[cursor.byte()];
    const reference = decoder.decode(cursor.text());
    let length = cursor.varint();
    const alias = cursor.varint();
    if (tag === PORT) length = Math.floor((length - 2) / 3);
    if (alias > variables.length) throw new UnpackError('A signal shares the values of one that does not exist.');
    const known = alias > 0 ? variables[alias - 1] : undefined;
    // A variable without a length holds texts, whatever its kind.
    const type = known?.type ?? (vcdType(word) === 'bits' && length === 0 ? 'text' : vcdType(word));
    const width = known?.width ?? (type === 'bits' ? length : type === 'real' ? 64 : 0);
    const { name, ranges } = splitReference(reference, type === 'bits' ? width : 1);
    const signed = word === 'integer' || word === 'int' || word === 'shortint' || word === 'longint' || word === 'byte';
    const scope = scopes.at(-1) ?? -1;
    const signal = { name, scope, word, type, width, ranges, signed, direction, enumType, at };
    const trace = recorder.declare({ ...signal, alias: known?.trace });
    if (!known) variables.push({ trace, type, width, words: wordsOf(width) });
    enumType = undefined;
    at = undefined;
  };
  while (cursor.left > 0) {
    const tag = cursor.byte();
    if (tag === SCOPE) openScope();
    else if (tag === UPSCOPE) scopes.pop();
    else if (tag === ATTRIBUTE) attribute();
    else if (tag === END_ATTRIBUTE) continue;
    else if (tag < VAR_WORDS.length) declare(tag);
    else throw new UnpackError(`The list of signals has an entry of the unknown kind ${tag}.`);
  }
  return variables;
}

/** `name count literal... value...`, values in binary digits. */
function enumTable(text: string): EnumInfo | undefined {
  const [name = '', size, ...rest] = text.split(' ');
  const count = Number(size);
  if (!Number.isInteger(count) || rest.length !== 2 * count) return undefined;
  const members = rest.slice(0, count).map((literal, index) => {
    const digits = unescapeText(rest[count + index]!).toLowerCase();
    const plane = (ones: string) => BigInt(`0b0${[...digits].map((digit) => (ones.includes(digit) ? 1 : 0)).join('')}`);
    return { name: unescapeText(literal), a: plane('1x'), b: plane('xz') };
  });
  return { name, members };
}
