import { checkAborted } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, ok, type Problem, type Result } from '../core/result.ts';
import { readFileList } from '../synthesis/filelist.ts';
import { checkParameters, divideDefines, isIdentifier, type ScriptPlan } from '../synthesis/script.ts';
import {
  isSystemVerilog,
  isVerilog,
  layOutSources,
  normalisePath,
  place,
  type SourceText,
  type SourceTree,
} from '../synthesis/sources.ts';
import type { MessageContext } from '../synthesis/yosys-messages.ts';
import type { RtlSlice } from './types.ts';

/** Everything that a run needs: files laid out, and the plan of the script but for its stage. */
export interface RtlPlan {
  sources: SourceTree;
  /** Paths of the compiled files, in order. */
  compiled: string[];
  script: Omit<ScriptPlan, 'stage'>;
  /** Findings that do not keep the run from starting. */
  warnings: Problem[];
  messages: MessageContext;
}

/** Sources past this are slow to read, and not checked while typing. */
export const MANY_BYTES = 2 * 1024 * 1024;

/** The generated file of macros whose values a command line cannot carry. */
const PRELUDE = 'defines.vh';

/** What is synthesised: all but benches. */
function designFiles(slice: RtlSlice) {
  return slice.files.filter((file) => file.role !== 'bench');
}

/** Checks the choices of a slice and lays its files out; what is wrong comes back as problems. */
export async function planOf(slice: RtlSlice, job: Job): Promise<Result<RtlPlan>> {
  const files: SourceText[] = [];
  /** Of each of them, its place in the slice. */
  const indices: number[] = [];
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const [index, file] of slice.files.entries()) {
    if (file.role === 'bench') continue;
    if ('text' in file) {
      indices.push(index);
      files.push({ path: file.path, content: file.text });
      continue;
    }
    const bytes = await job.blob(file.blob.sha256);
    checkAborted(job.signal);
    if (bytes) {
      indices.push(index);
      files.push({ path: file.path, content: bytes });
    } else
      problems.push(
        error(
          'missing-blob',
          `The contents of '${file.path}' (${file.blob.bytes} bytes) are not on this machine.`,
          'Add the file again; it is recognised by its contents.',
          { file: file.path, path: `slices.rtl.files.${index}.blob` },
        ),
      );
  }
  if (designFiles(slice).length === 0) {
    problems.push(
      error('no-files', 'The design holds no files.', 'Add a Verilog file, or open an example.', {
        path: 'slices.rtl.files',
      }),
    );
  }
  const layout = layOutSources(files, (index) => `slices.rtl.files.${indices[index]}`);
  if (!layout.ok) problems.push(...layout.problems);
  if (slice.top !== '' && !isIdentifier(slice.top)) {
    problems.push(
      error(
        'no-such-top',
        `'${slice.top}' is no name of a module.`,
        'Choose one of the modules, or none to detect the top.',
        {
          path: 'slices.rtl.top',
        },
      ),
    );
  }
  const parameters = checkParameters(slice.parameters);
  const defines = divideDefines(slice.defines);
  problems.push(...parameters.problems, ...defines.problems);
  if (!layout.ok || problems.length > 0) return { ok: false, problems };

  const sources = layout.value;
  const includeDirs = [...slice.includeDirs];
  const allDefines = { ...defines.plain };
  let prelude = defines.prelude;
  let compiled: string[];
  if (slice.fileList === '') {
    compiled = designFiles(slice)
      .map((file) => normalisePath(file.path) ?? file.path)
      .filter(isVerilog);
    if (compiled.length === 0) {
      return {
        ok: false,
        problems: [
          error('no-verilog', 'None of the files is Verilog.', 'Add a file whose name ends in .v or .sv.', {
            path: 'slices.rtl.files',
          }),
        ],
      };
    }
  } else {
    const list = readFileList(normalisePath(slice.fileList) ?? slice.fileList, (path) => sources.text(path));
    warnings.push(...list.problems.filter((problem) => problem.severity !== 'error'));
    const wrong = list.problems.filter((problem) => problem.severity === 'error');
    if (wrong.length === 0 && list.sources.length === 0) {
      wrong.push(
        error(
          'no-verilog',
          `The file list '${slice.fileList}' names no source files.`,
          'Add a line with the path of a file.',
          {
            file: slice.fileList,
          },
        ),
      );
    }
    if (wrong.length > 0) return { ok: false, problems: wrong };
    compiled = list.sources;
    includeDirs.push(...list.includeDirs.filter((dir) => folderFiles(sources, dir).length > 0));
    // The settings go before the list.
    const fromList = divideDefines(
      Object.fromEntries(Object.entries(list.defines).filter(([name]) => !Object.hasOwn(slice.defines, name))),
    );
    const wrongDefines = fromList.problems.map((problem) => ({ ...problem, where: { file: slice.fileList } }));
    if (wrongDefines.length > 0) return { ok: false, problems: wrongDefines };
    Object.assign(allDefines, fromList.plain);
    if (fromList.prelude !== undefined) prelude = (prelude ?? '') + fromList.prelude;
  }

  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes > MANY_BYTES) {
    warnings.push({
      code: 'large-sources',
      severity: 'note',
      what: `The sources hold ${(bytes / 1024 / 1024).toFixed(1)} MB; reading them alone takes some seconds.`,
      remedy: 'Leave out what the design does not need, or give the modules of a library as black boxes.',
    });
  }
  for (const path of compiled) {
    if (sources.text(path)?.trim() === '') {
      warnings.push({
        code: 'empty-file',
        severity: 'warning',
        what: `The file '${path}' is empty.`,
        remedy: 'Write a module into it, or remove it.',
        where: { file: path, line: 1 },
      });
    }
  }
  const dirs = layOutIncludeDirs(includeDirs, sources, warnings);
  let preludeName: string | undefined;
  if (prelude !== undefined) {
    preludeName = PRELUDE;
    while (sources.has(preludeName) || preludeName in sources.tree) preludeName = `_${preludeName}`;
    addFile(sources, preludeName, prelude);
  }
  return ok({
    sources,
    compiled,
    warnings,
    script: {
      sources: compiled.map((path) => ({ name: sources.alias(path), systemVerilog: isSystemVerilog(path) })),
      includeDirs: dirs,
      defines: allDefines,
      prelude: preludeName,
      top: slice.top,
      parameters: parameters.values,
      flatten: slice.flatten,
    },
    messages: {
      userPath: (name) => sources.userPath(name),
      text: (path) => sources.text(path),
      paths: files.map((file) => normalisePath(file.path) ?? file.path),
    },
  });
}

