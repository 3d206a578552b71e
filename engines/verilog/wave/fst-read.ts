import { breathe } from '../../core/abort.ts';
import { type ByteSource, byteSource } from '../../core/byte-source.ts';
import type { Problem } from '../../core/result.ts';
import { readBlock } from './fst-block.ts';
import { Cursor, checkSize, inflate, inflateUnlessPlain } from './fst-bytes.ts';
import { type FstVariable, readHierarchy } from './fst-hierarchy.ts';
import { UnpackError, unpackLz4 } from './lz.ts';
import type { WaveRecorder } from './recorder.ts';
import type { ReadOptions } from './vcd-read.ts';

const HEADER = 0;
const CHANGES = 1;
const BLACKOUT = 2;
const GEOMETRY = 3;
const HIERARCHY = 4;
const CHANGES_ALIAS = 5;
const HIERARCHY_LZ4 = 6;
const HIERARCHY_LZ4_TWICE = 7;
const CHANGES_ALIAS2 = 8;
const WRAPPER = 254;
const SKIP = 255;
/** A block's kind and its length. */
const LEAD = 9;
const HEADER_BYTES = 329;
/** Of a variable whose texts have their own lengths. */
const TEXT_LENGTH = 0xffffffff;

interface Block {
  kind: number;
  /** Of what follows the kind and the length. */
  offset: number;
  bytes: number;
}

/**
 * Reads a file of the Fast Signal Trace format (GTKWave's; its blocks are described with that program): header, geometry,
 * hierarchy in any of its packings, blocks of value changes with aliases in all three forms, packed by zlib, FastLZ or LZ4.
 * A file that was cut off is read as far as it goes.
 *
 * @throws an AbortError when `signal` is aborted.
 */
export async function readFst(source: ByteSource, recorder: WaveRecorder, options: ReadOptions): Promise<Problem[]> {
  const problems: Problem[] = [];
  const tell = (code: string, what: string, severity: Problem['severity'], remedy?: string) =>
    problems.push({ code, severity, what, where: { file: options.file }, remedy });
  try {
    await read(source, recorder, options, tell);
  } catch (reason) {
    if (!(reason instanceof UnpackError)) throw reason;
    const rest = recorder.signalCount > 0 ? ' What was read before is kept.' : '';
    tell('broken-fst', `The FST file is broken: ${reason.message}${rest}`, 'error');
  }
  if (recorder.stoppedAt !== undefined) {
    const what = 'The file holds more value changes than there is room for; what comes later was left out.';
    tell('wave-limit', what, 'warning', 'Open a file with fewer signals or a shorter time.');
  }
  return problems;
}

type Tell = (code: string, what: string, severity: Problem['severity'], remedy?: string) => void;

async function read(given: ByteSource, recorder: WaveRecorder, options: ReadOptions, tell: Tell): Promise<void> {
  const source = await unwrapped(given);
  const { blocks, cut } = await blocksOf(source);
  if (cut) tell('truncated', 'The FST file ends in the middle of a block; it was read up to there.', 'warning');
  const bodyOf = async (block: Block) => {
    const bytes = await source.read(block.offset, block.bytes);
    if (bytes.length < block.bytes) throw new UnpackError('The file ends too early.');
    return bytes;
  };
  const [header] = blocks;
  if (header?.kind !== HEADER || header.bytes < HEADER_BYTES - 8)
    throw new UnpackError('It does not begin with a header.');
  const { little, endTime } = readHeader(new Cursor(await bodyOf(header)), recorder);
  const hierarchy = blocks.find(
    ({ kind }) => kind === HIERARCHY || kind === HIERARCHY_LZ4 || kind === HIERARCHY_LZ4_TWICE,
  );
  if (!hierarchy) {
    const remedy = 'Let the program that writes it end, or end it properly, and open the file again.';
    tell('no-hierarchy', 'The FST file was never closed: it has no list of signals.', 'error', remedy);
    return;
  }
  const variables = readHierarchy(unpackHierarchy(hierarchy.kind, await bodyOf(hierarchy)), recorder);
  const geometry = blocks.find(({ kind }) => kind === GEOMETRY);
  const lengths = geometry ? readGeometry(await bodyOf(geometry)) : variables.map(lengthOf);
  for (const [handle, variable] of variables.entries()) {
    const length = lengths[handle];
    if (length === undefined || (variable.type !== 'event' && length !== lengthOf(variable))) {
      throw new UnpackError(`It gives two different lengths for signal ${handle + 1}.`);
    }
  }
  for (const blackout of blocks.filter(({ kind }) => kind === BLACKOUT))
    readBlackouts(await bodyOf(blackout), recorder);
  let first = true;
  for (const block of blocks) {
    if (block.kind !== CHANGES && block.kind !== CHANGES_ALIAS && block.kind !== CHANGES_ALIAS2) continue;
    const form = block.kind === CHANGES_ALIAS2 ? 2 : block.kind === CHANGES_ALIAS ? 1 : 0;
    await readBlock(await bodyOf(block), { form, first, little, lengths, variables, recorder, signal: options.signal });
    first = false;
    options.progress?.((block.offset + block.bytes) / source.bytes);
    await breathe(options.signal);
    if (recorder.stoppedAt !== undefined) return;
  }
  if (Number.isSafeInteger(endTime)) recorder.reach(endTime);
}

