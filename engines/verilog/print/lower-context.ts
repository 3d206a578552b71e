/** What all parts of the lowering share: names, shapes of signals, helper functions, and what was found on the way. */
import type { Problem } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import { type NetPlan, planNets } from '../run/nets.ts';
import { readUse, type SignalUse } from './lower-use.ts';

/** Bits of a signal, all elements of an array together. */
export function bitsOf(type: ir.IrType): number | undefined {
  if (type.kind === 'vector') return type.width;
  if (type.kind === 'array' && type.element.kind === 'vector') return type.element.width * type.count;
  return undefined;
}

/** Widest array that is lowered to one vector. */
const MOST_FLAT_BITS = 1 << 20;

/** Words that name something in Verilog, SystemVerilog or Yosys: escaped where they are names. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const AT_NOWHERE: ir.At = { file: '', line: 1, column: 1 };

/**
 * - 'vector': a vector.
 * - 'flat': an array whose elements lie side by side in one vector, element 0 lowest.
 * - 'memory': an array of Verilog.
 */
export type Shape = 'vector' | 'flat' | 'memory';

export class Lowering {
  readonly design: ir.Design;
  readonly top: ir.Scope;
  readonly plan: NetPlan;
  readonly use: SignalUse;
  readonly problems: Problem[] = [];
  readonly notes: Problem[] = [];
  /** Texts of helper functions by name. */
  readonly helpers = new Map<string, string[]>();
  /** Canon signals that the text names and the module must declare. */
  readonly declared = new Set<ir.SignalId>();
  readonly called = new Set<ir.SubprogramId>();
  /** Flags that somebody reads (see `lower-exit`). */
  readonly readFlags = new Set<string>();
  /** Where the lowering is: for problems of expressions. */
  at: ir.At = AT_NOWHERE;
  /** The subprogram that is being written. */
  inside: ir.Subprogram | undefined;

  private readonly names = new Map<ir.SignalId, string>();
  private readonly taken = new Set<string>();
  private readonly subprogramNames = new Map<ir.SubprogramId, string>();
  private readonly paths = new Map<ir.ScopeId, string>();
  private readonly owners = new Map<ir.ScopeId, ir.SubprogramId | undefined>();
  private readonly subprogramOfScope = new Map<ir.ScopeId, ir.SubprogramId>();
  private readonly shapes = new Map<ir.SignalId, Shape>();

  constructor(design: ir.Design, top: ir.ScopeId) {
    this.design = design;
    this.top = design.scopes[top]!;
    this.plan = planNets(design);
    for (const subprogram of design.subprograms) {
      if (subprogram) this.subprogramOfScope.set(subprogram.scope, subprogram.id);
    }
    this.use = readUse(design, this.plan);
    this.nameSignals();
  }

  private add(list: Problem[], problem: Problem): void {
    const same = list.some(
      (other) =>
        other.what === problem.what &&
        other.where?.file === problem.where?.file &&
        other.where?.line === problem.where?.line,
    );
    if (!same) list.push(problem);
  }

  /** Notes that something has no meaning for synthesis. */
  refuse(what: string, remedy?: string, at: ir.At = this.at): void {
    const problem: Problem = { code: 'not-synthesisable', severity: 'error', what, where: { ...at } };
    if (remedy !== undefined) problem.remedy = remedy;
    this.add(this.problems, problem);
  }

  note(code: string, what: string, at: ir.At = this.at): void {
    this.add(this.notes, { code, severity: 'note', what, where: { ...at } });
  }

  // ------------------------------------------------------------------------------------------------------- Names

  private nameSignals(): void {
    const { design, top } = this;
    // What is one net has the name of the port at the top, or of the outermost of its signals.
    const chosen = new Map<ir.SignalId, ir.Signal>();
    const rank = (signal: ir.Signal) =>
      signal.scope === top.id && signal.port ? -1 : this.pathOf(signal.scope).split('.').length;
    for (const signal of design.signals) {
      const canon = this.plan.canon[signal.id]!;
      const known = chosen.get(canon);
      if (!known || rank(signal) < rank(known)) chosen.set(canon, signal);
    }
    const claim = (canon: ir.SignalId, signal: ir.Signal) => {
      const path = this.pathOf(signal.scope);
      const full = path === '' ? signal.name : `${path}.${signal.name}`;
      // Yosys 0.55 does not see that a loop's variable with a dot in its name is constant in each round.
      const plain = signal.automatic || this.use.loopVariables.has(canon) || this.ownerOf(signal.scope) !== undefined;
      this.names.set(canon, plain ? this.freshPlain(full) : this.fresh(full));
    };
    for (const [canon, signal] of chosen) if (rank(signal) < 0) claim(canon, signal);
    for (const [canon, signal] of chosen) if (rank(signal) >= 0) claim(canon, signal);
  }

  /** The path below the top; empty at the top. Packages and others outside of it have their own names in front. */
  pathOf(scope: ir.ScopeId): string {
    if (scope === this.top.id) return '';
    const known = this.paths.get(scope);
    if (known !== undefined) return known;
    const { name, parent } = this.design.scopes[scope]!;
    const above = parent === undefined ? '' : this.pathOf(parent);
    const path = above === '' ? name : `${above}.${name}`;
    this.paths.set(scope, path);
    return path;
  }

  /** A name of its own for the text, escaped where needed. */
  fresh(wanted: string): string {
    const plain = wanted.replaceAll(/[^!-~]/g, '_');
    let name = plain;
    for (let i = 2; this.taken.has(name); i++) name = `${plain}_${i}`;
    this.taken.add(name);
    return escapedName(name);
  }