/** Include directories as Yosys can take them; one with blanks in its name is laid out a second time under a plain name. */
function layOutIncludeDirs(dirs: readonly string[], sources: SourceTree, warnings: Problem[]): string[] {
  const found: string[] = [];
  dirs.forEach((dir, index) => {
    const path = normalisePath(dir);
    const files = path === undefined ? [] : folderFiles(sources, path);
    if (path === undefined || files.length === 0) {
      // The project itself is always searched.
      if (/^(\.\/?)*$/.test(dir)) return;
      warnings.push({
        code: 'no-such-folder',
        severity: 'warning',
        what: `The include directory '${dir}' holds none of the files.`,
        remedy: 'Correct its name or remove it.',
        where: { path: `slices.rtl.includeDirs.${index}` },
      });
      return;
    }
    if (/^\w[\w./@=,-]*$/.test(path) && !path.startsWith('share/') && path !== 'share') {
      if (!found.includes(path)) found.push(path);
      return;
    }
    let name = `include_${index + 1}`;
    while (name in sources.tree) name = `_${name}`;
    for (const file of files) {
      addFile(sources, `${name}/${file.inner}`, file.content, file.path);
    }
    found.push(name);
  });
  return found;
}

/** The files within a folder, each once. */
function folderFiles(sources: SourceTree, folder: string) {
  const found = new Map<string, { path: string; inner: string; content: string | Uint8Array }>();
  for (const { alias, content } of sources.entries) {
    const path = sources.userPath(alias);
    if (path.startsWith(`${folder}/`)) found.set(path, { path, inner: path.slice(folder.length + 1), content });
  }
  return [...found.values()];
}

function addFile(sources: SourceTree, name: string, content: string | Uint8Array, userPath?: string): void {
  place(sources.tree, name, content);
  sources.entries.push({ alias: name, content });
  if (userPath !== undefined) sources.stand(name, userPath);
}
