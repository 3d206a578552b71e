/** The macros that are defined, and their expansion in texts. */
import { isBlank, skipName, skipString, skipToBlank } from './characters.ts';
import { DIRECTIVES } from './directives.ts';
import { type Expander, type Macro, makeMacro, readArguments, skipGaps, substitute } from './macros.ts';
import type { MacroDefinition } from './tokens.ts';

/**
 * Macros that are there without a definition, as in Icarus Verilog: sources that avoid what a simulator cannot do ask for
 * its name.
 */
export const PREDEFINED: Readonly<Record<string, string>> = { __ICARUS__: '1' };

/** Characters that macros may stand for in one unit, in all. */
const MAX_EXPANSION = 10_000_000;
const MAX_NESTING = 200;

/** Directives that change what text is read. */
export const CONDITIONAL_WORDS: ReadonlySet<string> = new Set(['ifdef', 'ifndef', 'elsif', 'else', 'endif']);
export const TEXT_DIRECTIVES: ReadonlySet<string> = new Set([
  ...CONDITIONAL_WORDS,
  'define',
  'undef',
  'undefineall',
  'include',
]);

export function isDirective(name: string): boolean {
  return TEXT_DIRECTIVES.has(name) || Object.hasOwn(DIRECTIVES, name);
}

/** What expansion asks of the place where it happens. */
export interface ExpansionSite {
  complain(code: string, what: string, remedy?: string, severity?: 'error' | 'warning' | 'note'): void;
  /** What `__LINE__` and `__FILE__` stand for. */
  here(): { line: number; path: string };
}

export class MacroTable {
  private readonly macros = new Map<string, Macro>();
  private readonly site: ExpansionSite;
  private expanded = 0;

  constructor(site: ExpansionSite) {
    this.site = site;
  }

  get(name: string): Macro | undefined {
    return this.macros.get(name);
  }

  isDefined(name: string): boolean {
    return this.macros.has(name) || isDirective(name) || name === '__LINE__' || name === '__FILE__';
  }

  /** Macros given by the caller. */
  predefine(bodies: Readonly<Record<string, string>>): void {
    for (const [name, body] of Object.entries(bodies)) {
      this.macros.set(name, makeMacro({ name, body, file: -1, offset: 0, line: 0 }, true));
    }
  }

  /** The macros that another unit ended with. */
  takeOver(definitions: ReadonlyMap<string, MacroDefinition>): void {
    for (const [name, definition] of definitions) {
      this.macros.set(name, makeMacro({ ...definition, file: -1 }, definition.file === -1));
    }
  }

  define(definition: MacroDefinition): void {
    const { name, body, parameters } = definition;
    if (this.isDefined(name) && !this.macros.has(name)) {
      this.site.complain('bad-directive', `\`${name} is a directive; a macro cannot have its name.`);
      return;
    }
    const old = this.macros.get(name);
    if (old && !old.predefined) {
      const before = old.definition;
      const isSame = before.body === body && JSON.stringify(before.parameters) === JSON.stringify(parameters);
      this.site.complain(
        isSame ? 'macro-redefinition' : 'macro-replacement',
        `redefinition of macro ${name} from value '${before.body}' to '${body}'`,
        `Put \`undef ${name} before it where this is meant.`,
        'note',
      );
    }
    this.macros.set(name, makeMacro(definition));
  }

  undefine(name: string): void {
    this.macros.delete(name);
  }

  /** All that sources have defined. */
  undefineAll(): void {
    for (const [name, macro] of this.macros) if (!macro.predefined) this.macros.delete(name);
  }

  definitions(): Map<string, MacroDefinition> {
    return new Map([...this.macros].map(([name, { definition }]) => [name, definition]));
  }

  /** One text for each parameter; undefined where the given ones do not fit, which is reported. */
  matchArguments(macro: Macro, given: readonly string[]): string[] | undefined {
    const { name, parameters = [] } = macro.definition;
    if (parameters.length === 0 && given.length === 1 && given[0] === '') return [];
    const args = parameters.map(({ defaultText }, index) => {
      const arg = given[index];
      return arg === undefined || arg === '' ? (defaultText ?? arg) : arg;
    });
    const missing = args.indexOf(undefined);
    if (given.length <= parameters.length && missing === -1) return args as string[];
    const wanted = `${parameters.length} parameter${parameters.length === 1 ? '' : 's'}`;
    this.site.complain(
      'macro-arguments',
      `The macro '${name}' has ${wanted}, and ${given.length} argument${given.length === 1 ? ' is' : 's are'} given.`,
      missing === -1 ? undefined : `The parameter '${parameters[missing]!.name}' has no default.`,
    );
    return undefined;
  }

  /** The text of a use of a macro that takes these arguments, its own uses of macros not yet expanded. Undefined: reported. */
  textOf(macro: Macro, args: readonly string[]): string | undefined {
    if (!this.canExpand(macro)) return undefined;
    const text = substitute(macro, args, this.expander(macro, 0));
    this.expanded += text.length;
    return text;
  }

