/**
 * The syntax tree of Verilog-2005 and the SystemVerilog that the studio reads (IEEE 1364-2005 Annex A, IEEE 1800-2012 Annex A).
 * Every node names its first and last token (inclusive) in the `TokenStream`, so that places, comments and formatting
 * are never lost: an edit of the source is an edit of the text between two tokens.
 */
import type { Generation } from './tokens.ts';

export interface Node {
  first: number;
  last: number;
}

export interface Name extends Node {
  name: string;
}

// ---------------------------------------------------------------------------------------------------- Expressions

export type Expr =
  | NumberExpr
  | RealExpr
  | TimeExpr
  | StringExpr
  | NameExpr
  | MemberExpr
  | ScopedExpr
  | IndexExpr
  | RangeExpr
  | ConcatExpr
  | ReplicateExpr
  | StreamExpr
  | UnaryExpr
  | BinaryExpr
  | ConditionalExpr
  | CallExpr
  | CastExpr
  | IncrementExpr
  | AssignExpr
  | InsideExpr
  | MinTypMaxExpr
  | PatternExpr
  | TypeExpr
  | NewExpr
  | DollarExpr
  | NullExpr
  | ErrorExpr;

/** `12`, `'d12`, `4'sb1x0z`, `'0`, `'1`, `'x`, `'z`. Value planes: (a,b) = (0,0) 0, (1,0) 1, (0,1) z, (1,1) x. */
export interface NumberExpr extends Node {
  kind: 'number';
  /** Undefined: unsized (at least 32 bits; wider where the digits ask for it, with `width` set then). */
  width?: number;
  signed: boolean;
  a: bigint;
  b: bigint;
  /** `'0`, `'1`, `'x`, `'z`: as wide as its context. */
  fill?: '0' | '1' | 'x' | 'z';
  /** Unsized with x or z leftmost: a context wider than the planes is filled with it. */
  extend?: 'x' | 'z';
}
export interface RealExpr extends Node {
  kind: 'real';
  value: number;
}
/** `10ns`. */
export interface TimeExpr extends Node {
  kind: 'time';
  value: number;
  /** Power of ten of seconds. */
  unit: number;
}
export interface StringExpr extends Node {
  kind: 'string';
  value: string;
}
/** A simple or escaped identifier; `$root` and `$unit` too, and `this`, `super`. */
export interface NameExpr extends Node {
  kind: 'name';
  name: string;
}
/** `a.b`: a part of a hierarchical name, a struct field, an interface member, a method (`q.size`). Decided by elaboration. */
export interface MemberExpr extends Node {
  kind: 'member';
  object: Expr;
  member: Name;
}
/** `pkg::name`. */
export interface ScopedExpr extends Node {
  kind: 'scoped';
  scope: Name;
  name: Name;
}
/** `a[i]`: bit, element, or instance of an array; decided by elaboration. */
export interface IndexExpr extends Node {
  kind: 'index';
  object: Expr;
  index: Expr;
}
/** `a[l:r]`, `a[b+:w]`, `a[b-:w]`. */
export interface RangeExpr extends Node {
  kind: 'range';
  object: Expr;
  mode: ':' | '+:' | '-:';
  left: Expr;
  right: Expr;
}
/** `{a, b}`. */
export interface ConcatExpr extends Node {
  kind: 'concat';
  parts: Expr[];
}
/** `{n{a, b}}`. */
export interface ReplicateExpr extends Node {
  kind: 'replicate';
  count: Expr;
  parts: Expr[];
}
/** `{<<8{a}}`: parsed, refused by elaboration where it is not a simple one. */
export interface StreamExpr extends Node {
  kind: 'stream';
  direction: '<<' | '>>';
  slice?: Expr | TypeRef;
  parts: Expr[];
}
export interface UnaryExpr extends Node {
  kind: 'unary';
  op: '+' | '-' | '!' | '~' | '&' | '~&' | '|' | '~|' | '^' | '~^' | '^~';
  operand: Expr;
}
export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '=='
  | '!='
  | '==='
  | '!=='
  | '==?'
  | '!=?'
  | '&&'
  | '||'
  | '->'
  | '<->'
  | '<'
  | '<='
  | '>'
  | '>='
  | '&'
  | '|'
  | '^'
  | '~^'
  | '^~'
  | '>>'
  | '<<'
  | '>>>'
  | '<<<';
