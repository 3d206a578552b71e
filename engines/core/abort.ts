/**
 * The error that ends a cancelled job. A DOMException, because its name survives the way between workers where that of an
 * own class would not; Node has it too.
 */
export function abortError(what = 'The job was cancelled.'): DOMException {
  return new DOMException(what, 'AbortError');
}

export function isAbortError(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'AbortError';
}

/** @throws an AbortError when the signal is aborted. */
export function checkAborted(signal: AbortSignal): void {
  if (signal.aborted) throw isAbortError(signal.reason) ? signal.reason : abortError();
}

/**
 * Lets the host's messages in, of which the cancellation is one, and throws an AbortError if it was there. A loop that
 * computes must await this every 50 ms or so: a worker that never pauses cannot hear.
 */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  checkAborted(signal);
}
