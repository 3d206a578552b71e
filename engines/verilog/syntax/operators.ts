/**
 * Operators and punctuation of more than one character (IEEE 1364-2005 2.5, IEEE 1800-2012 5.5 and Annex A), beside
 * `(*`, `*)`, `'{` and `'(`, which the lexer decides by what stands around them.
 */
const OPERATORS =
  `<<<= >>>= === !== ==? !=? <<< >>> <<= >>= &&& <-> |-> |=> ->> #-# #=# == != <= >= && || << >> ** ~& ~| ~^ ^~
-> => *> +: -: ++ -- += -= *= /= %= &= |= ^= :: := :/ .* ##`.split(/\s+/);

/** Of these the single characters mean something side by side before SystemVerilog: `a - -b`, `a && &b`. */
const SYSTEM_VERILOG_ONLY = new Set(['&&&', '++', '--', '|->', '|=>', '#-#', '#=#', '##']);

function table(systemVerilog: boolean): (readonly string[] | undefined)[] {
  const byFirst: (string[] | undefined)[] = new Array(128).fill(undefined);
  for (const operator of OPERATORS) {
    if (!systemVerilog && SYSTEM_VERILOG_ONLY.has(operator)) continue;
    const code = operator.charCodeAt(0);
    const list = byFirst[code];
    if (list) list.push(operator);
    else byFirst[code] = [operator];
  }
  for (const list of byFirst) list?.sort((x, y) => y.length - x.length);
  return byFirst;
}

const VERILOG = table(false);
const SYSTEM_VERILOG = table(true);
const SINGLE: string[] = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** The longest operator that begins at `at`, after the token `before`; a single character where there is none. */
export function operatorAt(text: string, at: number, systemVerilog: boolean, before: string | undefined): string {
  const code = text.charCodeAt(at);
  const candidates = (systemVerilog ? SYSTEM_VERILOG : VERILOG)[code];
  if (candidates !== undefined) {
    for (const candidate of candidates) {
      if (!text.startsWith(candidate, at)) continue;
      // `(a +=> b)` is a path with a polarity; `? : /* */` is no weight of a distribution.
      const next = text.charCodeAt(at + 2);
      if ((candidate === '+=' || candidate === '-=') && next === 62) break;
      if (candidate === ':/' && (next === 42 || next === 47)) break;
      return candidate;
    }
    if (!systemVerilog && isIncrement(text, at, before)) return text.slice(at, at + 2);
  }
  return SINGLE[code]!;
}

/** What cannot follow a sign: `i++;`, `i-- > 0`. */
const NO_OPERAND = /[ \t]*[;),\]}<>=?:*/%]/y;
/** What only a statement can follow. */
const STATEMENT_BEFORE = new Set([';', 'begin', 'end', 'else', 'fork']);

/**
 * Before SystemVerilog: two equal signs where two signs mean nothing, `i++;` or `begin ++i;`. Taken for an increment, as Icarus
 * Verilog takes it in every generation.
 */
function isIncrement(text: string, at: number, before: string | undefined): boolean {
  const code = text.charCodeAt(at);
  if ((code !== 43 && code !== 45) || text.charCodeAt(at + 1) !== code) return false;
  if (before !== undefined && STATEMENT_BEFORE.has(before)) return true;
  NO_OPERAND.lastIndex = at + 2;
  return NO_OPERAND.test(text);
}