export interface BinaryExpr extends Node {
  kind: 'binary';
  op: BinaryOp;
  left: Expr;
  right: Expr;
}
export interface ConditionalExpr extends Node {
  kind: 'conditional';
  condition: Expr;
  then: Expr;
  else: Expr;
}
/** `f(x, .y(z))`, `$clog2(x)`, `q.push_back(x)` (callee is then a member). System names have their `$`. A method without parentheses is a MemberExpr. */
export interface CallExpr extends Node {
  kind: 'call';
  callee: NameExpr | MemberExpr | ScopedExpr | IndexExpr | SystemName;
  args: Argument[];
  /** `q.find with (item > 3)`. */
  with?: Expr;
}
export interface SystemName extends Node {
  kind: 'system';
  name: string;
}
export interface Argument extends Node {
  /** `.name(value)`. */
  name?: Name;
  /** Undefined: left out. System calls may have a data type (`$bits(int)`): a TypeExpr. */
  value?: Expr;
}
/** `type'(e)`, `8'(e)`, `signed'(e)`, `const'(e)`. `foo'(e)` is given as a type by name; elaboration sees whether `foo` is a constant size. */
export interface CastExpr extends Node {
  kind: 'cast';
  to:
    | { kind: 'type'; type: TypeRef }
    | { kind: 'size'; size: Expr }
    | { kind: 'sign'; signed: boolean }
    | { kind: 'const' };
  operand: Expr;
}
/** `i++`, `--i`. */
export interface IncrementExpr extends Node {
  kind: 'increment';
  op: '++' | '--';
  prefix: boolean;
  operand: Expr;
}
/** `(a += b)` as an expression. */
export interface AssignExpr extends Node {
  kind: 'assign';
  op: AssignOp;
  left: Expr;
  right: Expr;
}
export interface InsideExpr extends Node {
  kind: 'inside';
  operand: Expr;
  items: (Expr | ValueRange)[];
}
export interface ValueRange extends Node {
  kind: 'value-range';
  left: Expr;
  right: Expr;
}
export interface MinTypMaxExpr extends Node {
  kind: 'mintypmax';
  min: Expr;
  typ: Expr;
  max: Expr;
}
/** `'{a, b}`, `'{x: 1, default: 0}`, `'{4{0}}`. `type` is the prefix in `t'{...}`. */
export interface PatternExpr extends Node {
  kind: 'pattern';
  type?: TypeRef;
  repeat?: Expr;
  items: { key?: Expr | TypeRef | 'default'; value: Expr }[];
}
/** A data type where an expression stands: `$bits(logic [3:0])`, a type parameter's value. */
export interface TypeExpr extends Node {
  kind: 'type';
  type: TypeRef;
}
/** `new`, `new[n]`, `new[n](old)`, `new(args)`. */
export interface NewExpr extends Node {
  kind: 'new';
  size?: Expr;
  args: Argument[];
}
/** `$` as a bound of a queue. */
export interface DollarExpr extends Node {
  kind: 'dollar';
}
export interface NullExpr extends Node {
  kind: 'null';
}
/** Stands where the parser recovered; a problem has been reported. */
export interface ErrorExpr extends Node {
  kind: 'error';
}

// ---------------------------------------------------------------------------------------------------------- Types

export interface PackedRange extends Node {
  left: Expr;
  right: Expr;
}

