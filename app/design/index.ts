/** The design on the screen and the drawer with the others: the one face that the shell and the labs use. */
import { desk } from './instance.ts';

export {
  continueIn,
  exportDesign,
  importFile,
  newDesign,
  onAsk,
  openExample,
  openLink,
  putBlob,
  readBlob,
  readContent,
  shareLink,
  startDesign,
} from './actions.ts';
export { type Command, registerCommands, runCommand } from './commands.ts';
export { readSlice, useCommands, useDesign, useDesigns, useSlice, useView } from './hooks.ts';
export type { Share } from './links.ts';
export { usePinned } from './pinned.ts';
export { provideSlices } from './slices.ts';
export type { DesignSummary, Notice } from './types.ts';

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
  renameDesign,
  duplicateDesign,
  deleteDesign,
  lastDesign,
} = desk;