/** Bytes of one value in a block: 8 for a double, 0 for a text of its own length. */
function lengthOf({ type, width }: FstVariable): number {
  return type === 'real' ? 8 : type === 'event' ? 1 : width;
}

/** The file, or what is packed in it as a whole. */
async function unwrapped(source: ByteSource): Promise<ByteSource> {
  const lead = await source.read(0, LEAD + 8);
  if (lead[0] !== WRAPPER) return source;
  const cursor = new Cursor(lead, LEAD);
  const size = cursor.long();
  const packed = await source.read(LEAD + 8, source.bytes - LEAD - 8);
  return byteSource(inflate(packed, size));
}

async function blocksOf(source: ByteSource): Promise<{ blocks: Block[]; cut: boolean }> {
  const blocks: Block[] = [];
  let at = 0;
  while (at + LEAD <= source.bytes) {
    const cursor = new Cursor(await source.read(at, LEAD));
    const kind = cursor.byte();
    // The length counts itself.
    const length = cursor.long();
    if (kind === SKIP || length < 8) break;
    if (at + 1 + length > source.bytes) return { blocks, cut: true };
    blocks.push({ kind, offset: at + LEAD, bytes: length - 8 });
    at += 1 + length;
  }
  return { blocks, cut: at < source.bytes };
}

/** Whether doubles are little-endian, and the end of the run. */
function readHeader(cursor: Cursor, recorder: WaveRecorder): { little: boolean; endTime: number } {
  cursor.take(8);
  const endTime = cursor.long();
  const test = cursor.take(8);
  const view = new DataView(test.buffer, test.byteOffset, 8);
  const little = view.getFloat64(0, true) === Math.E;
  if (!little && view.getFloat64(0, false) !== Math.E) throw new UnpackError('Its header is not that of an FST file.');
  cursor.take(40);
  const exponent = (cursor.byte() << 24) >> 24;
  const decoder = new TextDecoder();
  const text = () => {
    const bytes = cursor.take(128);
    const end = bytes.indexOf(0);
    return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
  };
  recorder.info.timescale = exponent;
  recorder.info.version = text();
  recorder.info.date = text();
  return { little, endTime };
}

function unpackHierarchy(kind: number, body: Uint8Array): Uint8Array {
  const cursor = new Cursor(body);
  const size = cursor.long();
  const packed = () => cursor.take(cursor.left);
  if (kind === HIERARCHY) return inflate(packed(), size);
  if (kind === HIERARCHY_LZ4) return lz4(packed(), size);
  const middle = cursor.varint();
  return lz4(lz4(packed(), middle), size);
}

function lz4(packed: Uint8Array, size: number): Uint8Array {
  checkSize(packed, size);
  return unpackLz4(packed, size);
}

/** Bytes of a value of every variable, as `lengthOf` has them. */
function readGeometry(body: Uint8Array): number[] {
  const head = new Cursor(body);
  const size = head.long();
  const count = head.long();
  const cursor = new Cursor(inflateUnlessPlain(head.take(head.left), size));
  if (count > size) throw new UnpackError('It announces more signals than it lists.');
  return Array.from({ length: count }, () => {
    const length = cursor.varint();
    return length === 0 ? 8 : length === TEXT_LENGTH ? 0 : length;
  });
}

function readBlackouts(body: Uint8Array, recorder: WaveRecorder): void {
  const cursor = new Cursor(body);
  let time = 0;
  for (let count = cursor.varint(); count > 0; count--) {
    const on = cursor.byte() !== 0;
    time += cursor.varint();
    if (on) recorder.resume(time);
    else recorder.pause(time);
  }
}
