/** Paths of files, with `/`, as the user writes them. */

/** `dir/../a/./b.v` as `a/b.v`; leading `..` and `/` are kept. */
export function normalise(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return (absolute ? '/' : '') + parts.join('/');
}

export function join(folder: string, name: string): string {
  if (name.startsWith('/') || folder === '' || folder === '.') return normalise(name);
  return normalise(`${folder}/${name}`);
}

/** The folder of a file; '' for one without. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : slash === 0 ? '/' : path.slice(0, slash);
}

/** Where an included file is looked for, the first place first, each once. */
export function includeCandidates(
  name: string,
  includer: string,
  includeDirs: readonly string[],
  quoted: boolean,
  besideFirst: boolean,
): string[] {
  if (name.startsWith('/')) return [normalise(name)];
  const beside = join(folderOf(includer), name);
  // As Icarus calls them, which `__FILE__` shows.
  if (!besideFirst) return [...new Set([`./${name}`, ...includeDirs.map((folder) => `${folder}/${name}`), beside])];
  const listed = includeDirs.map((folder) => join(folder, name));
  const named = normalise(name);
  const all = quoted ? [beside, named, ...listed] : [...listed, named, beside];
  return [...new Set(all)];
}
