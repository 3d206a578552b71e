import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { SCRIPT_NAME, type Tree } from './yosys.ts';

/** A file of the design as Yosys is to see it. */
export interface SourceText {
  path: string;
  content: string | Uint8Array;
}

/** Files laid out for Yosys, with the way back from the names it prints to the user's paths. */
export interface SourceTree {
  tree: Tree;
  /** The path under which a user's file lies in `tree`. */
  alias(path: string): string;
  /** The user's path of a name that Yosys printed; the name itself when it is not one of the files. */
  userPath(name: string): string;
  /** Whether a name that Yosys printed is one of the user's files. */
  has(name: string): boolean;
  /** The text of a user's file, decoded once. */
  text(path: string): string | undefined;
  /** Makes a further name stand for a user's file. */
  stand(name: string, path: string): void;
  /** Laid out files in order: alias and content. */
  entries: { alias: string; content: string | Uint8Array }[];
}

/** More than this in all is refused: Yosys would need several gigabytes to parse it. */
export const LARGEST_SOURCES_BYTES = 64 * 1024 * 1024;

const VERILOG = /\.(v|sv|vp|svp|verilog)$/i;
const SYSTEM_VERILOG = /\.(sv|svp)$/i;
const HEADER = /\.(vh|svh|h|inc|f)$/i;
/** Folders that are Yosys' own, and files that would hide ours. */
const RESERVED = new Set(['share', 'tmp', 'yosys-abc', SCRIPT_NAME]);

/** A name that Yosys' file system, made of plain objects, cannot hold. */
const PROTO = '__proto__';

/** Whether a file is read as Verilog by its name (headers are only read when included). */
export function isVerilog(path: string): boolean {
  return VERILOG.test(path);
}

export function isSystemVerilog(path: string): boolean {
  return SYSTEM_VERILOG.test(path);
}

/** "./rtl//a.v" -> "rtl/a.v"; undefined for a path that leaves the project or is none. */
export function normalisePath(path: string): string | undefined {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return undefined;
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else {
      parts.push(part);
    }
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/**
 * Lays the files out for Yosys, or says what is wrong with them. Files whose paths Yosys or its messages could not carry
 * lie there a second time under a plain alias, which `userPath` undoes.
 * `pathOf(i)` names file i in the design document ("slices.rtl.files.0").
 */
export function layOutSources(files: readonly SourceText[], pathOf: (index: number) => string): Result<SourceTree> {
  const problems: Problem[] = [];
  const byPath = new Map<string, SourceText>();
  let bytes = 0;
  files.forEach((file, index) => {
    const place = { file: file.path, path: pathOf(index) };
    const path = normalisePath(file.path);
    if (path === undefined) {
      problems.push(
        error(
          'bad-path',
          `The path '${file.path}' of file ${index + 1} is not inside the project.`,
          'Give it a relative path such as rtl/top.v.',
          place,
        ),
      );
      return;
    }
    if (byPath.has(path)) {
      problems.push(
        error('duplicate-path', `Two files have the path '${path}'.`, 'Rename one of them or remove it.', place),
      );
      return;
    }
    byPath.set(path, { path, content: file.content });
    bytes += file.content.length;
    if ((isVerilog(path) || HEADER.test(path)) && looksBinary(file.content)) {
      problems.push(
        error(
          'binary-file',
          `The file '${path}' holds binary data, not Verilog text.`,
          'Remove it, or replace it by the source text (saved as UTF-8).',
          place,
        ),
      );
    }
  });
  for (const path of byPath.keys()) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash);
      if (byPath.has(folder)) {
        problems.push(
          error('path-conflict', `'${folder}' is a file, and also the folder of '${path}'.`, 'Rename one of them.', {
            file: folder,
          }),
        );
      }
    }
  }
  if (bytes > LARGEST_SOURCES_BYTES) {
    problems.push(
      error(
        'sources-too-large',
        `The sources hold ${Math.round(bytes / 1024 / 1024)} MB; at most ${LARGEST_SOURCES_BYTES / 1024 / 1024} MB can be read.`,
        'Leave out the largest files, or give their modules as empty black boxes.',
        { path: pathOf(largestIndex(files)), file: files[largestIndex(files)]?.path },
      ),
    );
  }
  const [first, ...rest] = problems;
  if (first) return fail(first, ...rest);

  const aliasOf = new Map<string, string>();
  const userOf = new Map<string, string>();
  const taken = new Set(byPath.keys());
  for (const path of byPath.keys()) {
    let alias = plainPath(path);
    while (alias !== path && (taken.has(alias) || userOf.has(alias))) alias = alias.replace(/([^/]*)$/, '_$1');
    aliasOf.set(path, alias);
    userOf.set(alias, path);
  }
  const tree = emptyFolder();
  const entries: SourceTree['entries'] = [];
  for (const [path, file] of byPath) {
    const alias = aliasOf.get(path) ?? path;
    place(tree, alias, file.content);
    entries.push({ alias, content: file.content });
    if (alias !== path && !path.split('/').includes(PROTO)) {
      // `$readmemh` and `include` in the sources still name it by its own path.
      place(tree, path, file.content);
      entries.push({ alias: path, content: file.content });
    }
  }
  const texts = new Map<string, string>();
  return ok({
    tree,
    entries,
    alias: (path) => aliasOf.get(path) ?? path,
    userPath: (name) => userOf.get(name) ?? userOf.get(normalisePath(name) ?? name) ?? name,
    stand: (name, path) => userOf.set(name, path),
    has: (name) => userOf.has(name) || userOf.has(normalisePath(name) ?? name),
    text(path) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const content = byPath.get(path)?.content;
      if (content === undefined) return undefined;
      const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
      texts.set(path, text);
      return text;
    },
  });
}

