import type { SourceFile } from '../../../../engines/rtl/types.ts';

/** A folder or a file of the sources, in the order they are shown: folders first, then by name. */
export interface TreeNode {
  name: string;
  /** Path from the root, without a trailing slash. */
  path: string;
  /** Undefined for a file. */
  children?: TreeNode[];
}

/** Endings that Yosys reads as sources of their own (headers are read through `include). */
const SOURCE = /\.(v|sv|verilog)$/i;
const HEADER = /\.(vh|svh|vinc|inc)$/i;
const LIST = /\.(f|fl|flist|filelist)$/i;

export function isFileList(path: string): boolean {
  return LIST.test(path);
}

export function languageOf(path: string): 'verilog' | 'systemverilog' | 'plaintext' {
  if (/\.(sv|svh)$/i.test(path)) return 'systemverilog';
  return SOURCE.test(path) || HEADER.test(path) ? 'verilog' : 'plaintext';
}

/**
 * A path as the document keeps it: forward slashes, no leading slash, no `.` or `..`, no empty part. Empty when nothing
 * usable is left.
 */
export function cleanPath(raw: string): string {
  const parts: string[] = [];
  for (const part of raw.replaceAll('\\', '/').split('/')) {
    const name = part.trim();
    if (name === '' || name === '.') continue;
    if (name === '..') parts.pop();
    else parts.push(name);
  }
  return parts.join('/');
}

/** What is wrong with a name for a new or renamed file, as a whole sentence; undefined when it will do. */
export function pathFault(path: string, taken: ReadonlySet<string>): string | undefined {
  if (path === '') return 'A file needs a name, such as counter.v.';
  if (/["'`$;|&<>*?\s]/.test(path)) {
    return 'A path may not hold blanks, quotes or any of $ ; | & < > * ?, because the tools read it from a script.';
  }
  if (taken.has(path)) return `There is a file ${path} already; choose another name.`;
  for (const other of taken) {
    if (other.startsWith(`${path}/`)) return `${path} is a folder already; choose another name.`;
    if (path.startsWith(`${other}/`)) return `${other} is a file, so it cannot hold ${path}.`;
  }
  return undefined;
}

/** The files as a tree. Folders exist through their files only. */
export function treeOf(paths: readonly string[]): TreeNode[] {
  const root: TreeNode = { name: '', path: '', children: [] };
  for (const path of paths) {
    let node = root;
    const parts = path.split('/');
    for (const [depth, name] of parts.entries()) {
      const here = parts.slice(0, depth + 1).join('/');
      const last = depth === parts.length - 1;
      let next = node.children?.find((child) => child.path === here);
      if (!next) {
        next = last ? { name, path: here } : { name, path: here, children: [] };
        node.children?.push(next);
      }
      node = next;
    }
  }
  sort(root);
  return root.children ?? [];
}

function sort(node: TreeNode): void {
  node.children?.sort((a, b) => {
    const folders = Number(b.children !== undefined) - Number(a.children !== undefined);
    return folders || a.name.localeCompare(b.name, 'en', { numeric: true });
  });
  for (const child of node.children ?? []) sort(child);
}

/** The files after `from` (a file or a folder) became `to`; the order stays. */
export function renamed(files: readonly SourceFile[], from: string, to: string): SourceFile[] {
  return files.map((file) => {
    if (file.path === from) return { ...file, path: to };
    if (file.path.startsWith(`${from}/`)) return { ...file, path: to + file.path.slice(from.length) };
    return file;
  });
}

/** The files without `path` (a file or a folder). */
export function without(files: readonly SourceFile[], path: string): SourceFile[] {
  return files.filter((file) => file.path !== path && !file.path.startsWith(`${path}/`));
}