/** `[3:0]`, `[8]`, `[]`, `[$]`, `[$:7]`, `[string]`, `[*]`. */
export type UnpackedDim = Node &
  (
    | { kind: 'range'; left: Expr; right: Expr }
    | { kind: 'size'; size: Expr }
    | { kind: 'dynamic' }
    | { kind: 'queue'; bound?: Expr }
    | { kind: 'associative'; index?: TypeRef }
  );

export type IntegerTypeName = 'bit' | 'logic' | 'reg' | 'byte' | 'shortint' | 'int' | 'longint' | 'integer' | 'time';

export type TypeRef = Node & {
  /** Packed dimensions, outermost first. */
  packed: PackedRange[];
} & (
    | { kind: 'integer'; name: IntegerTypeName /** As written. */; signed?: boolean }
    /** No type word: `[3:0] x`, `signed x`, or nothing at all. */
    | { kind: 'implicit'; signed?: boolean }
    | { kind: 'real'; name: 'real' | 'shortreal' | 'realtime' }
    | { kind: 'string' }
    | { kind: 'event' }
    | { kind: 'chandle' }
    | { kind: 'void' }
    /** A typedef, class, or interface by name; `pkg::t` has `scope`; `bus.master` has `modport`. Whether it is an interface is decided by elaboration. */
    | { kind: 'named'; name: Name; scope?: Name; modport?: Name /** #(...) of a class. */; params?: Argument[] }
    | { kind: 'enum'; base?: TypeRef; members: EnumMember[] }
    | { kind: 'struct'; union: boolean; packedStruct: boolean; tagged: boolean; signed: boolean; fields: StructField[] }
    | { kind: 'type-of'; operand: Expr | TypeRef }
    | { kind: 'interface'; modport?: Name }
  );

/** `A`, `A = 3`, `A[4]`, `A[2:5] = 8`. */
export interface EnumMember extends Node {
  name: Name;
  range?: { left: Expr; right?: Expr };
  value?: Expr;
}
export interface StructField extends Node {
  type: TypeRef;
  names: { name: Name; dims: UnpackedDim[]; init?: Expr }[];
}

// --------------------------------------------------------------------------------------------------- Declarations

export interface Attribute extends Node {
  name: Name;
  value?: Expr;
}

export type NetType =
  | 'wire'
  | 'tri'
  | 'wand'
  | 'triand'
  | 'wor'
  | 'trior'
  | 'tri0'
  | 'tri1'
  | 'supply0'
  | 'supply1'
  | 'trireg'
  | 'uwire';
export type Strength = 'supply' | 'strong' | 'pull' | 'weak' | 'highz';
/** Drive strength of 0 and of 1. */
export interface DriveStrength {
  zero: Strength;
  one: Strength;
}
/** One delay (`#5`), or rise, fall, turn-off. Each may be min:typ:max. */
export interface Delay extends Node {
  values: Expr[];
}

export interface Declarator extends Node {
  name: Name;
  dims: UnpackedDim[];
  init?: Expr;
}

export interface NetDecl extends Node {
  kind: 'net';
  netType: NetType;
  type: TypeRef;
  strength?: DriveStrength;
  charge?: 'small' | 'medium' | 'large';
  vectored?: 'vectored' | 'scalared';
  delay?: Delay;
  names: Declarator[];
}
/** `reg`, `integer`, `real`, `time`, `event`, `logic`, a user's type ... */
export interface VarDecl extends Node {
  kind: 'var';
  /** `var`, `const`. */
  constant: boolean;
  lifetime?: 'automatic' | 'static';
  type: TypeRef;
  names: Declarator[];
}
export interface ParamDecl extends Node {
  kind: 'param';
  word: 'parameter' | 'localparam' | 'specparam';
  /** Undefined in `parameter type`. */
  type?: TypeRef;
  isType: boolean;
  names: { name: Name; dims: UnpackedDim[]; value?: Expr; first: number; last: number }[];
}
export interface GenvarDecl extends Node {
  kind: 'genvar';
  names: Name[];
}
export interface TypedefDecl extends Node {
  kind: 'typedef';
  name: Name;
  /** Undefined: a forward declaration. */
  type?: TypeRef;
  dims: UnpackedDim[];
}
export interface ImportDecl extends Node {
  kind: 'import';
  items: { package: Name /** Undefined: `*`. */; name?: Name }[];
}
/** `export a::*, b::c;`, `export *::*;` (no package) in a package. */
export interface ExportDecl extends Node {
  kind: 'export';
  items: { package?: Name /** Undefined: `*`. */; name?: Name }[];
}
export interface PortDecl extends Node {
  kind: 'port-decl';
  direction: Direction;
  netType?: NetType;
  /** `reg`, `logic`, `var`: the port is also a variable (`output reg`). */
  variable: boolean;
  type: TypeRef;
  names: Declarator[];
  attributes?: Attribute[];
}
export type Direction = 'input' | 'output' | 'inout' | 'ref';

