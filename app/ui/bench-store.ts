import type { ReactNode } from 'react';
import { create } from 'zustand';

export type BenchPart = 'left' | 'right' | 'bottom';

export interface FoldablePart {
  title: string;
  open: boolean;
  /** Beside the title, wherever that stands: a count of problems. */
  aside?: ReactNode;
  toggle(): void;
}

interface BenchStore {
  /** The parts of the bench on the screen that can be folded, with their titles. */
  parts: Partial<Record<BenchPart, FoldablePart>>;
}

/** What the frame needs to know of the bench inside it (its Log button, its commands). */
export const useBenchParts = create<BenchStore>(() => ({ parts: {} }));

/** Folds or unfolds a part of the bench on the screen; nothing when it has no such part. */
export function toggleBenchPart(part: BenchPart, open?: boolean): void {
  const found = useBenchParts.getState().parts[part];
  if (found && found.open !== open) found.toggle();
}
