/**
 * The elaborated design: one flat list of signals and processes in a tree of scopes, every expression with its final
 * width and sign, every name resolved, every index counted from zero. Both back ends (interpreter and compiler), the
 * lowering to plain Verilog and the early warnings read this; none of them needs the rules of contexts, names or
 * parameters again.
 */

/** Where something stands: for messages, waves and coverage. 1-based. */
export interface At {
  file: string;
  line: number;
  column: number;
}

// ---------------------------------------------------------------------------------------------------------- Types

export interface VectorType {
  kind: 'vector';
  width: number;
  signed: boolean;
  /** False: `bit`, `int` ...: x and z become 0 on assignment. */
  fourState: boolean;
}
export interface RealType {
  kind: 'real';
  /** Rounded to single precision on assignment. */
  short?: boolean;
}
export interface StringType {
  kind: 'string';
}
/** A named event: it has no value, it is triggered. */
export interface EventType {
  kind: 'event';
}
export type ScalarType = VectorType | RealType | StringType;
/** An unpacked array of fixed size; several dimensions are one row-major list. */
export interface ArrayType {
  kind: 'array';
  element: ScalarType | EventType;
  /** As declared, outermost first. Element [left] of a dimension has index 0 where `left` is declared first: index = |i - left|. */
  dims: { left: number; right: number }[];
  /** Product of the dimensions. */
  count: number;
}
/** A queue or a dynamic array. */
export interface ListType {
  kind: 'list';
  dynamic: boolean;
  element: ScalarType | ListType;
  /** Queues: highest index. */
  bound?: number;
}
export interface MapType {
  kind: 'map';
  element: ScalarType;
  /** Type of the key: vector or string. */
  key: VectorType | StringType;
}
export type IrType = ScalarType | EventType | ArrayType | ListType | MapType;

// -------------------------------------------------------------------------------------------------------- Signals

export type SignalId = number;
export type ScopeId = number;
export type SubprogramId = number;

export type NetKind = 'wire' | 'wand' | 'wor' | 'tri0' | 'tri1' | 'supply0' | 'supply1' | 'trireg' | 'uwire';

/** A net, variable, named event, or automatic variable. */
export interface Signal {
  id: SignalId;
  name: string;
  scope: ScopeId;
  at: At;
  kind: 'net' | 'variable';
  type: IrType;
  /** Declared ranges of the packed dimensions, outermost first: for `%m`-like names, waves and $dumpvars. Empty: scalar. */
  packed: { left: number; right: number }[];
  net?: { kind: NetKind; delay?: DelayTriple /** trireg */; charge?: 'small' | 'medium' | 'large' };
  /** Of the declaration: `reg`, `integer`, `wire`, `logic`, `time` ...: for $dumpvars and the scope tree. */
  word: string;
  /** Automatic: lives in a frame (see `Frame`), not in the design's memory. */
  automatic: boolean;
  /** Variables with an initial value in the declaration, run before any process. Not for automatic ones (their block assigns). */
  init?: Expr;
  /** Constant: assignments were refused. */
  constant?: boolean;
  /** Index into `Design.enums`, for waves. */
  enumType?: number;
  /** Index into `Design.structs`, for waves. */
  structType?: number;
  port?: 'input' | 'output' | 'inout' | 'ref';
  /** A help signal of elaboration's making: not shown, not dumped. */
  hidden?: boolean;
}

export interface EnumInfo {
  name: string;
  members: { name: string; a: bigint; b: bigint }[];
}
/** Fields of a packed struct, by offset of the lowest bit. */
export interface StructInfo {
  name: string;
  fields: { name: string; offset: number; width: number; signed: boolean; enumType?: number; structType?: number }[];
}

