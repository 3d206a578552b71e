import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Problem } from '../../engines/core/result.ts';
import { type DesignDocument, encodeLink, pack, type Registry, unpack } from '../../engines/document/index.ts';
import { type Overrides, readDesign, readOverrides, readSource } from './design.ts';
import { Failure, Usage } from './errors.ts';
import { print, printProblems } from './output.ts';

/** Chat tools cut longer links. */
const LONGEST_LINK = 8000;

export async function open(files: string[], options: Overrides & { base?: string }): Promise<number> {
  const { design, name } = await readOne('open', files, options);
  const link = await shortestLink(design.document, design.registry);
  if (link.length > LONGEST_LINK) printProblems([longLink(link.length)], name);
  await print(`${(options.base ?? '').replace(/#.*$/, '')}${link}\n`);
  return 0;
}

export async function packDesign(files: string[], options: Overrides & { output?: string }): Promise<number> {
  const { design, name } = await readOne('pack', files, options);
  const bytes = await pack(design.document, design.blob);
  const packed = unpack(bytes);
  if (packed.ok && packed.value.missing.length > 0) {
    throw new Failure(
      packed.value.missing.map(({ name: blob, sha256 }) => ({
        code: 'blob-missing',
        severity: 'error',
        what: `The file "${blob}" of the design is not there.`,
        remedy: `Put it at blobs/${sha256} beside the design.`,
      })),
    );
  }
  const output = options.output ?? (name === 'standard input' ? 'design.zip' : `${withoutExtension(name)}.zip`);
  await writeFile(output, bytes);
  await print(`${output}\n`);
  return 0;
}

export async function unpackDesign(files: string[], options: { output?: string }): Promise<number> {
  const source = await readSource(one('unpack', files, 'DESIGN.zip'));
  const read = unpack(source.bytes);
  if (!read.ok) throw new Failure(read.problems);
  const folder = options.output ?? (source.name === 'standard input' ? 'design' : withoutExtension(source.name));
  await mkdir(join(folder, 'blobs'), { recursive: true });
  await writeFile(join(folder, 'design.json'), `${JSON.stringify(read.value.document, undefined, 2)}\n`);
  for (const { ref, bytes } of read.value.blobs) await writeFile(join(folder, 'blobs', ref.sha256), bytes);
  await print(`${join(folder, 'design.json')}\n`);
  return 0;
}

async function readOne(command: string, files: string[], options: Overrides) {
  const source = await readSource(one(command, files, 'DESIGN.json'));
  const read = await readDesign(source, readOverrides(options));
  if (!read.ok) throw new Failure(read.problems, source.name);
  printProblems(read.value.findings, source.name);
  return { design: read.value, name: source.name };
}

function one(command: string, files: string[], what: string): string {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) throw new Usage(`${command} wants one file: ${command} ${what}`);
  return file;
}

function withoutExtension(path: string): string {
  const name = basename(path);
  return name.slice(0, name.length - extname(name).length);
}

/** A design that was made from a shipped example travels as its changes to it. The title tells which to try. */
async function shortestLink(document: DesignDocument, registry: Registry): Promise<string> {
  const links = [await encodeLink(document, registry)];
  for (const { id, version, title } of (await registry.get(document.lab)?.examples()) ?? []) {
    if (title === document.title) links.push(await encodeLink(document, registry, { id, version }));
  }
  return links.reduce((best, link) => (link.length < best.length ? link : best));
}

function longLink(length: number): Problem {
  return {
    code: 'link-long',
    severity: 'warning',
    what: `The link has ${length} characters; many programs cut it off past ${LONGEST_LINK}.`,
    remedy: 'Send the design as a file: crossbar-studio pack.',
  };
}
