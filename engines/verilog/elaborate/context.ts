/** What an elaboration keeps while it runs, beyond what names mean. */
import type { Problem } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { TokenStream } from '../syntax/tokens.ts';
import type { Context, Symbol as Meaning, Scope } from './symbols.ts';

/** A source that was parsed: a compilation unit. */
export interface ParsedUnit {
  unit: ast.SourceUnit;
  tokens: TokenStream;
}

export interface ElaborateOptions {
  /** Modules at the top; empty: all that no module instantiates. */
  tops: readonly string[];
  /** `top.N` to a value as Verilog text. */
  parameters: Readonly<Record<string, string>>;
  delays: 'min' | 'typ' | 'max';
  /** False: specify blocks are passed over. */
  specify: boolean;
  /** False: immediate assertions are passed over. */
  assertions?: boolean;
  /** Instances of modules that are not there are passed over, with a warning. */
  ignoreMissing?: boolean;
  /** How often a module may be within itself. */
  recursionLimit?: number;
  /** False: a port and its net may differ in that one is a scalar and the other a vector (`-gno-io-range-error`). Default true. */
  ioRangeError?: boolean;
  /** Loads and parses the file that has a module which is not defined; undefined: there is none. */
  library?(moduleName: string): ParsedUnit | undefined;
}

/** A value for a parameter from outside: its expression means what it means in `scope`. */
export interface Override {
  value?: ast.Expr;
  scope: Scope;
  node: ast.Node;
  /** Of a command line, when there is no expression. */
  constant?: ir.Constant;
}

/** The items of a module's instance, a generate block, a package or a compilation unit, with what became of them. */
export interface Body {
  scope: Scope;
  /** Generate regions are opened. */
  items: readonly ast.Item[];
  overrides: Map<string, Override>;
  /** Scopes that items made, in order: instances by their `ast.Instance`, generate constructs by their item. */
  children: Map<ast.Node, Scope[]>;
  /** How many instances are around it. */
  depth: number;
  /** How an instance is connected, for its interface ports. */
  connections?: { instance: ast.Instance; scope: Scope };
}

export interface Elaboration extends Context {
  options: ElaborateOptions;
  /** Above all tops; it is not in the design. */
  root: Scope;
  /** By id. */
  scopes: Scope[];
  bodies: Body[];
  bodyOf: Map<Scope, Body>;
  /** Scopes of blocks, by the scope around them. */
  blocks: Map<Scope, Map<ast.Node, Scope | undefined>>;
  /** The compilation unit that a module was declared in. */
  unitOf: Map<ast.ModuleDecl, Scope>;
  /** Numbers for the names of blocks that have none. */
  unnamed: number;
  /** Set when elaboration cannot go on (a recursion without end). */
  stopped: boolean;
  /** Libraries that were asked for. */
  asked: Set<string>;
  /** Names that are being resolved, to find circles. */
  resolving: Set<string>;
  /** Tables of primitives that are used. */
  tables: Map<ast.PrimitiveDecl, number>;
  /** Those of Verilog, that procedures give. */
  initialProcesses: Map<Scope, { symbol: Meaning; init: ast.Expr; scope: Scope }[]>;
  /** What drives variables and uwires all the time. */
  driven: Map<ir.SignalId, { part: ir.NetPart; node: ast.Node }[]>;
  /** Functions and tasks, whose bodies are lowered when all names are known. */
  subprograms: Extract<Meaning, { kind: 'subprogram' }>[];
  /** Modules with modules in them, and those. */
  nesting: Set<ast.ModuleDecl>;
  nestedIn: Map<ast.ModuleDecl, ast.ModuleDecl>;
  /** Takes in another parsed source; `fromLibrary`: its modules are never at the top. */
  addUnit(parsed: ParsedUnit, fromLibrary: boolean): void;
  /** Initial values of static variables, to be lowered when all names are known. */
  inits: { symbol: Meaning; init: ast.Expr; scope: Scope }[];
}

const nowhere: ast.Node = { first: 0, last: 0 };

function emptyTokens(): TokenStream {
  return {
    files: [],
    count: 0,
    kinds: new Uint8Array(),
    texts: [],
    file: new Int32Array(),
    offset: new Int32Array(),
    length: new Int32Array(),
    line: new Int32Array(),
    column: new Int32Array(),
    reported: new Map(),
    fromMacro: new Uint8Array(),
    directives: [],
    comments: [],
    macros: new Map(),
  };
}

