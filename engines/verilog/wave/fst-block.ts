import { breathe } from '../../core/abort.ts';
import { Cursor, checkSize, inflate, inflateUnlessPlain } from './fst-bytes.ts';
import type { FstVariable } from './fst-hierarchy.ts';
import { UnpackError, unpackFastLz, unpackLz4 } from './lz.ts';
import type { WaveRecorder } from './recorder.ts';

export interface BlockOptions {
  /** How series that are equal to others are marked: 0 not at all, 1 and 2 by the two forms of aliases. */
  form: 0 | 1 | 2;
  /** Of the file: only then the values at the start of the block are news. */
  first: boolean;
  /** Doubles are little-endian. */
  little: boolean;
  /** Bytes of a value by handle; 8 for a double, 0 for a text. */
  lengths: readonly number[];
  variables: readonly FstVariable[];
  recorder: WaveRecorder;
  signal: AbortSignal;
}

/** Times between two turns for others. */
const BREATH = 50_000;
const LZ4 = 52;
const FAST_LZ = 70;
const decoder = new TextDecoder();
const NINE_STATES = 'xzhuwl-?';

/** Where the packed changes of a variable are. */
interface Chain {
  start: number;
  bytes: number;
}

/** Reads a block of value changes into the recorder, in order of time. */
export async function readBlock(body: Uint8Array, options: BlockOptions): Promise<void> {
  const head = new Cursor(body);
  const beginTime = head.long();
  head.take(16);
  const frameSize = head.varint();
  const framePacked = head.varint();
  head.varint();
  const frame = head.take(framePacked);
  const handles = head.varint();
  const changesAt = head.at;
  const packing = head.byte();

  const tail = new Cursor(body, Math.max(changesAt, body.length - 24));
  const timeSize = tail.long();
  const timePacked = tail.long();
  const timeCount = tail.long();
  const timesAt = body.length - 24 - timePacked;
  if (timesAt - 8 < changesAt) throw new UnpackError('The list of times of a block is longer than the block.');
  const times = readTimes(inflateUnlessPlain(body.subarray(timesAt, timesAt + timePacked), timeSize), timeCount);
  const index = new Cursor(body, timesAt - 8);
  const chainBytes = index.long();
  const chainsAt = timesAt - 8 - chainBytes;
  if (chainsAt < changesAt) throw new UnpackError('The index of a block is longer than the block.');
  const table = body.subarray(chainsAt, chainsAt + chainBytes);
  const chains = readChains(table, chainsAt - changesAt, handles, options.form);

  if (options.first && beginTime !== times[0]) {
    recordFrame(inflateUnlessPlain(frame, frameSize), beginTime, options);
  }
  const known = new Map<number, Uint8Array>();
  const series = chains.slice(0, options.variables.length).map((chain) => {
    if (!chain) return undefined;
    let bytes = known.get(chain.start);
    if (!bytes) {
      bytes = unpackChain(body.subarray(changesAt + chain.start, changesAt + chain.start + chain.bytes), packing);
      known.set(chain.start, bytes);
    }
    return bytes.length > 0 ? new Cursor(bytes) : undefined;
  });
  await replay(series, times, options);
}

function readTimes(bytes: Uint8Array, count: number): Float64Array {
  if (count > bytes.length) throw new UnpackError('A block announces more times than it lists.');
  const cursor = new Cursor(bytes);
  const times = new Float64Array(count);
  let time = 0;
  for (let item = 0; item < count; item++) {
    time += cursor.varint();
    times[item] = time;
  }
  return times;
}

/** By handle; an empty place where a variable does not change in this block. */
function readChains(table: Uint8Array, end: number, handles: number, form: 0 | 1 | 2): (Chain | undefined)[] {
  const cursor = new Cursor(table);
  const chains: (Chain | undefined)[] = [];
  const same = (handle: number) => {
    const other = chains[handle];
    if (handle < 0 || handle >= chains.length) throw new UnpackError('A signal shares the changes of a later one.');
    chains.push(other);
  };
  let last: Chain | undefined;
  let start = 0;
  let before = -1;
  const begin = (distance: number) => {
    start += distance;
    if (last) last.bytes = start - last.start;
    if (start > end) throw new UnpackError('The changes of a signal are outside of their block.');
    last = { start, bytes: end - start };
    chains.push(last);
  };
  const skip = (count: number) => {
    if (chains.length + count > handles + 1) throw new UnpackError('A block lists more signals than there are.');
    for (let left = count; left > 0; left--) chains.push(undefined);
  };
  while (cursor.left > 0) {
    const odd = (table[cursor.at]! & 1) === 1;
    if (form === 2 && odd) {
      const value = Math.floor(cursor.signedVarint() / 2);
      if (value > 0) begin(value);
      else {
        if (value < 0) before = -value - 1;
        same(before);
      }
      continue;
    }
    const value = cursor.varint();
    if (odd) begin((value - 1) / 2);
    else if (value === 0 && form === 1) same(cursor.varint() - 1);
    else skip(value / 2);
  }
  return chains;
}

function unpackChain(packed: Uint8Array, packing: number): Uint8Array {
  const cursor = new Cursor(packed);
  const size = cursor.varint();
  const rest = cursor.take(cursor.left);
  if (size === 0) return rest;
  checkSize(rest, size);
  if (packing === LZ4) return unpackLz4(rest, size);
  if (packing === FAST_LZ) return unpackFastLz(rest, size);
  return inflate(rest, size);
}