/**
 * A path that needs no care in a script, in messages and in `src` attributes: Yosys 0.55 fails on blanks in file names as
 * soon as a module prints something.
 */
function plainPath(path: string): string {
  const parts = path
    .split('/')
    .map((part) => (part === PROTO ? '_proto_' : part.replaceAll(/[^\w.@=,-]/g, '_').replace(/^(?=\W)/, '_')));
  return RESERVED.has(parts[0] ?? '') ? `user_${parts.join('/')}` : parts.join('/');
}

/** Without the names that every object inherits: a folder of the user's may be called `constructor`. */
function emptyFolder(): Tree {
  return Object.create(null) as Tree;
}

/** Puts a file into a tree of folders. */
export function place(tree: Tree, path: string, content: string | Uint8Array): void {
  const parts = path.split('/');
  const name = parts.pop() ?? path;
  let folder = tree;
  for (const part of parts) {
    const inner = folder[part];
    if (inner === undefined || typeof inner === 'string' || inner instanceof Uint8Array) {
      const made = emptyFolder();
      folder[part] = made;
      folder = made;
    } else {
      folder = inner;
    }
  }
  folder[name] = content;
}

/** NUL bytes, or a beginning of which more than a tenth is no text. */
function looksBinary(content: string | Uint8Array): boolean {
  if (typeof content !== 'string') {
    if (content.includes(0)) return true;
    return looksBinary(new TextDecoder().decode(content.subarray(0, 4096)));
  }
  if (content.includes('\0')) return true;
  const head = content.slice(0, 4096);
  let odd = 0;
  for (let i = 0; i < head.length; i++) {
    const code = head.charCodeAt(i);
    if (code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13)) odd++;
  }
  return odd * 10 > head.length;
}

function largestIndex(files: readonly SourceText[]): number {
  let largest = 0;
  files.forEach((file, i) => {
    if (file.content.length > (files[largest]?.content.length ?? 0)) largest = i;
  });
  return largest;
}