export interface Scope {
  id: ScopeId;
  /** Own name: `u1`, `gen[3]`. Tops: their module's name. */
  name: string;
  parent?: ScopeId;
  kind: 'module' | 'interface' | 'program' | 'package' | 'generate' | 'block' | 'fork' | 'function' | 'task' | 'unit';
  /** Name of the module, for modules and interfaces. */
  module?: string;
  at: At;
  /** In powers of ten of seconds. */
  unit: number;
  precision: number;
  children: ScopeId[];
  signals: SignalId[];
  parameters: { name: string; value: Constant; local: boolean; at: At }[];
  cell?: boolean;
}

export type Constant =
  | { kind: 'vector'; width: number; signed: boolean; a: bigint; b: bigint }
  | { kind: 'real'; value: number }
  | { kind: 'string'; value: string };

// ---------------------------------------------------------------------------------------------------- Expressions

export type UnaryOp = 'neg' | 'not' | 'lnot' | 'and' | 'nand' | 'or' | 'nor' | 'xor' | 'xnor';
export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  | 'pow'
  | 'and'
  | 'or'
  | 'xor'
  | 'xnor'
  | 'shl'
  | 'shr'
  | 'sshr'
  | 'eq'
  | 'ne'
  | 'ceq'
  | 'cne'
  | 'weq'
  | 'wne'
  | 'casez-eq'
  | 'casex-eq'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'land'
  | 'lor'
  | 'implies'
  | 'equiv';

/**
 * An expression with its final type. Rules that hold for every node, made true by elaboration:
 * - add..xnor, not, neg: operands have exactly the type's width (and sign); `resize` and `convert` nodes did it.
 * - comparisons: both operands have one type (same width and sign; or both real; or both string); the result is 1 bit, four-state unsigned.
 * - shifts and pow: the left operand has the result's type; the right one is self-determined and unsigned where it is a shift amount.
 * - land, lor, lnot, implies, equiv, the condition of cond: operands are vectors of any width or reals: truth is 'any bit 1'.
 *   land, lor, implies and cond evaluate their right operands only when needed where these have side effects (calls); otherwise it cannot be seen.
 */
export type Expr = { type: IrType } & (
  | { op: 'const'; value: Constant }
  /** A whole signal (of an array or list: as an argument of a method, of foreach, of an array assignment). */
  | { op: 'signal'; signal: SignalId }
  /** One element of an array. Any index x, z or out of range: the element's default (x, 0, 0.0, ""). */
  | { op: 'element'; signal: SignalId; indices: Index[] }
  /** `width` bits from `offset` (signed expression, bits counted from 0 at the lsb) of `base`; bits outside, and all bits where offset has x or z, are x (0 for two-state bases). */
  | { op: 'select'; base: Expr; offset: Expr; width: number }
  | { op: 'concat'; parts: Expr[] }
  | { op: 'replicate'; count: number; part: Expr }
  | { op: 'unary'; operator: UnaryOp; operand: Expr }
  | { op: 'binary'; operator: BinaryOp; left: Expr; right: Expr }
  | { op: 'cond'; condition: Expr; then: Expr; else: Expr }
  /** To `type.width`: cut, or extended by the operand's sign (sign bit x or z is copied). Also changes signedness, and x/z to 0 where `type.fourState` is false. */
  | { op: 'resize'; operand: Expr }
  /** Between kinds: real to vector (round half away from zero), vector to real (signed as its type; x and z as 0), string to vector, vector to string, real to short. */
  | { op: 'convert'; operand: Expr }
  | { op: 'call'; subprogram: SubprogramId; args: (Expr | LValue)[]; at: At }
  /** `$time`, `$random`, `$signed` is a resize and never here. `scope` for %m, timescale. Output arguments are LValues. */
  | { op: 'syscall'; name: string; args: SystemArg[]; scope: ScopeId; at: At }
  /** Methods of strings, lists, maps, enums (`size`, `push_back`, `len`, `substr`, `name`, `next` ...). */
  | {
      op: 'method';
      method: string;
      object: Expr | LValue;
      args: Expr[] /** `with (...)`: `item` is this signal. */;
      with?: { item: SignalId; index?: SignalId; body: Expr };
      enumType?: number;
      at: At;
    }
  /** Element of a list or map, or a character of a string: `object[index]`. */
  | { op: 'item'; object: Expr; index: Expr }
  /** A part of a list, `q[a:b]`. */
  | { op: 'slice'; object: Expr; left: Expr; right: Expr }
  /** `'{...}` or `{...}` of a list or array: its items in order; a list-typed item is spliced. */
  | { op: 'items'; items: Expr[] }
  /** `i++`, `(a = b)`: assigns, then has the value (`post`: the value before). */
  | { op: 'assign'; target: LValue; value: Expr; post: boolean }
  /** `e.triggered`. */
  | { op: 'triggered'; event: EventRef }
  /** The value being waited for in `new[n]`, `new[n](old)`. */
  | { op: 'new-list'; size: Expr; from?: Expr }
);

