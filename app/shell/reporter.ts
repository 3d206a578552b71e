import { MADE_WITH } from '../../engines/document/made-with.ts';
import { notify } from '../design/index.ts';
import { copyText } from '../ui/copy.ts';
import { chunkProblem, isChunkError } from './chunk-error.ts';
import { texts } from './texts.ts';

/** A defect as it is copied for a report. */
export interface Defect {
  message: string;
  stack?: string;
  where: string;
}

const kept: Defect[] = [];
const MOST_KEPT = 20;

export function defectOf(reason: unknown, where: string): Defect {
  if (reason instanceof Error) return { message: `${reason.name}: ${reason.message}`, stack: reason.stack, where };
  return { message: String(reason), where };
}

/** Everything one needs to look into a defect: what, where, and on what. No text of the user's design. */
export function describeDefect({ message, stack, where }: Defect): string {
  return [message, `At: ${where}`, `Studio: ${MADE_WITH}`, `Browser: ${navigator.userAgent}`, '', stack ?? '']
    .join('\n')
    .trimEnd();
}

/** The one place that exceptions come to: tells the user, once each. */
export function report(reason: unknown, where: string): void {
  if (reason instanceof Error && reason.name === 'AbortError') return;
  if (isChunkError(reason)) {
    notify({ ...chunkProblem(), action: { label: texts.chunk.reload, run: () => location.reload() } });
    return;
  }
  const defect = defectOf(reason, where);
  if (kept.some((each) => each.message === defect.message && each.stack === defect.stack)) return;
  kept.push(defect);
  if (kept.length > MOST_KEPT) kept.shift();
  notify({
    code: 'defect',
    severity: 'error',
    what: texts.crash.defect(defect.message),
    remedy: texts.crash.defectRemedy,
    action: { label: texts.crash.copy, run: () => void copyText(describeDefect(defect)) },
  });
}

/** Exceptions that nobody caught come here too. */
export function startReporter(): void {
  addEventListener('error', (event) => {
    // Chromium tells of a resize that it delivers in the next frame as an error; nothing is wrong.
    if (event.message.startsWith('ResizeObserver loop')) return;
    if (event.error !== undefined && event.error !== null) report(event.error, event.filename || 'the page');
  });
  addEventListener('unhandledrejection', (event) => report(event.reason, 'a promise'));
}
