import type { ByteSource } from '../../core/byte-source.ts';
import type { Problem } from '../../core/result.ts';
import { readFst } from './fst-read.ts';
import type { WaveRecorder } from './recorder.ts';
import { type ReadOptions, readVcd } from './vcd-read.ts';

export type WaveFormat = 'vcd' | 'fst' | 'gzip' | 'ghw' | 'lxt' | 'unknown';

/** Which format a file of waves has, by its first bytes (16 are enough). */
export function waveFormat(head: Uint8Array): WaveFormat {
  const [first, second] = head;
  if (first === 31 && second === 139) return 'gzip';
  // A header block of 329 bytes, or a whole file packed in one block.
  if (first === 0 && head[7] === 1 && head[8] === 73) return 'fst';
  if (first === 254) return 'fst';
  const text = String.fromCharCode(...head.subarray(0, 16));
  if (text.startsWith('GHDLwave')) return 'ghw';
  if ((first === 0x13 && second === 0x80) || (first === 1 && second === 0x38)) return 'lxt';
  return /^[\s\0]*[$#]/.test(text) ? 'vcd' : 'unknown';
}

const OTHERS = { gzip: 'packed with gzip', ghw: 'of GHDL (GHW)', lxt: 'of the LXT or LXT2 format' };

/** Reads a file of waves of whichever format into a recorder; what is wrong with it is in the answer. */
export async function readWaves(source: ByteSource, recorder: WaveRecorder, options: ReadOptions): Promise<Problem[]> {
  const format = waveFormat(await source.read(0, 16));
  if (format === 'fst') return readFst(source, recorder, options);
  if (format === 'vcd' || format === 'unknown') return readVcd(source, recorder, options);
  const what = `The file is ${OTHERS[format]}, which cannot be read here.`;
  const remedy =
    format === 'gzip' ? 'Unpack it first.' : 'Save the waves as a value change dump (.vcd) or as FST, and open that.';
  return [{ code: 'not-supported', severity: 'error', what, where: { file: options.file }, remedy }];
}