export type ExprOf<K extends Expr['op']> = Extract<Expr, { op: K }>;

/** One dimension's index, from 0 to size - 1 when in range. Signed where it can be below. */
export interface Index {
  value: Expr;
  size: number;
}

export type SystemArg =
  | { kind: 'expr'; expr: Expr /** As written, for messages. */; text: string }
  | { kind: 'lvalue'; target: LValue; expr: Expr; text: string }
  | { kind: 'scope'; scope: ScopeId; text: string }
  | { kind: 'event'; event: EventRef; text: string }
  /** Left out: `$display("a",,b)`. */
  | { kind: 'empty' };

/** A place to write to. Parts of concatenations come with the most significant first. */
export type LValue =
  | { kind: 'signal'; signal: SignalId; indices?: Index[]; part?: { offset: Expr; width: number }; type: IrType }
  /** Element of a list or map, or a character of a string; the object may itself be an item. */
  | { kind: 'item'; object: LValue; index: Expr; part?: { offset: Expr; width: number }; type: IrType }
  | { kind: 'concat'; parts: LValue[]; type: VectorType };

/** A named event, or one of an array of them. */
export interface EventRef {
  signal: SignalId;
  indices?: Index[];
}

// ----------------------------------------------------------------------------------------------------- Statements

/** A time to wait, in the unit of `scope`, to be scaled to the design's precision (`run/time.ts`). */
export interface DelayExpr {
  value: Expr;
  scope: ScopeId;
}
/** Rise, fall, turn-off; those left out follow the standard's rules (1364-2005 section 7.14): fall = rise; off = least of both. */
export interface DelayTriple {
  rise: DelayExpr;
  fall?: DelayExpr;
  off?: DelayExpr;
}

export interface EventItem {
  /** Undefined: any change. 'edge': posedge or negedge. */
  edge?: 'posedge' | 'negedge' | 'edge';
  /** Vector or real expression (edges look at its lowest bit), or a named event. */
  what:
    | { kind: 'expr'; expr: Expr /** Signals that the expression reads. */; reads: Read[] }
    | { kind: 'event'; event: EventRef };
  iff?: Expr;
}
/** A signal that is read: whole, or a constant part of it, or one constant element (`element`: linear index). */
export interface Read {
  signal: SignalId;
  part?: { offset: number; width: number };
  element?: number;
}

