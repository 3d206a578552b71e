import { applyDelta, type Delta, diff, invertDelta } from '../../engines/document/delta.ts';
import type { Capture } from './types.ts';

/** Edits of one label that follow each other within this time are one step, when their capture is `merge`. */
export const BURST_MS = 2000;
const MOST_STEPS = 500;

interface Step {
  label: string;
  delta: Delta;
}

/**
 * Undo as deltas with inverses, over any plain value that is changed by replacing (never by writing into it).
 * A delta changes only the paths it names, so edits that are not captured stay when a step around them is taken back.
 */
export class History<T> {
  private done: Step[] = [];
  private undone: Step[] = [];
  /** The step that a further edit may join, with the value before it. */
  private burst: { label: string; before: T; at: number } | undefined;

  get undoLabel(): string | undefined {
    return this.done.at(-1)?.label;
  }

  get redoLabel(): string | undefined {
    return this.undone.at(-1)?.label;
  }

  /** Records an edit. False when nothing changed. */
  record(label: string, before: T, after: T, capture: Capture, now: number): boolean {
    const delta = diff(before, after);
    if (delta.length === 0) return false;
    if (capture === 'never') {
      // A later edit of the burst would be measured from before this one, and would capture it.
      this.burst = undefined;
      return true;
    }
    const burst = this.burst;
    this.undone = [];
    if (capture === 'merge' && burst?.label === label && now - burst.at <= BURST_MS) {
      const whole = diff(burst.before, after);
      this.done.pop();
      if (whole.length === 0) {
        this.burst = undefined;
        return true;
      }
      this.done.push({ label, delta: whole });
      burst.at = now;
      return true;
    }
    this.done.push({ label, delta });
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.burst = capture === 'merge' ? { label, before, at: now } : undefined;
    return true;
  }

  /**
   * The value one step back, or undefined when there is no step.
   * @throws when an edit that was not captured has changed what the step is about; the step then stays.
   */
  undo(value: T): T | undefined {
    const step = this.done.at(-1);
    if (!step) return undefined;
    const result = applyDelta(value, invertDelta(step.delta));
    this.done.pop();
    this.undone.push(step);
    this.burst = undefined;
    return result;
  }

  /** The value one step forward again; otherwise as `undo`. */
  redo(value: T): T | undefined {
    const step = this.undone.at(-1);
    if (!step) return undefined;
    const result = applyDelta(value, step.delta);
    this.undone.pop();
    this.done.push(step);
    this.burst = undefined;
    return result;
  }

  clear(): void {
    this.done = [];
    this.undone = [];
    this.burst = undefined;
  }
}