/** A place in the port list of a header. */
export type HeaderPort = Node &
  /** ANSI style; direction and type are filled in from the port before it where they are inherited. */
  (
    | { kind: 'ansi'; decl: PortDecl }
    /** `.name(expr)` in an ANSI header. */
    | { kind: 'ansi-named'; direction: Direction; name: Name; expr?: Expr }
    /** `a`, `{a, b[1]}`, `.x(a)`, nothing at all: declared in the body. */
    | { kind: 'plain'; name?: Name; expr?: Expr }
    /** An interface port: `bus_if.slave bus`, `interface x`. */
    | { kind: 'interface'; interface?: Name; modport?: Name; name: Name; dims: UnpackedDim[] }
  );

/** A function or task. */
export interface SubprogramDecl extends Node {
  kind: 'function' | 'task';
  name: Name;
  /** `class::name` of an external definition. */
  of?: Name;
  automatic?: boolean;
  /** Of the value (functions). */
  returns?: TypeRef;
  /** Ports in order; those declared in the body are collected here too. A port without a type word of its own is implicit. */
  ports: SubprogramPort[];
  decls: (VarDecl | ParamDecl | TypedefDecl | ImportDecl)[];
  body: Stmt[];
}
export interface SubprogramPort extends Node {
  direction: Direction;
  constant: boolean;
  type: TypeRef;
  name: Name;
  dims: UnpackedDim[];
  default?: Expr;
}

// ----------------------------------------------------------------------------------------------------- Statements

export type AssignOp = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=' | '<<<=' | '>>>=';

export type Stmt = (
  | NullStmt
  | BlockStmt
  | BlockingStmt
  | NonBlockingStmt
  | ExprStmt
  | IfStmt
  | CaseStmt
  | ForStmt
  | ForeachStmt
  | WhileStmt
  | DoStmt
  | RepeatStmt
  | ForeverStmt
  | DelayStmt
  | EventStmt
  | WaitStmt
  | WaitForkStmt
  | TriggerStmt
  | DisableStmt
  | ForceStmt
  | ReleaseStmt
  | ReturnStmt
  | BreakStmt
  | AssertStmt
  | DeclStmt
  | ErrorStmt
) & { label?: Name /** They stand before `first`. */; attributes?: Attribute[] };

