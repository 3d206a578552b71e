/** The design on the screen and the drawer with the others: the one face that the shell and the labs use. */
export { type Command, registerCommands, runCommand } from './commands.ts';
export { readSlice, useCommands, useDesign, useDesigns, useSlice, useView } from './hooks.ts';

import { desk } from './instance.ts';

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
  setView,
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
export { exportDesign, importFile, openLink, putBlob, readBlob, type Share, shareLink } from './transfer.ts';
