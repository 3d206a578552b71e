import { useCallback, useMemo } from 'react';
import { useDesign, useView } from './hooks.ts';
import { desk } from './instance.ts';

/** A state of the design that was pinned to compare with. Choices only: its results are computed or found again. */
interface Pinned {
  label: string;
  slices: Record<string, unknown>;
}

interface PinnedHandle<S> {
  /** The pinned slice of the lab; undefined when nothing is pinned, or nothing of this lab. */
  pinned: { label: string; slice: S } | undefined;
  /** Pins the design as it stands, pending text included. */
  pin(label?: string): void;
  clear(): void;
}

/** What is pinned in the open design, for one lab. It travels with the view: kept, not undoable, not shared. */
export function usePinned<S>(lab: string): PinnedHandle<S> {
  const [value, set] = useView<Pinned | null>('pinned', null);
  const title = useDesign((state) => state.design?.document.title);
  const pin = useCallback(
    (label?: string) => {
      desk.flushEditors();
      const slices = desk.store.getState().design?.document.slices;
      if (slices) set({ label: label ?? title ?? '', slices });
    },
    [set, title],
  );
  const clear = useCallback(() => set(null), [set]);
  const pinned = useMemo(() => {
    const slice = value?.slices?.[lab];
    return value && slice !== undefined ? { label: value.label, slice: slice as S } : undefined;
  }, [value, lab]);
  return { pinned, pin, clear };
}