export interface NullStmt extends Node {
  kind: 'null';
}
export interface BlockStmt extends Node {
  kind: 'block';
  fork?: 'join' | 'join_any' | 'join_none';
  name?: Name;
  decls: (VarDecl | ParamDecl | TypedefDecl | ImportDecl)[];
  body: Stmt[];
}
/** A declaration amid statements (SystemVerilog allows it at the start of a block only; kept to report it well). */
export interface DeclStmt extends Node {
  kind: 'decl';
  decl: VarDecl | ParamDecl | TypedefDecl;
}
/** `a = b;`, `a += b;`, `a = #5 b;`, `a = @(posedge c) b;`, `a = repeat (3) @(e) b;`. */
export interface BlockingStmt extends Node {
  kind: 'blocking';
  op: AssignOp;
  left: Expr;
  timing?: Timing;
  right: Expr;
}
export interface NonBlockingStmt extends Node {
  kind: 'nonblocking';
  left: Expr;
  timing?: Timing;
  right: Expr;
}
export type Timing = { kind: 'delay'; delay: Expr } | { kind: 'event'; repeat?: Expr; control: EventControl };
/** `f(x);`, `$display(...);`, `i++;`, a task or system task without parentheses, `void'(f())`. */
export interface ExprStmt extends Node {
  kind: 'expr';
  expr: Expr;
}
export interface IfStmt extends Node {
  kind: 'if';
  check?: 'unique' | 'unique0' | 'priority';
  condition: Expr;
  then: Stmt;
  else?: Stmt;
}
export interface CaseStmt extends Node {
  kind: 'case';
  word: 'case' | 'casez' | 'casex';
  inside: boolean;
  check?: 'unique' | 'unique0' | 'priority';
  subject: Expr;
  items: { /** Undefined: default. */ labels?: (Expr | ValueRange)[]; body: Stmt; first: number; last: number }[];
}
export interface ForStmt extends Node {
  kind: 'for';
  init: (VarDecl | Stmt)[];
  condition?: Expr;
  step: Stmt[];
  body: Stmt;
}
export interface ForeachStmt extends Node {
  kind: 'foreach';
  array: Expr;
  /** A name may be left out. */
  variables: (Name | undefined)[];
  body: Stmt;
}
export interface WhileStmt extends Node {
  kind: 'while';
  condition: Expr;
  body: Stmt;
}
export interface DoStmt extends Node {
  kind: 'do';
  condition: Expr;
  body: Stmt;
}
export interface RepeatStmt extends Node {
  kind: 'repeat';
  count: Expr;
  body: Stmt;
}
export interface ForeverStmt extends Node {
  kind: 'forever';
  body: Stmt;
}
/** `#5 stmt`. */
export interface DelayStmt extends Node {
  kind: 'delay';
  delay: Expr;
  body: Stmt;
}
export interface EventControl extends Node {
  /** `@*`, `@(*)`. */
  star: boolean;
  items: { edge?: 'posedge' | 'negedge' | 'edge'; expr: Expr; iff?: Expr }[];
}
/** `@(posedge clk) stmt`. */
export interface EventStmt extends Node {
  kind: 'event';
  control: EventControl;
  body: Stmt;
}
export interface WaitStmt extends Node {
  kind: 'wait';
  condition: Expr;
  body: Stmt;
}
export interface WaitForkStmt extends Node {
  kind: 'wait-fork';
}
/** `-> e;`, `->> e;`. */
export interface TriggerStmt extends Node {
  kind: 'trigger';
  nonBlocking: boolean;
  timing?: Timing;
  event: Expr;
}
export interface DisableStmt extends Node {
  kind: 'disable';
  /** Undefined: `disable fork`. */
  target?: Expr;
}
/** `assign x = e;` and `force x = e;` in procedures. */
export interface ForceStmt extends Node {
  kind: 'force';
  word: 'force' | 'assign';
  left: Expr;
  right: Expr;
}
export interface ReleaseStmt extends Node {
  kind: 'release';
  word: 'release' | 'deassign';
  left: Expr;
}
export interface ReturnStmt extends Node {
  kind: 'return';
  value?: Expr;
}
export interface BreakStmt extends Node {
  kind: 'break' | 'continue';
}
/** Immediate assertions: `assert (e) ok; else bad;`. `deferred`: `assert #0`, `assert final`. */
export interface AssertStmt extends Node {
  kind: 'assert';
  word: 'assert' | 'assume' | 'cover';
  deferred?: '#0' | 'final';
  condition: Expr;
  pass?: Stmt;
  fail?: Stmt;
}
export interface ErrorStmt extends Node {
  kind: 'error';
}

