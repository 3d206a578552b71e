import { error, type Problem } from '../core/result.ts';
import { normalisePath } from './sources.ts';

export interface FileList {
  /** Paths of the sources, in order, each once. */
  sources: string[];
  includeDirs: string[];
  /** Macros; an empty string defines one without a value. */
  defines: Record<string, string>;
  problems: Problem[];
}

interface Token {
  text: string;
  line: number;
}

/**
 * Reads a `.f` file list, as simulators understand it: source paths, `+incdir+a+b`, `+define+A=1+B`, `-I dir`, `-D A=1`,
 * `-f other.f` and `-F other.f` (nested), `-v file`, comments with `//`, `#` and block comments, "quoted paths".
 * Paths are relative to the project; those that are not there are tried relative to the folder of the list (with `-F`
 * the other way round).
 * `read(path)` gives a file of the project.
 */
export function readFileList(path: string, read: (path: string) => string | undefined): FileList {
  const list: FileList = { sources: [], includeDirs: [], defines: {}, problems: [] };
  const text = read(path);
  if (text === undefined) {
    list.problems.push(
      error(
        'no-file-list',
        `The file list '${path}' is not among the files.`,
        'Choose a .f file of the project, or none to read all Verilog files.',
        { path: 'slices.rtl.fileList' },
      ),
    );
    return list;
  }
  readInto(list, path, text, read, [path]);
  return list;
}

function readInto(
  list: FileList,
  path: string,
  text: string,
  read: (path: string) => string | undefined,
  open: readonly string[],
  folderFirst = false,
): void {
  const tokens = tokenise(text);
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const complain = (code: string, what: string, remedy: string, line: number) =>
    list.problems.push(error(code, what, remedy, { file: path, line }));

  /** Candidates for where a path of this list points to, the preferred first. */
  const candidates = (name: string): string[] => {
    const fromProject = normalisePath(name);
    const fromFolder = folder === '' ? undefined : normalisePath(`${folder}/${name}`);
    const both = folderFirst ? [fromFolder, fromProject] : [fromProject, fromFolder];
    return both.filter((candidate) => candidate !== undefined);
  };
  const find = (name: string) => candidates(name).find((candidate) => read(candidate) !== undefined);
  const addDir = (name: string, line: number) => {
    const [dir] = candidates(name);
    if (name === '.' || name === './') return;
    if (dir === undefined) {
      complain('bad-path', `The include directory '${name}' is not inside the project.`, 'Use a relative path.', line);
    } else {
      for (const each of candidates(name)) if (!list.includeDirs.includes(each)) list.includeDirs.push(each);
    }
  };
  const define = (item: string) => {
    const equals = item.indexOf('=');
    if (equals === -1) list.defines[item] = '';
    else list.defines[item.slice(0, equals)] = item.slice(equals + 1);
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const argument = (): Token | undefined => {
      const next = tokens[++i];
      if (next === undefined) {
        complain(
          'file-list-syntax',
          `'${token.text}' is the last word of the list but needs a value.`,
          'Add the value or remove the word.',
          token.line,
        );
      }
      return next;
    };
    if (token.text.startsWith('+incdir+')) {
      for (const dir of token.text.slice(8).split('+')) if (dir !== '') addDir(dir, token.line);
    } else if (token.text.startsWith('+define+')) {
      for (const item of token.text.slice(8).split('+')) if (item !== '') define(item);
    } else if (token.text === '-I' || token.text === '-incdir') {
      const dir = argument();
      if (dir) addDir(dir.text, dir.line);
    } else if (token.text.startsWith('-I')) {
      addDir(token.text.slice(2), token.line);
    } else if (token.text === '-D') {
      const item = argument();
      if (item) define(item.text);
    } else if (token.text.startsWith('-D')) {
      define(token.text.slice(2));
    } else if (token.text === '-f' || token.text === '-F') {
      const nested = argument();
      if (nested) {
        const target = find(nested.text);
        if (target === undefined) {
          complain(
            'no-such-file',
            `The file list '${nested.text}' is not among the files.`,
            'Add it to the project or remove the line.',
            nested.line,
          );
        } else if (open.includes(target)) {
          complain(
            'file-list-cycle',
            `The file list '${target}' includes itself (${[...open, target].join(' -> ')}).`,
            'Remove one of these lines.',
            nested.line,
          );
        } else {
          readInto(list, target, read(target) ?? '', read, [...open, target], token.text === '-F');
        }
      }
    } else if (token.text === '-sv' || token.text === '-sverilog' || token.text.startsWith('+libext')) {
      // Languages go by the file's suffix here.
    } else if (token.text === '-y' || token.text === '-top' || token.text === '--top-module') {
      const value = argument();
      complain(
        'file-list-option',
        `'${token.text}${value ? ` ${value.text}` : ''}' is not read from a file list.`,
        token.text === '-y' ? 'Name the files of the library one by one.' : 'Choose the top module in the settings.',
        token.line,
      );
    } else if (token.text !== '-v' && /^[-+]/.test(token.text)) {
      list.problems.push({
        code: 'file-list-option',
        severity: 'warning',
        what: `The option '${token.text}' of the file list is passed over.`,
        remedy: 'Known are source paths, +incdir+, +define+, -I, -D, -f, -F and -v.',
        where: { file: path, line: token.line },
      });
    } else {
      const name = token.text === '-v' ? argument() : token;
      if (name === undefined) continue;
      const target = find(name.text);
      if (target === undefined) {
        complain(
          'no-such-file',
          `The file '${name.text}' of the list is not among the files.`,
          'Add it to the project or remove the line.',
          name.line,
        );
      } else if (!list.sources.includes(target)) {
        list.sources.push(target);
      }
    }
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\/\*[\s\S]*?(?:\*\/|$)|(?:\/\/|#)[^\n]*|(?:"[^"\n]*"|(?!\/\*|\/\/)[^\s])+|\n/g;
  let line = 1;
  for (const [whole] of text.matchAll(pattern)) {
    if (!/^(?:#|\/\/|\/\*|\n)/.test(whole)) tokens.push({ text: whole.replaceAll('"', ''), line });
    for (const character of whole) if (character === '\n') line++;
  }
  return tokens;
}
