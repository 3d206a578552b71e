import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { allCommands, type Command, onCommands } from './commands.ts';
import { desk } from './instance.ts';
import { loadedDefaults } from './slices.ts';
import type { DesignState, DesignSummary } from './types.ts';

/** The open design, what undo and redo would do, whether all is saved, and what the user should know. */
export function useDesign(): DesignState;
export function useDesign<T>(select: (state: DesignState) => T): T;
export function useDesign<T>(select?: (state: DesignState) => T): T | DesignState {
  return useStore(desk.store, select ?? ((state) => state as T));
}

/**
 * The slice of a system in the open design; its defaults when the design has none.
 * @throws when there is no design, or the slice was never loaded: a lab is drawn only over a design of its own.
 */
export function useSlice<S>(id: string): S {
  return useStore(desk.store, () => readSlice<S>(id));
}

/** As `useSlice`, outside of React. */
export function readSlice<S>(id: string): S {
  const slice = desk.store.getState().design?.document.slices[id] ?? loadedDefaults(id);
  if (slice === undefined) throw new Error(`There is no slice "${id}": no design is open, or its lab is not loaded.`);
  return slice as S;
}

/** A part of the view (open tab, zoom, selection), kept with the design but not undoable. */
export function useView<V>(key: string, initial: V): [V, (next: V) => void] {
  const value = useStore(desk.store, (state) => state.design?.document.view?.[key]) as V | undefined;
  const set = useCallback((next: V) => desk.setView(key, next), [key]);
  return [value === undefined ? initial : value, set];
}

/** All commands that are registered now. */
export function useCommands(): readonly Command[] {
  return useSyncExternalStore(onCommands, allCommands);
}

/** The designs of this browser, newest first; undefined until they are read. Follows changes of other tabs too. */
export function useDesigns(): DesignSummary[] | undefined {
  const [designs, setDesigns] = useState<DesignSummary[]>();
  useEffect(() => {
    let latest = 0;
    const read = async () => {
      const mine = ++latest;
      const list = await desk.listDesigns();
      if (mine === latest) setDesigns(list);
    };
    void read();
    const stop = desk.onDesigns(() => void read());
    return () => {
      latest = -1;
      stop();
    };
  }, []);
  return designs;
}