// ---------------------------------------------------------------------------------------------------------- Items

export type Item = (
  | NetDecl
  | VarDecl
  | ParamDecl
  | GenvarDecl
  | TypedefDecl
  | ImportDecl
  | ExportDecl
  | PortDecl
  | SubprogramDecl
  | ContinuousAssign
  | ProcessItem
  | InstanceItem
  | GateItem
  | GenerateFor
  | GenerateIf
  | GenerateCase
  | GenerateBlock
  | GenerateRegion
  | DefparamItem
  | SpecifyItem
  | ModportItem
  | AliasItem
  | AssertItem
  | ElaborationTask
  | TimeUnitsItem
  | ModuleDecl
  | UnsupportedItem
  | EmptyItem
) & { /** They stand before `first`. */ attributes?: Attribute[] };

export interface ContinuousAssign extends Node {
  kind: 'assign';
  strength?: DriveStrength;
  delay?: Delay;
  assigns: { left: Expr; right: Expr; first: number; last: number }[];
}
export interface ProcessItem extends Node {
  kind: 'process';
  word: 'initial' | 'always' | 'always_comb' | 'always_ff' | 'always_latch' | 'final';
  body: Stmt;
}
/** `m #(.W(8)) u1 (.a(b)), u2 (...);` A UDP's instance looks the same (and may have a strength and a delay). */
export interface InstanceItem extends Node {
  kind: 'instance';
  module: Name;
  params: Argument[];
  /** `#5` or `#(1,2)` before a UDP's instance is read as `params`, positional. */
  strength?: DriveStrength;
  instances: Instance[];
}
export interface Instance extends Node {
  /** UDP instances may have no name. */
  name?: Name;
  dims: UnpackedDim[];
  ports: PortConnection[];
}
export type PortConnection = Node &
  (
    | { kind: 'ordered'; value?: Expr }
    | { kind: 'named'; name: Name; value?: Expr /** `.name` alone: the net of that name. */; implicit: boolean }
    | { kind: 'wildcard' }
  );
export type GateType =
  | 'and'
  | 'nand'
  | 'or'
  | 'nor'
  | 'xor'
  | 'xnor'
  | 'buf'
  | 'not'
  | 'bufif0'
  | 'bufif1'
  | 'notif0'
  | 'notif1'
  | 'nmos'
  | 'pmos'
  | 'rnmos'
  | 'rpmos'
  | 'cmos'
  | 'rcmos'
  | 'tran'
  | 'rtran'
  | 'tranif0'
  | 'tranif1'
  | 'rtranif0'
  | 'rtranif1'
  | 'pullup'
  | 'pulldown';
