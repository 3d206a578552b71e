const NEWLINE = 10;
const OPEN = '{'.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);

export interface SplitterOptions {
  /** Keep the bytes as they are; neither lines nor documents are looked for. */
  plain?: boolean;
  onLine?(line: string): void;
  onDocument?(text: string): void;
}

/**
 * Takes apart what Yosys prints: log lines, and JSON documents between a line `{` and a line `}`. Yosys writes some
 * twenty bytes at a time, so chunks are copied into one growing buffer rather than kept.
 */
export class OutputSplitter {
  readonly #options: SplitterOptions;
  readonly #decoder = new TextDecoder();
  #buffer = new Uint8Array(1 << 16);
  #length = 0;
  /** Start of the line that is being written, of which the next newline is the end. */
  #lineStart = 0;
  /** Start of the document that is being written; -1 outside of documents. */
  #documentStart = -1;

  constructor(options: SplitterOptions) {
    this.#options = options;
  }

  write(chunk: Uint8Array): void {
    if (this.#options.plain) {
      this.#append(chunk);
      return;
    }
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, from);
      if (newline === -1) break;
      this.#append(chunk.subarray(from, newline + 1));
      this.#endLine(this.#length - 1);
      from = newline + 1;
    }
    this.#append(from === 0 ? chunk : chunk.subarray(from));
  }

  #append(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    if (end > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(end, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = end;
  }

  /** What is left without a newline is a line of its own. */
  end(): void {
    if (this.#options.plain || this.#documentStart !== -1 || this.#length === this.#lineStart) return;
    this.#endLine(this.#length);
  }

  /** The bytes written, when `plain`. */
  bytes(): Uint8Array {
    return this.#options.plain ? this.#buffer.slice(0, this.#length) : new Uint8Array();
  }

  /** `at` is the index of the newline: the end of what has been written, or one before it. */
  #endLine(at: number): void {
    const start = this.#lineStart;
    const only = at - start === 1 ? this.#buffer[start] : -1;
    this.#lineStart = at + 1;
    if (this.#documentStart === -1) {
      if (only === OPEN) {
        this.#documentStart = start;
        return;
      }
      this.#options.onLine?.(this.#take(start, at));
    } else if (only === CLOSE) {
      const text = this.#take(this.#documentStart, at);
      this.#documentStart = -1;
      this.#options.onDocument?.(text);
    }
  }

  /** The text of a span that ends what has been written; the buffer begins anew. */
  #take(start: number, end: number): string {
    const text = this.#decoder.decode(this.#buffer.subarray(start, end));
    this.#length = 0;
    this.#lineStart = 0;
    return text;
  }
}
