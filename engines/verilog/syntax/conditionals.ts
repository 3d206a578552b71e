/** `ifdef and its family: which text is read. */
import { skipComment, skipName, skipString } from './characters.ts';
import { CONDITIONAL_WORDS } from './macro-table.ts';
import { readBody } from './macros.ts';
import type { TokenPlace } from './token-buffer.ts';

export interface ConditionalSite {
  /** Where the word that was just read stands, and complaints are placed. */
  site: TokenPlace;
  takeName(): string | undefined;
  isDefined(name: string): boolean;
  /** Passes over text to after the next word of a conditional; undefined where the file ends. */
  passToConditional(): string | undefined;
  complain(code: string, what: string, remedy?: string): void;
}

interface Conditional {
  word: string;
  place: TokenPlace;
  /** One of its branches has been read. */
  taken: boolean;
  elseSeen: boolean;
}

export class Conditionals {
  private readonly site: ConditionalSite;
  private readonly open: Conditional[] = [];
  /** For each file that is open, how many were open when it began. */
  private readonly bases: number[] = [];

  constructor(site: ConditionalSite) {
    this.site = site;
  }

  private get base(): number {
    return this.bases.at(-1) ?? 0;
  }

  enterFile(): void {
    this.bases.push(this.open.length);
  }

  /** A file ends, and with it what it has left open. */
  leaveFile(): void {
    const { site } = this;
    while (this.open.length > this.base) {
      const { word, place } = this.open.pop()!;
      site.site = place;
      site.complain('open-conditional', `This \`${word} has no \`endif in its file.`, 'Add `endif.');
    }
    this.bases.pop();
  }

  /** One of the words has been read. Passes over the branches that are not read. */
  read(word: string): void {
    const { site } = this;
    if (word === 'ifdef' || word === 'ifndef') {
      const name = site.takeName();
      if (name === undefined) site.complain('bad-directive', `The directive \`${word} wants the name of a macro.`);
      const taken = name !== undefined && site.isDefined(name) === (word === 'ifdef');
      this.open.push({ word, place: site.site, taken, elseSeen: false });
      if (!taken) this.skipBranches();
      return;
    }
    if (this.open.length === this.base) {
      site.complain('bad-directive', `There is no \`ifdef or \`ifndef that this \`${word} could belong to.`);
      if (word === 'elsif') site.takeName();
      return;
    }
    // A branch that was read ends here.
    if (this.isSkippedAfter(word)) this.skipBranches();
  }

  /** At the next word of the innermost conditional: whether what follows is passed over. */
  private isSkippedAfter(word: string): boolean {
    const { site } = this;
    const innermost = this.open.at(-1)!;
    if (word === 'endif') {
      this.open.pop();
      return false;
    }
    if (innermost.elseSeen) {
      site.complain('bad-directive', `This \`${word} follows the \`else of the same \`${innermost.word}.`);
    }
    if (word === 'else') {
      innermost.elseSeen = true;
      const passed = innermost.taken;
      innermost.taken = true;
      return passed;
    }
    const name = site.takeName();
    if (name === undefined) site.complain('bad-directive', 'The directive `elsif wants the name of a macro.');
    const passed = innermost.taken || innermost.elseSeen || name === undefined || !site.isDefined(name);
    innermost.taken ||= !passed;
    return passed;
  }

  /** Passes over text to the branch that is read, or to after the `endif. */
  private skipBranches(): void {
    let depth = 0;
    for (;;) {
      const word = this.site.passToConditional();
      if (word === undefined) return;
      if (word === 'ifdef' || word === 'ifndef') depth++;
      else if (depth === 0) {
        if (!this.isSkippedAfter(word)) return;
      } else if (word === 'endif') depth--;
    }
  }
}

/** Where the next word of a conditional stands in a text; strings, comments and the texts of macros are passed over. */
export function findConditional(text: string, from: number): { word: string; start: number; end: number } | undefined {
  let pos = from;
  while (pos < text.length) {
    const code = text.charCodeAt(pos);
    if (code === 34) pos = skipString(text, pos);
    else if (code === 47) pos = Math.max(pos + 1, skipComment(text, pos));
    else if (code === 96) {
      const end = skipName(text, pos + 1);
      const word = text.slice(pos + 1, end);
      if (CONDITIONAL_WORDS.has(word)) return { word, start: pos, end };
      pos = word === 'define' ? readBody(text, end).end : Math.max(end, pos + 1);
    } else pos++;
  }
  return undefined;
}