export interface GateItem extends Node {
  kind: 'gate';
  gate: GateType;
  strength?: DriveStrength;
  delay?: Delay;
  instances: Instance[];
}
export interface GenerateFor extends Node {
  kind: 'generate-for';
  /** `genvar i = 0` declares it here. */
  declares: boolean;
  variable: Name;
  init: Expr;
  condition: Expr;
  /** `i = i + 1`, `i++`, `i += 2`: an AssignExpr or IncrementExpr. */
  step: Expr;
  body: GenerateBlock;
}
export interface GenerateIf extends Node {
  kind: 'generate-if';
  condition: Expr;
  then?: GenerateBlock;
  else?: GenerateBlock;
}
export interface GenerateCase extends Node {
  kind: 'generate-case';
  subject: Expr;
  items: { labels?: Expr[]; body: GenerateBlock }[];
}
/** `begin : name ... end`, or one item without them (`bare`). */
export interface GenerateBlock extends Node {
  kind: 'generate-block';
  name?: Name;
  bare: boolean;
  items: Item[];
}
/** `generate ... endgenerate`: no scope of its own. */
export interface GenerateRegion extends Node {
  kind: 'generate-region';
  items: Item[];
}
export interface DefparamItem extends Node {
  kind: 'defparam';
  assigns: { target: Expr; value: Expr }[];
}
export interface SpecifyItem extends Node {
  kind: 'specify';
  items: (SpecifyPath | ParamDecl | SpecifyOther)[];
}
/** `(a => b) = (1, 2);`, `if (c) (posedge clk *> (q +: d)) = 3;`, `ifnone ...`. */
export interface SpecifyPath extends Node {
  kind: 'path';
  /** `if (...)`; `ifnone` is 'none'. */
  condition?: Expr | 'none';
  edge?: 'posedge' | 'negedge';
  inputs: Expr[];
  full: boolean;
  polarity?: '+' | '-';
  outputs: Expr[];
  /** `(q +: d)`: the data source of an edge-sensitive path. */
  data?: Expr;
  delays: Expr[];
}
/** Timing checks ($setup ...), pulsestyle, showcancelled: parsed, kept, not run (timing checks are said to be ignored). */
export interface SpecifyOther extends Node {
  kind: 'timing-check' | 'pulse-style';
  name: string;
}
export interface ModportItem extends Node {
  kind: 'modport';
  modports: {
    name: Name;
    ports: { direction: Direction | 'import' | 'export'; name: Name; expr?: Expr }[];
  }[];
}
/** `alias a = b = c;`. */
export interface AliasItem extends Node {
  kind: 'alias';
  nets: Expr[];
}
export interface AssertItem extends Node {
  kind: 'assert-item';
  statement: AssertStmt;
  label?: Name;
}
/** `$error("...");`, `$fatal`, `$warning`, `$info` as an item: carried out at elaboration. */
export interface ElaborationTask extends Node {
  kind: 'elaboration-task';
  statement: ExprStmt;
}
/** `timeunit 1ns / 1ps; timeprecision 1ps;`. */
export interface TimeUnitsItem extends Node {
  kind: 'time-units';
  unit?: number;
  precision?: number;
}
/** Classes, properties, sequences, covergroups, clocking blocks, configs, DPI, bind ...: skipped whole, reported with what they are. */
export interface UnsupportedItem extends Node {
  kind: 'unsupported';
  what: string;
}
export interface EmptyItem extends Node {
  kind: 'empty';
}

export interface ModuleDecl extends Node {
  kind: 'module';
  word: 'module' | 'macromodule' | 'interface' | 'program' | 'package';
  name: Name;
  lifetime?: 'automatic' | 'static';
  imports: ImportDecl[];
  /** Parameters of the header, `#(...)`. */
  params: ParamDecl[];
  /** Whether there was a `#(...)`: then `parameter`s in the body are local. */
  hasParamList: boolean;
  /** `ansi` where at least one port is declared in the header. */
  portStyle: 'ansi' | 'plain' | 'none';
  ports: HeaderPort[];
  items: Item[];
  /** Directives in force at the header. */
  timescale?: { unit: number; precision: number };
  defaultNetType: NetType | 'none';
  unconnected?: 'pull0' | 'pull1';
  cell: boolean;
  generation: Generation;
  attributes?: Attribute[];
}

/** A user-defined primitive. */
export interface PrimitiveDecl extends Node {
  kind: 'primitive';
  name: Name;
  /** Output first. */
  ports: Name[];
  sequential: boolean;
  /** Of the `initial` statement: '0', '1', 'x'. */
  initial?: '0' | '1' | 'x';
  rows: UdpRow[];
}
export interface UdpRow extends Node {
  /** One text an input: a level symbol `0 1 x ? b`, an edge symbol `r f p n *`, or a pair `(01)`, `(?x)`, as written without blanks, lower case. */
  inputs: string[];
  /** Level of the state before, sequential ones only: `0 1 x ? b`. */
  state?: string;
  /** `0 1 x`, or `-` (no change). */
  output: string;
}

export interface SourceUnit extends Node {
  items: (Item | PrimitiveDecl)[];
}
