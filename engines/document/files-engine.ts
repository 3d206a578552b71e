import { breathe } from '../core/abort.ts';
import { byteSource } from '../core/byte-source.ts';
import { Sha256 } from '../core/hash.ts';
import type { Engine, Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { type Unpacked, unpack } from './pack.ts';

const PIECE = 4 * 1024 * 1024;

/** SHA-256 of a file, in hex, read piece by piece. */
async function hash({ content }: { content: Uint8Array | Blob }, job: Job): Promise<Result<string>> {
  const source = byteSource(content);
  const sum = new Sha256();
  for (let at = 0; at < source.bytes; at += PIECE) {
    sum.update(await source.read(at, PIECE));
    job.progress(at / source.bytes, 'Reading the file');
    await breathe(job.signal);
  }
  return ok(sum.hex());
}

async function unpackFile({ content }: { content: Blob }): Promise<Result<Unpacked>> {
  return unpack(new Uint8Array(await content.arrayBuffer()));
}

/** What takes long with large files and belongs to no lab: off the page's own thread. */
export const engine: Engine = { id: 'files', version: '1', entries: { hash, unpack: unpackFile } };
