import { create } from 'zustand';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { notify } from '../../../design/index.ts';
import { currentSlice, takeFiles } from '../actions.ts';
import { typing } from '../session.ts';
import { texts } from '../texts.ts';
import { Folder } from './folder.ts';

interface Folders {
  /** The folder that a design is connected to, by the design's id. Lasts as long as the page. */
  byDesign: Record<string, Folder | undefined>;
  /** Raised after each write, so that what depends on the folder's contents is looked at again. */
  version: number;
}

const useFolders = create<Folders>(() => ({ byDesign: {}, version: 0 }));

export function useFolder(design: string | undefined): Folder | undefined {
  useFolders((state) => state.version);
  return useFolders((state) => (design === undefined ? undefined : state.byDesign[design]));
}

/** Asks for a folder, reads its sources into the design, and stays connected to it. */
export async function openFolder(design: string): Promise<void> {
  const folder = await Folder.choose();
  if (!folder) return;
  useFolders.setState(({ byDesign }) => ({ byDesign: { ...byDesign, [design]: folder } }));
  await readFolder(folder);
}

export async function readFolder(folder: Folder): Promise<void> {
  const incoming = await folder.read();
  if (incoming.length === 0) notify(emptyFolder(folder.name));
  await takeFiles(incoming, texts.edits.folder(folder.name));
  bump();
}

/** Writes what differs to the folder and says what was done. */
export async function writeFolder(design: string): Promise<void> {
  const folder = useFolders.getState().byDesign[design];
  if (!folder) return;
  typing.flush();
  const { written, problems } = await folder.write(textsOf(currentSlice()));
  for (const problem of problems) notify(problem);
  if (problems.length === 0) {
    notify({ code: 'folder-written', severity: 'note', what: texts.files.written(written.length, folder.name) });
  }
  bump();
}

export function closeFolder(design: string): void {
  useFolders.setState(({ byDesign }) => ({ byDesign: { ...byDesign, [design]: undefined } }));
}

/** Texts of a slice by path; blobs are not written back. */
export function textsOf(slice: RtlSlice): Map<string, string> {
  return new Map(slice.files.flatMap((file) => ('text' in file ? [[file.path, file.text] as const] : [])));
}

function bump(): void {
  useFolders.setState(({ version }) => ({ version: version + 1 }));
}

function emptyFolder(name: string) {
  return {
    code: 'folder-empty',
    severity: 'warning' as const,
    what: `The folder “${name}” holds no Verilog.`,
    remedy: 'Choose the folder with the .v or .sv files, or add files here and write them to it.',
  };
}