/** The values that held when the block began. */
function recordFrame(values: Uint8Array, time: number, { lengths, variables, recorder, little }: BlockOptions): void {
  const cursor = new Cursor(values);
  for (const [handle, variable] of variables.entries()) {
    const length = lengths[handle] ?? 0;
    if (cursor.left < length) return;
    if (length === 0) continue;
    if (variable.type === 'event') cursor.take(length);
    else if (variable.type === 'real') recorder.real(variable.trace, time, cursor.double(little));
    else recordDigits(cursor.take(length), variable, recorder, time);
  }
}

/** Goes through the times; at each, through the variables that change then. */
async function replay(
  series: readonly (Cursor | undefined)[],
  times: Float64Array,
  options: BlockOptions,
): Promise<void> {
  const { lengths, recorder } = options;
  // Lists of variables that change at a time, each a chain of handles + 1.
  const heads = new Int32Array(times.length);
  const next = new Int32Array(series.length);
  const wait = (handle: number, now: number) => {
    const cursor = series[handle]!;
    const { at } = cursor;
    const value = cursor.varint();
    cursor.at = at;
    const shift = lengths[handle] === 1 ? (value & 1 ? 16 : 4) : 2;
    const place = now + Math.floor(value / shift);
    if (place >= times.length) throw new UnpackError('A value changes after the last time of its block.');
    next[handle] = heads[place]!;
    heads[place] = handle + 1;
  };
  // From the last on, so that those of one time come out in the order of their handles.
  for (let handle = series.length - 1; handle >= 0; handle--) if (series[handle]) wait(handle, 0);
  for (let step = 0; step < times.length; step++) {
    const time = times[step]!;
    // What changes again at the same time is put in front of the list.
    while (heads[step]! > 0) {
      const handle = heads[step]! - 1;
      heads[step] = next[handle]!;
      const cursor = series[handle]!;
      record(cursor, handle, time, options);
      if (cursor.left > 0) wait(handle, step);
    }
    if (step % BREATH === BREATH - 1) await breathe(options.signal);
    if (recorder.stoppedAt !== undefined) return;
  }
}

function record(cursor: Cursor, handle: number, time: number, options: BlockOptions): void {
  const { lengths, recorder, little } = options;
  const variable = options.variables[handle]!;
  const length = lengths[handle] ?? 0;
  const mark = cursor.varint();
  if (length === 1) {
    const odd = (mark & 1) === 1;
    const value = (mark % 16) >> 1;
    recordDigits(Uint8Array.of(odd ? NINE_STATES.charCodeAt(value) : 48 + (value & 1)), variable, recorder, time);
  } else if (length === 0) {
    const text = cursor.take(cursor.varint());
    if ((mark & 1) === 0 && variable.type === 'text') recorder.text(variable.trace, time, decoder.decode(text));
  } else if (variable.type === 'real') {
    if (mark & 1) recorder.real(variable.trace, time, cursor.double(little));
    else {
      // Eight digits 0 and 1 that stand for themselves, packed into bits.
      const bits = cursor.byte();
      const digits = Uint8Array.from({ length: 8 }, (_, place) => 48 + ((bits >> (7 - place)) & 1));
      recorder.real(variable.trace, time, new Cursor(digits).double(little));
    }
  } else if (mark & 1) recordDigits(cursor.take(length), variable, recorder, time);
  else recordPacked(cursor.take((length + 7) >> 3), length, variable, recorder, time);
}

let planeA = new Int32Array(64);
let planeB = new Int32Array(64);

/** 0, 1, x and z; the further states of VHDL as the nearest of them. */
function recordDigits(digits: Uint8Array, variable: FstVariable, recorder: WaveRecorder, time: number): void {
  clear(variable.words);
  for (let place = 0; place < digits.length; place++) {
    const bit = digits.length - 1 - place;
    const mask = 1 << (bit & 31);
    const sign = digits[place]! | 32;
    if (sign === 49 || sign === 104) planeA[bit >> 5]! |= mask;
    else if (sign === 122) planeB[bit >> 5]! |= mask;
    else if (sign !== 48 && sign !== 108) {
      planeA[bit >> 5]! |= mask;
      planeB[bit >> 5]! |= mask;
    }
  }
  emit(variable, recorder, time);
}

/** Bits, the highest first in the highest place of the first byte. */
function recordPacked(
  bytes: Uint8Array,
  length: number,
  variable: FstVariable,
  recorder: WaveRecorder,
  time: number,
): void {
  clear(variable.words);
  for (let place = 0; place < length; place++) {
    const bit = length - 1 - place;
    if ((bytes[place >> 3]! >> (7 - (place & 7))) & 1) planeA[bit >> 5]! |= 1 << (bit & 31);
  }
  emit(variable, recorder, time);
}

function clear(words: number): void {
  if (words > planeA.length) {
    planeA = new Int32Array(words * 2);
    planeB = new Int32Array(words * 2);
  } else {
    planeA.fill(0, 0, words);
    planeB.fill(0, 0, words);
  }
}

function emit({ trace, type, width, words }: FstVariable, recorder: WaveRecorder, time: number): void {
  if (type === 'event') recorder.change1(trace, time, 1, 0);
  else if (type !== 'bits') return;
  else if (width === 1) recorder.change1(trace, time, planeA[0]! & 1, planeB[0]! & 1);
  else if (words === 1) recorder.change32(trace, time, planeA[0]!, planeB[0]!);
  else recorder.change(trace, time, planeA, planeB, 0, words);
}
