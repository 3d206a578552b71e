import type { Problem, Result } from '../../engines/core/result.ts';
import type { BlobRef, DesignDocument } from '../../engines/document/types.ts';
import { saveFile } from '../ui/save-file.ts';
import { createBlobs } from './blobs.ts';
import { registerCommands } from './commands.ts';
import { installDrop, pickFile } from './file-dialogs.ts';
import { globalCommands } from './global-commands.ts';
import { desk } from './instance.ts';
import type { Share } from './links.ts';
import { watchPage, windowEvents } from './page.ts';
import { installShortcuts } from './shortcuts.ts';

const blobs = createBlobs(desk);
const { missingBlobs, provideBlob } = blobs;
export const { putBlob, readBlob, readContent } = blobs;

/** The link that holds the open design; see `Share` for designs that make none. Undefined when none is open. */
export async function shareLink(): Promise<Share | undefined> {
  const links = await import('./links.ts');
  return links.shareLink(desk, location.href.replace(/#.*$/s, ''));
}

/**
 * Makes a new design of a link and opens it; answers its id, for the address. A link that was opened before, and whose
 * design nobody has edited since, opens that design again.
 */
export async function openLink(lab: string, payload: string): Promise<Result<string>> {
  return (await import('./links.ts')).openLink(desk, lab, payload);
}

/** Makes a new design of a shipped example and opens it, or opens the one that nobody has edited. Answers its id. */
export async function openExample(lab: string, exampleId: string): Promise<Result<string>> {
  return (await import('./links.ts')).openExample(desk, lab, exampleId);
}

/** Makes a design of a lab's defaults and opens it. Answers its id. */
export async function newDesign(lab: string, title = `${lab.toUpperCase()} design`): Promise<Result<string>> {
  return (await import('./links.ts')).newDesign(desk, lab, title);
}

/**
 * Makes a design of another lab that goes on from the open one: all its slices, and that lab's defaults with `changes`
 * (a link such as `{ bits: { from: 'bfp' } }` among them), seen as `view` says. Opens it; answers its id.
 */
export async function continueIn(
  lab: string,
  changes: object,
  view?: Record<string, unknown>,
): Promise<Result<string>> {
  return (await import('./links.ts')).continueIn(desk, lab, changes, view);
}

/** Hands a design (the open one when none is named) to the user as a file with its blobs inside. */
export async function exportDesign(id = openId()): Promise<boolean> {
  if (id === undefined) return false;
  const { packDesign } = await import('./files.ts');
  const file = await packDesign(desk, blobs, id);
  if (file) saveFile(file.name, file.bytes, file.type);
  return file !== undefined;
}

/** Hands a design to the user as the plain document, which the command line reads. */
async function exportPlain(id = openId()): Promise<boolean> {
  if (id === undefined) return false;
  const { plainDesign } = await import('./files.ts');
  const file = await plainDesign(desk, id);
  if (file) saveFile(file.name, file.bytes, file.type);
  return file !== undefined;
}

/** Makes a new design of a file (exported, or plain JSON) and opens it; answers its id. Problems are shown as notices. */
export async function importFile(file: File): Promise<Result<string>> {
  return (await import('./files.ts')).importFile(desk, blobs, file);
}

/** Lets the user choose a design to import. To be called from a gesture. */
async function chooseAndImport(): Promise<void> {
  const file = await pickFile('.zip,.json');
  if (file) await importFile(file);
}

type Question = 'rename' | 'share';
const askers = new Set<(question: Question) => void>();

/** The shell listens for commands that need a dialog. Answers with the function that stops listening. */
export function onAsk(listener: (question: Question) => void): () => void {
  askers.add(listener);
  return () => askers.delete(listener);
}

/**
 * Brings the desk to life, once the page stands: saving when the page goes, shortcuts, dropped designs, the global
 * commands. Answers with the function that ends it all.
 */
export function startDesign(): () => void {
  const { getState } = desk.store;
  const stops = [
    watchPage(desk, windowEvents()),
    installShortcuts(window),
    installDrop((file) => void importFile(file)),
    registerCommands(
      globalCommands({
        undo: desk.undo,
        redo: desk.redo,
        canUndo: () => desk.isEditable() && getState().undoLabel !== undefined,
        canRedo: () => desk.isEditable() && getState().redoLabel !== undefined,
        isOpen: () => getState().design !== undefined,
        isEditable: desk.isEditable,
        saveNow: desk.saveNow,
        newDesign: () => {
          const lab = getState().design?.document.lab;
          if (lab !== undefined) void newDesign(lab);
        },
        duplicate: () => void desk.duplicateDesign(),
        exportFile: () => void exportDesign(),
        exportPlain: () => void exportPlain(),
        importFile: () => void chooseAndImport(),
        ask: (question) => {
          for (const asker of [...askers]) asker(question);
        },
      }),
    ),
    desk.store.subscribe((state, before) => {
      if (state.design && state.design.id !== before.design?.id) void askForBlobs(state.design.document);
    }),
  ];
  const sweep = setTimeout(() => void blobs.sweepBlobs(), 30_000);
  return () => {
    clearTimeout(sweep);
    for (const stop of stops) stop();
  };
}

/** A link names its large files and does not carry them: whoever opens it is asked for each, and the answer is checked. */
async function askForBlobs(document: DesignDocument): Promise<void> {
  for (const ref of await missingBlobs(document)) desk.notify(missingNotice(ref));
}

function missingNotice(ref: BlobRef): Problem & { action: { label: string; run(): void } } {
  const notice = {
    code: 'blob-missing',
    severity: 'warning' as const,
    what: `This design uses the file “${ref.name}” (${ref.bytes} bytes), which is not in this browser.`,
    remedy: 'Choose the file; it is checked to be the same.',
    action: { label: 'Choose the file', run: () => void choose() },
  };
  async function choose(): Promise<void> {
    const file = await pickFile();
    if (!file) return;
    if (await provideBlob(ref, file)) {
      desk.dismiss(notice);
      return;
    }
    desk.notify({
      code: 'blob-differs',
      severity: 'error',
      what: `“${file.name}” is not the file that the design means: its content is another.`,
      remedy: `Ask whoever made the design for “${ref.name}”, or for the exported file, which has it inside.`,
    });
  }
  return notice;
}

function openId(): string | undefined {
  return desk.store.getState().design?.id;
}