  /** A name of its own without any sign that would need an escape, for what is no part of the circuit. */
  freshPlain(wanted: string): string {
    return this.fresh(wanted.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_'));
  }

  name(signal: ir.SignalId): string {
    const canon = this.plan.canon[signal]!;
    const { inside } = this;
    if (inside?.result === signal) return this.subprogramName(inside.id);
    const owner = this.ownerOf(this.design.signals[canon]!.scope);
    if (owner === undefined) this.declared.add(canon);
    else if (owner !== inside?.id) {
      this.refuse(
        `"${this.design.signals[signal]!.name}" is a variable of a function or task, and is used outside of it.`,
        'Return its value, or declare it in the module.',
      );
    }
    return this.names.get(canon)!;
  }

  subprogramName(id: ir.SubprogramId): string {
    let name = this.subprogramNames.get(id);
    if (name === undefined) {
      const subprogram = this.design.subprograms[id]!;
      name = this.freshPlain(this.pathOf(subprogram.scope));
      this.subprogramNames.set(id, name);
    }
    return name;
  }

  /** The function or task in which a scope lies. */
  ownerOf(scope: ir.ScopeId): ir.SubprogramId | undefined {
    if (this.owners.has(scope)) return this.owners.get(scope);
    const own = this.subprogramOfScope.get(scope);
    const { parent } = this.design.scopes[scope]!;
    const owner = own ?? (parent === undefined ? undefined : this.ownerOf(parent));
    this.owners.set(scope, owner);
    return owner;
  }

  // ------------------------------------------------------------------------------------------------------ Shapes

  signal(id: ir.SignalId): ir.Signal {
    return this.design.signals[this.plan.canon[id]!]!;
  }

  shape(id: ir.SignalId): Shape {
    const canon = this.plan.canon[id]!;
    const known = this.shapes.get(canon);
    if (known) return known;
    const signal = this.design.signals[canon]!;
    let shape: Shape = 'vector';
    if (bitsOf(signal.type) === undefined) {
      this.refuse(`"${signal.name}" is ${article(signal.type)}, which has no meaning for synthesis.`, undefined);
    } else if (signal.type.kind === 'array') {
      const flat =
        signal.kind === 'net' ||
        signal.automatic ||
        signal.port !== undefined ||
        this.use.whole.has(canon) ||
        this.use.driven.has(canon) ||
        this.ownerOf(signal.scope) !== undefined;
      shape = flat ? 'flat' : 'memory';
      if (flat && bitsOf(signal.type)! > MOST_FLAT_BITS) {
        this.refuse(
          `The array "${signal.name}" is used as a whole, and too large for that.`,
          'Use its elements one by one.',
        );
      }
    }
    this.shapes.set(canon, shape);
    return shape;
  }

  /** The name of a helper function; `make` writes its text when it is the first. */
  helper(name: string, make: (name: string) => string[]): string {
    const escaped = `\\$${name} `.replace('$', '~');
    if (!this.helpers.has(escaped)) this.helpers.set(escaped, make(escaped));
    return escaped;
  }
}

export function escapedName(name: string): string {
  return PLAIN_NAME.test(name) && !WORDS.has(name) ? name : `\\${name} `;
}

function article(type: ir.IrType): string {
  const name = type.kind === 'array' ? type.element.kind : type.kind;
  const texts: Record<string, string> = {
    real: 'a real number',
    string: 'a string',
    event: 'a named event',
    list: 'a queue or a dynamic array',
    map: 'an associative array',
  };
  return texts[name] ?? `a ${name}`;
}

/** `[7:0] `; nothing for one bit. */
export function rangeText(width: number): string {
  return width === 1 ? '' : `[${width - 1}:0] `;
}

const WORDS = new Set(
  (
    'always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign default defparam design ' +
    'disable edge else end endcase endconfig endfunction endgenerate endmodule endprimitive endspecify endtable endtask ' +
    'event for force forever fork function generate genvar highz0 highz1 if ifnone incdir include initial inout input ' +
    'instance integer join large liblist library localparam macromodule medium module nand negedge nmos nor ' +
    'noshowcancelled not notif0 notif1 or output parameter pmos posedge primitive pull0 pull1 pulldown pullup ' +
    'pulsestyle_onevent pulsestyle_ondetect rcmos real realtime reg release repeat rnmos rpmos rtran rtranif0 rtranif1 ' +
    'scalared showcancelled signed small specify specparam strong0 strong1 supply0 supply1 table task time tran tranif0 ' +
    'tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire vectored wait wand weak0 weak1 while wire wor xnor xor ' +
    // Of SystemVerilog: a tool may read the text as such.
    'accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof bit break byte chandle checker ' +
    'class clocking const constraint context continue cover covergroup coverpoint cross dist do endchecker endclass ' +
    'endclocking endgroup endinterface endpackage endprogram endproperty endsequence enum eventually expect export extends ' +
    'extern final first_match foreach forkjoin global iff ignore_bins illegal_bins implements implies import inside int ' +
    'interconnect interface intersect join_any join_none let local logic longint matches modport nettype new nexttime null ' +
    'package packed priority program property protected pure rand randc randcase randsequence ref reject_on restrict return ' +
    's_always s_eventually s_nexttime s_until s_until_with sequence shortint shortreal soft solve static string strong struct ' +
    'super sync_accept_on sync_reject_on tagged this throughout timeprecision timeunit type typedef union unique unique0 ' +
    'until until_with untyped var virtual void wait_order weak wildcard with within'
  ).split(' '),
);
