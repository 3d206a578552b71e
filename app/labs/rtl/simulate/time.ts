const LIMIT = /^\s*\d+(?:\.\d+)?\s*(?:fs|ps|ns|us|µs|ms|s)\s*$/;

/** Whether a time limit can be read ("2 ms"); an empty one means none. */
export function isTime(text: string): boolean {
  return text.trim() === '' || LIMIT.test(text);
}
