/** Lines of Verilog with the places that they come from. */
import type { At } from '../ir/types.ts';

interface Line {
  text: string;
  at: At | undefined;
  /** The line only sets this flag: it is left out where nobody reads the flag. */
  flag: string | undefined;
}

export class LoweredText {
  private readonly lines: Line[] = [];

  /** One line without its end. */
  put(text: string, at?: At, flag?: string): void {
    this.lines.push({ text, at, flag });
  }

  append(other: LoweredText): void {
    this.lines.push(...other.lines);
  }

  /** With `line` directives, so that every line with a place counts as that line of that file (1364-2005 section 19.7). */
  render(readFlags: ReadonlySet<string>, fileName: (path: string) => string): string {
    const out: string[] = [];
    let file = '';
    let line = 0;
    for (const { text, at, flag } of this.lines) {
      if (flag !== undefined && !readFlags.has(flag)) continue;
      if (at && (at.file !== file || at.line !== line)) {
        out.push(`\`line ${at.line} "${fileName(at.file)}" 0`);
        file = at.file;
        line = at.line;
      }
      out.push(text);
      line++;
    }
    return `${out.join('\n')}\n`;
  }
}
