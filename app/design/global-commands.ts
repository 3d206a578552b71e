import type { Command } from './commands.ts';

/** What the global commands act on. */
export interface GlobalActions {
  undo(): boolean;
  redo(): boolean;
  canUndo(): boolean;
  canRedo(): boolean;
  isOpen(): boolean;
  isEditable(): boolean;
  saveNow(): Promise<void>;
  newDesign(): void;
  duplicate(): void;
  exportFile(): void;
  exportPlain(): void;
  importFile(): void;
  /** What needs a dialog, which the shell has. */
  ask(question: 'rename' | 'share'): void;
}

/** The commands that every lab has. */
export function globalCommands(actions: GlobalActions): Command[] {
  const { isOpen, isEditable } = actions;
  return [
    {
      id: 'design.undo',
      label: 'Undo',
      shortcut: 'Mod+Z',
      group: 'Edit',
      capture: 'never',
      enabled: actions.canUndo,
      run: actions.undo,
    },
    {
      id: 'design.redo',
      label: 'Redo',
      shortcut: 'Mod+Shift+Z',
      otherShortcuts: ['Mod+Y'],
      group: 'Edit',
      capture: 'never',
      enabled: actions.canRedo,
      run: actions.redo,
    },
    {
      id: 'design.new',
      label: 'New design in this lab',
      group: 'Design',
      capture: 'never',
      enabled: isOpen,
      run: actions.newDesign,
    },
    {
      id: 'design.rename',
      label: 'Rename design…',
      shortcut: 'F2',
      group: 'Design',
      capture: 'now',
      enabled: isEditable,
      run: () => actions.ask('rename'),
    },
    {
      id: 'design.duplicate',
      label: 'Make a copy',
      group: 'Design',
      capture: 'never',
      enabled: isOpen,
      run: actions.duplicate,
    },
    {
      id: 'design.save',
      label: 'Save now',
      shortcut: 'Mod+S',
      group: 'Design',
      capture: 'never',
      global: true,
      enabled: isOpen,
      run: () => void actions.saveNow(),
    },
    {
      id: 'design.share',
      label: 'Share by link…',
      shortcut: 'Mod+Shift+L',
      group: 'Design',
      capture: 'never',
      enabled: isOpen,
      run: () => actions.ask('share'),
    },
    {
      id: 'design.export',
      label: 'Export as a file',
      shortcut: 'Mod+Shift+S',
      group: 'Design',
      capture: 'never',
      global: true,
      enabled: isOpen,
      run: actions.exportFile,
    },
    {
      id: 'design.export-json',
      label: 'Export as JSON for the command line',
      group: 'Design',
      capture: 'never',
      enabled: isOpen,
      run: actions.exportPlain,
    },
    {
      id: 'design.import',
      label: 'Import a design…',
      shortcut: 'Mod+O',
      group: 'Design',
      capture: 'never',
      global: true,
      run: actions.importFile,
    },
  ];
}
