import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = new Set([
  '.html',
  '.js',
  '.mjs',
  '.css',
  '.json',
  '.svg',
  '.wasm',
  '.txt',
  '.v',
  '.lib',
  '.map',
  '.ttf',
]);
const MIN_BYTES = 1024;
/** Above this, the best quality of Brotli takes minutes and saves little. */
const BIG_BYTES = 1 << 20;
/** By content, so that a file that did not change is not compressed again by the next build. */
const cache = fileURLToPath(new URL('../../build/compressed/', import.meta.url));

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

const FORMS = [
  {
    extension: '.br',
    compress: (bytes: Buffer) =>
      brotli(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: bytes.length > BIG_BYTES ? 9 : 11,
          [constants.BROTLI_PARAM_LGWIN]: 22,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
  },
  { extension: '.gz', compress: (bytes: Buffer) => deflate(bytes, { level: 9 }) },
];

/** Writes `x.br` and `x.gz` beside every file of the build that gains by it. `workers/serve.ts` sends them. */
export function precompress(): Plugin {
  let folder = '';
  return {
    name: 'crossbar:precompress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) folder = config.build.outDir;
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler: () => compressFolder(folder),
    },
  };
}

export async function compressFolder(folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((file) => file.isFile() && COMPRESSIBLE.has(extname(file.name)))
    .map((file) => join(file.parentPath, file.name));
  const open = files.flatMap((file) => FORMS.map((form) => ({ file, form })));
  const work = async () => {
    for (let next = open.shift(); next; next = open.shift()) await writeForm(next.file, next.form);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

async function writeForm(file: string, { extension, compress }: (typeof FORMS)[number]): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length < MIN_BYTES) return;
  const kept = join(cache, createHash('sha256').update(bytes).digest('hex').slice(0, 32) + extension);
  try {
    await copyFile(kept, file + extension);
    return;
  } catch {
    // Not compressed before.
  }
  const compressed = await compress(bytes);
  if (compressed.length >= bytes.length) return;
  await writeFile(file + extension, compressed);
  const aside = `${kept}.${process.pid}`;
  await writeFile(aside, compressed);
  await rename(aside, kept);
}
