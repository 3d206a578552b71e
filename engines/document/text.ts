import { error, fail, ok, type Result } from '../core/result.ts';

/** Bytes as text, without a byte order mark; undefined when they are not UTF-8 or hold a zero byte. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads a design written as JSON. Fails with `not-json`, naming the line and column of the fault. */
export function parseJson(text: string, file?: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch (reason) {
    const at = faultOffset(text, String(reason));
    const before = text.slice(0, at).split('\n');
    const [line, column] = [before.length, before.at(-1)!.length + 1];
    const name = file === undefined ? 'The design' : `"${file}"`;
    const end =
      at >= text.trimEnd().length
        ? 'it ends too early'
        : `it is not valid at "${text.slice(at, at + 12).split('\n')[0]}"`;
    const what = `${name} is not JSON: ${end}, line ${line}, column ${column}.`;
    return fail(
      error('not-json', what, 'Correct it there; JSON wants quoted keys and no comma at the end.', {
        file,
        line,
        column,
      }),
    );
  }
}

/** Engines word their messages differently; where one names no offset, the fault is at the end of the text. */
function faultOffset(text: string, message: string): number {
  const position = /position (\d+)/.exec(message);
  if (position) return Number(position[1]);
  const place = /line (\d+) column (\d+)/.exec(message);
  if (!place) return text.length;
  const lines = text.split('\n').slice(0, Number(place[1]) - 1);
  return lines.reduce((sum, line) => sum + line.length + 1, 0) + Number(place[2]) - 1;
}
