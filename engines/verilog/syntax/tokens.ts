import type { Problem } from '../../core/result.ts';

/** A text that was read: a source file, an included file. Macro expansions have no text of their own. */
export interface SourceFileText {
  /** As the user knows it. */
  path: string;
  text: string;
  /** By which its words are reserved: that of the file given to the compiler that includes it. `begin_keywords not counted. */
  generation?: Generation;
}

export const TokenKind = {
  /** `foo`, and `\foo+bar ` (its text is without the backslash). */
  identifier: 0,
  /** A word that the generation in force reserves. */
  keyword: 1,
  /** `$display`. */
  system: 2,
  /** `12`, `4'b10x`, `'0`, `8 'hff` (one token, inner blanks removed). */
  number: 3,
  /** `1.5`, `2e-3`. */
  real: 4,
  /** `1.5ns` (SystemVerilog). */
  time: 5,
  /** Its text is decoded: escapes resolved, one UTF-16 unit a byte (0..255). */
  string: 6,
  /** Operators and punctuation. */
  symbol: 7,
  end: 8,
} as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/**
 * What the preprocessor hands the parser: the tokens of a compilation unit in structure-of-arrays form, and where each came from. A node of the
 * syntax tree names its first and last token; everything else about its place follows from here.
 */
export interface TokenStream {
  files: SourceFileText[];
  count: number;
  kinds: Uint8Array;
  texts: string[];
  /** Index into `files`: where the token stands in the text, or, from a macro, where the macro is used. */
  file: Int32Array;
  /** Offset in that file's text. Tokens of a macro's expansion all have the offset of its use. */
  offset: Int32Array;
  /** Length in that text (of a macro's use: of the whole use). */
  length: Int32Array;
  /** 1-based line after `line directives: what messages and $display's %l say. `reported` has the name to go with it. */
  line: Int32Array;
  /** 1-based. */
  column: Int32Array;
  /** Path after `line directives; undefined: that of `file`. Sparse. */
  reported: Map<number, string>;
  /** 1: the token came out of a macro. */
  fromMacro: Uint8Array;
  /** Directives that hold from a token on, in order of `token`. */
  directives: Directive[];
  /** Comments, in order, for the printer and for pragmas. Only in the text of files, not in macros. */
  comments: { file: number; offset: number; length: number /** The token that follows. */; before: number }[];
  /** All macros at the end of the unit: for the editor. */
  macros: Map<string, MacroDefinition>;
}

export interface MacroDefinition {
  name: string;
  /** Undefined: an object-like macro. */
  parameters?: { name: string; defaultText?: string }[];
  body: string;
  /** -1: given by the caller, not by a file. */
  file: number;
  offset: number;
  line: number;
}

export type Directive = { token: number } & (
  | { kind: 'timescale' /** Power of ten of seconds: -9 is 1 ns, -8 is 10 ns. */; unit: number; precision: number }
  | { kind: 'default_nettype'; netType: string }
  | { kind: 'celldefine'; on: boolean }
  | { kind: 'unconnected_drive'; pull: 'pull0' | 'pull1' | undefined }
  | { kind: 'resetall' }
  /** `begin_keywords and `end_keywords; undefined: that of the file again. */
  | { kind: 'keywords'; generation: Generation | undefined }
);

/** The generations of the language, by which words are reserved and what is refused. */
export type Generation = '1995' | '2001-noconfig' | '2001' | '2005' | '2005-sv' | '2009' | '2012';

export interface PreprocessOptions {
  /** For each file; undefined: by the name (`.sv`: 2012, else `2005`). */
  generation?: Generation;
  defines: Record<string, string>;
  includeDirs: readonly string[];
  /** The text of a file by its path, already joined with the directory; undefined when there is none. */
  read(path: string): string | undefined;
  /**
   * `include "f"` looks beside the including file first (the default), or, as Icarus does without -grelative-include, as
   * named and in `includeDirs` first and beside the file last.
   */
  relativeIncludes?: boolean;
  /** Goes on with the macros and directives at the end of this unit: for files that a library adds. */
  after?: TokenStream;
  /** Also notes macros that are defined again with the same text. */
  everyRedefinition?: boolean;
  /** Holds before any `timescale; powers of ten of seconds. */
  timescale?: { unit: number; precision: number };
}

export interface Preprocessed {
  tokens: TokenStream;
  problems: Problem[];
}