/** A context without any modules. `blockScope` is given by `blocks.ts`. */
export function createContext(
  tokens: TokenStream | undefined,
  options: ElaborateOptions,
  blockScope: (ctx: Elaboration, node: ast.Node, parent: Scope) => Scope | undefined,
): Elaboration {
  const design: ir.Design = {
    scopes: [],
    tops: [],
    signals: [],
    enums: [],
    structs: [],
    subprograms: [],
    processes: [],
    assigns: [],
    gates: [],
    switches: [],
    udps: [],
    udpInstances: [],
    links: [],
    paths: [],
    precision: 0,
  };
  const rootIr: ir.Scope = {
    id: -1,
    name: '$root',
    kind: 'unit',
    at: { file: '', line: 1, column: 1 },
    unit: 0,
    precision: 0,
    children: [],
    signals: [],
    parameters: [],
  };
  const root: Scope = {
    ir: rootIr,
    unit: undefined as unknown as Scope,
    names: new Map(),
    wildcards: [],
    automatic: false,
    defaultNetType: 'wire',
  };
  root.unit = root;
  const seen = new Set<string>();
  const ctx: Elaboration = {
    tokens: tokens ?? emptyTokens(),
    design,
    problems: [],
    unit: root,
    packages: new Map(),
    modules: new Map(),
    primitives: new Map(),
    delays: options.delays,
    assertions: options.assertions ?? true,
    options,
    root,
    scopes: [],
    bodies: [],
    bodyOf: new Map(),
    blocks: new Map(),
    unitOf: new Map(),
    unnamed: 0,
    stopped: false,
    asked: new Set(),
    resolving: new Set(),
    inits: [],
    driven: new Map(),
    initialProcesses: new Map(),
    nesting: new Set(),
    nestedIn: new Map(),
    tables: new Map(),
    subprograms: [],
    addUnit: () => {},
    blockScope: (node, parent) => blockScope(ctx, node, parent),
    at: (node) => placeOf(ctx.tokens, node),
    report(problem, node) {
      const where = placeOf(ctx.tokens, node);
      // An instance is elaborated many times, what is wrong with its text is said once.
      const key = `${problem.code}\0${where.file}\0${where.line}\0${where.column}\0${problem.what}`;
      if (seen.has(key)) return;
      seen.add(key);
      const full: Problem = { ...problem, where: { file: where.file, line: where.line, column: where.column } };
      ctx.problems.push(full);
    },
  };
  return ctx;
}

/** Where a node begins. */
export function placeOf(tokens: TokenStream, node: ast.Node): ir.At {
  const token = Math.max(0, Math.min(node.first, tokens.count - 1));
  if (tokens.count === 0) return { file: '', line: 1, column: 1 };
  const file = tokens.reported.get(token) ?? tokens.files[tokens.file[token]!]?.path ?? '';
  return { file, line: tokens.line[token]!, column: tokens.column[token]! };
}

/** Makes a scope and its record in the design, below `above`. */
export function makeScope(
  ctx: Elaboration,
  made: {
    name: string;
    kind: ir.Scope['kind'];
    /** Around it in the text. */
    parent: Scope | undefined;
    /** Around it in the tree of instances. */
    above: Scope | undefined;
    node?: ast.Node;
    module?: ast.ModuleDecl;
    /** Without: that of its parent; a module starts one of its own. */
    ownUnit?: boolean;
    automatic?: boolean;
  },
): Scope {
  const { parent, above } = made;
  const record: ir.Scope = {
    id: ctx.design.scopes.length,
    name: made.name,
    kind: made.kind,
    at: ctx.at(made.node ?? nowhere),
    unit: parent?.ir.unit ?? 0,
    precision: parent?.ir.precision ?? 0,
    children: [],
    signals: [],
    parameters: [],
  };
  if (above && above.ir.id >= 0) record.parent = above.ir.id;
  if (made.module) record.module = made.module.name.name;
  const scope: Scope = {
    ir: record,
    unit: undefined as unknown as Scope,
    names: new Map(),
    wildcards: [],
    automatic: made.automatic ?? parent?.automatic ?? false,
    defaultNetType: made.module?.defaultNetType ?? parent?.defaultNetType ?? 'wire',
  };
  scope.unit = made.ownUnit || !parent ? scope : parent.unit;
  if (parent) scope.parent = parent;
  if (above && above !== parent) scope.above = above;
  if (made.module) scope.module = made.module;
  if (parent?.subprogram && !made.ownUnit) scope.subprogram = parent.subprogram;
  ctx.design.scopes.push(record);
  ctx.scopes.push(scope);
  above?.ir.children.push(record.id);
  return scope;
}
