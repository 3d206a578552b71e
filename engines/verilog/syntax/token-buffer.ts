import type { SourceFileText, TokenStream } from './tokens.ts';

/** Where a token is said to stand. */
export interface TokenPlace {
  /** Index into the files. */
  file: number;
  offset: number;
  length: number;
  line: number;
  column: number;
  /** Path after `` `line ``. */
  reported?: string;
}

const START_SIZE = 1024;

/** Gathers tokens in the form of the `TokenStream`. */
export class TokenBuffer {
  count = 0;
  kinds = new Uint8Array(START_SIZE);
  readonly texts: string[] = [];
  file = new Int32Array(START_SIZE);
  offset = new Int32Array(START_SIZE);
  length = new Int32Array(START_SIZE);
  line = new Int32Array(START_SIZE);
  column = new Int32Array(START_SIZE);
  fromMacro = new Uint8Array(START_SIZE);
  readonly reported = new Map<number, string>();

  push(
    kind: number,
    text: string,
    file: number,
    offset: number,
    length: number,
    line: number,
    column: number,
    fromMacro: number,
  ): void {
    const at = this.count;
    if (at === this.kinds.length) this.grow();
    this.kinds[at] = kind;
    this.texts.push(text);
    this.file[at] = file;
    this.offset[at] = offset;
    this.length[at] = length;
    this.line[at] = line;
    this.column[at] = column;
    this.fromMacro[at] = fromMacro;
    this.count = at + 1;
  }

  private grow(): void {
    const size = this.kinds.length * 2;
    const wider = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const fromMacro = new Uint8Array(size);
    fromMacro.set(this.fromMacro);
    this.fromMacro = fromMacro;
    this.file = wider(this.file);
    this.offset = wider(this.offset);
    this.length = wider(this.length);
    this.line = wider(this.line);
    this.column = wider(this.column);
  }

  finish(files: SourceFileText[], rest: Pick<TokenStream, 'directives' | 'comments' | 'macros'>): TokenStream {
    const { count } = this;
    return {
      files,
      count,
      kinds: this.kinds.slice(0, count),
      texts: this.texts,
      file: this.file.slice(0, count),
      offset: this.offset.slice(0, count),
      length: this.length.slice(0, count),
      line: this.line.slice(0, count),
      column: this.column.slice(0, count),
      reported: this.reported,
      fromMacro: this.fromMacro.slice(0, count),
      ...rest,
    };
  }
}