  /** A text with all macros in it expanded. Directives, and uses of what is not defined, stay as they are. */
  expand(text: string, depth = 0): string {
    if (!text.includes('`')) return text;
    if (depth > MAX_NESTING) {
      this.site.complain('macro-recursion', `Macros are nested more than ${MAX_NESTING} deep here.`);
      return '';
    }
    let out = '';
    let from = 0;
    let pos = 0;
    while (pos < text.length) {
      const code = text.charCodeAt(pos);
      if (code === 34) pos = skipString(text, pos);
      else if (code === 92 && !isBlank(text.charCodeAt(pos + 1))) pos = skipToBlank(text, pos);
      else if (code !== 96) pos++;
      else {
        const escaped = text.charCodeAt(pos + 1) === 92;
        const end = escaped ? skipToBlank(text, pos + 1) : skipName(text, pos + 1);
        const name = text.slice(escaped ? pos + 2 : pos + 1, end);
        if (name === '' || isDirective(name)) {
          pos = Math.max(end, pos + 1);
          continue;
        }
        out += text.slice(from, pos);
        const use = this.expandUse(name, text, pos, end, depth);
        out += use.text;
        this.expanded += use.text.length;
        if (this.isTooMuch()) return '';
        from = use.end;
        pos = use.end;
      }
    }
    return out + text.slice(from);
  }

  /** Expands the use of a macro that begins at `start` of `text` and whose name ends at `end`. */
  private expandUse(
    name: string,
    text: string,
    start: number,
    end: number,
    depth: number,
  ): { text: string; end: number } {
    if (name === '__LINE__') return { text: `${this.site.here().line}`, end };
    if (name === '__FILE__') return { text: `"${this.site.here().path}"`, end };
    const macro = this.macros.get(name);
    // It may be a part of a name that is still to be joined; if not, it is missed when the text is read.
    if (macro === undefined) return { text: text.slice(start, end), end };
    let args: readonly string[] = [];
    let after = end;
    if (macro.definition.parameters) {
      const open = skipGaps(text, end);
      // They may follow where this text is used.
      if (open === text.length) return { text: text.slice(start), end: open };
      const read = text.charCodeAt(open) === 40 ? readArguments(text, open) : undefined;
      if (read === undefined) {
        this.site.complain('macro-arguments', `The macro '${name}' wants arguments in brackets.`);
        return { text: '', end };
      }
      after = read.end;
      const matched = this.matchArguments(macro, read.args);
      if (matched === undefined) return { text: '', end: after };
      args = matched;
    }
    if (!this.canExpand(macro)) return { text: '', end: after };
    const expander = this.expander(macro, depth + 1);
    return { text: expander.expandBody(substitute(macro, args, expander)), end: after };
  }

  private expander(macro: Macro, depth: number): Expander {
    return {
      expandArgument: (text) => this.expand(text, depth),
      expandBody: (text) => {
        macro.active++;
        const expanded = this.expand(text, depth);
        macro.active--;
        return expanded;
      },
      isDefined: (name) => this.macros.has(name),
      isPlain: (name) => this.macros.get(name)?.definition.parameters === undefined,
    };
  }

  private canExpand(macro: Macro): boolean {
    if (macro.active === 0) return !this.isTooMuch();
    const { name } = macro.definition;
    this.site.complain('macro-recursion', `The macro '${name}' is used in its own text, which has no end.`);
    return false;
  }

  private isTooMuch(): boolean {
    if (this.expanded <= MAX_EXPANSION) return false;
    if (Number.isFinite(this.expanded)) {
      this.site.complain('macro-size', 'The macros of this unit stand for more text than can be read.');
    }
    this.expanded = Number.POSITIVE_INFINITY;
    return true;
  }

  complainUndefined(name: string): void {
    const lower = name.toLowerCase();
    const near = [...this.macros.keys(), ...Object.keys(DIRECTIVES), ...TEXT_DIRECTIVES].find(
      (other) => other.toLowerCase() === lower || isOneOff(other, name),
    );
    this.site.complain(
      'undefined-macro',
      `The macro '${name}' is not defined; it stands for nothing here.`,
      near ? `Is \`${near} meant?` : `Define it with \`define ${name}, or include the file that does.`,
      'warning',
    );
  }
}

/** One letter too much, too few, or other; or two changed about. */
function isOneOff(x: string, y: string): boolean {
  if (Math.abs(x.length - y.length) > 1 || Math.min(x.length, y.length) < 4) return false;
  let start = 0;
  while (start < x.length && x[start] === y[start]) start++;
  const restX = x.slice(start);
  const restY = y.slice(start);
  return (
    restX.slice(1) === restY ||
    restX === restY.slice(1) ||
    restX.slice(1) === restY.slice(1) ||
    (restX[0] === restY[1] && restX[1] === restY[0] && restX.slice(2) === restY.slice(2))
  );
}