export type Stmt = { at: At } & (
  | {
      op: 'block';
      body: Stmt[] /** A named block, for disable and %m. */;
      scope?: ScopeId /** Automatic variables that get fresh storage on entry. */;
      autos?: SignalId[];
    }
  /** `mode`: children start in order; `scope` for disable. */
  | { op: 'fork'; mode: 'join' | 'join_any' | 'join_none'; branches: Stmt[]; scope?: ScopeId; autos?: SignalId[] }
  | { op: 'assign'; target: LValue; value: Expr; timing?: StmtTiming }
  | { op: 'nonblocking'; target: LValue; value: Expr; timing?: StmtTiming }
  | { op: 'eval'; expr: Expr }
  /** A task, or a function called for its effects. Arguments in order of the ports: inputs are Exprs, outputs and inouts LValues. */
  | { op: 'call'; subprogram: SubprogramId; args: (Expr | LValue)[] }
  | { op: 'systask'; name: string; args: SystemArg[]; scope: ScopeId }
  | { op: 'if'; condition: Expr; then?: Stmt; else?: Stmt; check?: 'unique' | 'unique0' | 'priority' }
  /**
   * The comparison is made by `match` on (subject, label) with both brought to one type; `ranges` items compare within. Labels are tried in order.
   * `pattern` 'real'/'string' subjects have match 'eq'.
   */
  | {
      op: 'case';
      match: 'ceq' | 'casez-eq' | 'casex-eq' | 'weq' | 'eq';
      subject: Expr;
      items: { labels: CaseLabel[]; body?: Stmt }[];
      default?: Stmt;
      check?: 'unique' | 'unique0' | 'priority';
    }
  | {
      op: 'for';
      init: Stmt[];
      condition?: Expr;
      step: Stmt[];
      body?: Stmt /** Fresh storage on entry. */;
      autos?: SignalId[];
    }
  | { op: 'foreach-list'; object: Expr; variable: SignalId; body?: Stmt }
  | { op: 'while'; condition: Expr; body?: Stmt }
  | { op: 'do'; condition: Expr; body?: Stmt }
  | { op: 'repeat'; count: Expr; body?: Stmt }
  | { op: 'forever'; body?: Stmt }
  | { op: 'delay'; delay: DelayExpr; body?: Stmt }
  | { op: 'wait-event'; items: EventItem[] /** From `@*`. */; star?: boolean; body?: Stmt }
  | { op: 'wait'; condition: Expr; reads: Read[]; events: EventRef[]; body?: Stmt }
  | { op: 'wait-fork' }
  | { op: 'trigger'; event: EventRef; nonBlocking: boolean; timing?: StmtTiming }
  /** Ends the named block, fork or task, in every thread that is in it. */
  | { op: 'disable'; scope: ScopeId }
  | { op: 'disable-fork' }
  /** `procedural`: assign/deassign; else force/release. The source is followed while in force: `reads`. */
  | { op: 'force'; procedural: boolean; target: LValue; value: Expr; reads: Read[] }
  | { op: 'release'; procedural: boolean; target: LValue }
  /** The value was assigned to the result's signal before. */
  | { op: 'return' }
  | { op: 'break' }
  | { op: 'continue' }
  | {
      op: 'assert';
      word: 'assert' | 'assume' | 'cover';
      condition: Expr;
      pass?: Stmt;
      fail?: Stmt /** `assert #0`, `final`: reported once the time step has settled. */;
      deferred: boolean;
      scope: ScopeId;
      label?: string;
    }
);
export type StmtOf<K extends Stmt['op']> = Extract<Stmt, { op: K }>;

export type CaseLabel = { kind: 'value'; value: Expr } | { kind: 'range'; low: Expr; high: Expr };

export type StmtTiming = { kind: 'delay'; delay: DelayExpr } | { kind: 'event'; items: EventItem[]; repeat?: Expr };

// ------------------------------------------------------------------------------------------------------ Processes

export type ProcessKind = 'initial' | 'always' | 'always_comb' | 'always_latch' | 'always_ff' | 'final';

/**
 * A procedure. `always` has its `@(...)` as a statement of its body. always_comb and always_latch: `sensitivity` says what
 * starts them again (they run once at time 0).
 */
export interface Process {
  kind: ProcessKind;
  scope: ScopeId;
  at: At;
  body: Stmt;
  sensitivity?: Read[];
}

/** A strength that is not strong: `level` 7 supply, 6 strong, 5 pull, 4 large, 3 weak, 2 medium, 1 small, 0 highz. */
export interface DriveStrength {
  zero: number;
  one: number;
}

