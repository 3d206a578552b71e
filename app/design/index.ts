/** The design on the screen and the drawer with the others: the one face that the shell and the labs use. */
import { desk } from './instance.ts';

export {
  chooseAndImport,
  exportDesign,
  exportPlain,
  importFile,
  missingBlobs,
  newDesign,
  onAsk,
  openExample,
  openLink,
  provideBlob,
  putBlob,
  readBlob,
  shareLink,
  startDesign,
} from './actions.ts';
export { type Command, registerCommands, runCommand } from './commands.ts';
export { readSlice, useCommands, useDesign, useDesigns, useSlice, useView } from './hooks.ts';
export type { Share } from './links.ts';
export { type Pinned, usePinned } from './pinned.ts';
export { formatShortcut } from './shortcuts.ts';
export { provideSlices, type SliceLoader } from './slices.ts';
export type {
  Capture,
  DesignState,
  DesignSummary,
  ExampleRef,
  LocalDesign,
  Notice,
  OpenDesign,
  SaveState,
  TextDelta,
  TextEdit,
} from './types.ts';

export const {
  editDocument,
  editSlice,
  isEditable,
  undo,
  redo,
  registerFlush,
  flushEditors,
  onTextDelta,
  notify,
  dismiss,
  openDesign,
  createDesign,
  closeDesign,
  listDesigns,
  renameDesign,
  duplicateDesign,
  deleteDesign,
  lastDesign,
  saveNow,
} = desk;