/** A constant part of a net (or of a variable, where SystemVerilog lets a continuous assignment or port drive one). */
export interface NetPart {
  signal: SignalId;
  /** Linear index, in an array of nets. */
  element?: number;
  offset: number;
  width: number;
}

/** A continuous assignment: `target` concatenated (most significant first) follows `value`. */
export interface ContinuousAssign {
  target: NetPart[];
  value: Expr;
  reads: Read[];
  delay?: DelayTriple;
  strength?: DriveStrength;
  scope: ScopeId;
  at: At;
  /** Of the source text, of a port, of a declaration (`wire a = b`). */
  origin: 'assign' | 'port' | 'declaration';
}

export type GateKind =
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
  | 'pullup'
  | 'pulldown';

/** One bit of a gate: arrays of gates are many. */
export interface Gate {
  gate: GateKind;
  outputs: NetPart[];
  inputs: Expr[];
  reads: Read[];
  delay?: DelayTriple;
  strength?: DriveStrength;
  name?: string;
  scope: ScopeId;
  at: At;
}

/** tran, rtran, tranif...: both sides are nets, of one bit each. */
export interface Switch {
  kind: 'tran' | 'rtran' | 'tranif0' | 'tranif1' | 'rtranif0' | 'rtranif1';
  left: NetPart;
  right: NetPart;
  control?: { expr: Expr; reads: Read[] };
  delay?: DelayTriple;
  scope: ScopeId;
  at: At;
}

export interface UdpTable {
  name: string;
  inputs: number;
  sequential: boolean;
  /** 0, 1, x as 0, 1, 2. */
  initial: 0 | 1 | 2;
  rows: { inputs: string[]; state?: string; output: string }[];
}
export interface UdpInstance {
  table: number;
  output: NetPart;
  inputs: Expr[];
  reads: Read[];
  delay?: DelayTriple;
  strength?: DriveStrength;
  scope: ScopeId;
  at: At;
}

/**
 * Two nets that are one through a port or `alias`: same width, value in both directions. Elaboration makes a link where
 * both sides are nets (or a variable that drives a net through an output port, `driver` then says which side is the variable);
 * anything else is a ContinuousAssign of origin 'port'.
 */
export interface Link {
  left: NetPart;
  right: NetPart;
  driver?: 'left' | 'right';
  at: At;
}

/** A path of a specify block, simple ones only. */
export interface PathDelay {
  scope: ScopeId;
  inputs: NetPart[];
  outputs: NetPart[];
  condition?: Expr | 'none';
  edge?: 'posedge' | 'negedge';
  full: boolean;
  /** 1, 2, 3, 6 or 12 delays, in the order of 1364-2005 section 14.3. */
  delays: DelayExpr[];
  at: At;
}

export interface Subprogram {
  id: SubprogramId;
  kind: 'function' | 'task';
  name: string;
  /** Its own scope: for %m, disable, and its signals. */
  scope: ScopeId;
  automatic: boolean;
  ports: { signal: SignalId; direction: 'input' | 'output' | 'inout' | 'ref' }[];
  /** Functions that are not void. */
  result?: SignalId;
  /** Automatic variables of its own that get fresh storage on each call (ports and result included, where automatic). */
  autos: SignalId[];
  body: Stmt;
  at: At;
}

export interface Design {
  scopes: Scope[];
  /** Instances at the top, in order. */
  tops: ScopeId[];
  signals: Signal[];
  enums: EnumInfo[];
  structs: StructInfo[];
  subprograms: Subprogram[];
  /** In the order in which Icarus starts them (see run/kernel). */
  processes: Process[];
  assigns: ContinuousAssign[];
  gates: Gate[];
  switches: Switch[];
  udps: UdpTable[];
  udpInstances: UdpInstance[];
  links: Link[];
  paths: PathDelay[];
  /** The finest precision of the design: power of ten of seconds. All times of a run are counted in it. */
  precision: number;
}
