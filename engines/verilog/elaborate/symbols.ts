/**
 * What names mean while a design is elaborated. `design.ts` and its helpers build scopes and declare names;
 * `expression.ts` and `statement.ts` look names up and lower what they find to the IR.
 */
import type { Problem } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { TokenStream } from '../syntax/tokens.ts';

/** A data type with all that names and messages need. The IR keeps width and sign alone. */
export type DataType =
  | IntegralType
  | { kind: 'real'; short: boolean }
  | { kind: 'string' }
  | { kind: 'event' }
  | { kind: 'void' }
  | { kind: 'chandle' }
  /** Not packed. Stored as one signal a field (`FieldsSymbol`), so it exists in declarations only. */
  | { kind: 'unpacked-struct'; fields: { name: string; type: DataType; init?: ast.Expr }[]; name?: string }
  | { kind: 'array'; element: DataType; left: number; right: number }
  | { kind: 'list'; element: DataType; dynamic: boolean; bound?: number }
  | { kind: 'map'; element: DataType; key: DataType }
  /** A virtual interface, class ...: refused where used. */
  | { kind: 'unsupported'; what: string };

export interface IntegralType {
  kind: 'integral';
  width: number;
  signed: boolean;
  fourState: boolean;
  /** Packed dimensions, outermost first; the innermost is of `atom`. Empty: a scalar, or an atom alone (`int`, an enum). */
  dims: { left: number; right: number }[];
  /** What one element of the innermost dimension is, where it is not a single bit: its width times the dims is `width`. */
  atom?: IntegralType;
  enum?: { id: number; members: { name: string; a: bigint; b: bigint }[] };
  /** Packed struct or union: offset counted from the lsb. */
  fields?: { name: string; type: IntegralType; offset: number }[];
  union?: boolean;
  struct?: number;
  /** Of a typedef, for messages. */
  name?: string;
}

export type Symbol =
  | { kind: 'signal'; signal: ir.Signal; type: DataType; node: ast.Node }
  /** A variable of an unpacked struct type: its fields are symbols of their own. */
  | { kind: 'fields'; fields: Map<string, Symbol>; type: DataType; node: ast.Node }
  | {
      kind: 'param';
      value: ir.Constant;
      type: DataType;
      node: ast.Node;
      local: boolean;
      isPort: boolean /** An array-valued parameter. */;
      values?: ir.Constant[];
    }
  | { kind: 'type'; type: DataType; node: ast.Node }
  /** Inside a generate loop it is a param; this is the declaration outside. */
  | { kind: 'genvar'; node: ast.Node }
  | {
      kind: 'subprogram';
      subprogram: ir.Subprogram;
      returns: DataType;
      decl: ast.SubprogramDecl;
      scope: Scope;
      node: ast.Node;
    }
  | { kind: 'scope'; scope: Scope; node: ast.Node }
  /** An array of instances or of generate blocks: by its index. */
  | { kind: 'scopes'; scopes: Map<number, Scope>; left: number; right: number; node: ast.Node }
  | { kind: 'enum-member'; value: ir.Constant; type: IntegralType; node: ast.Node };

/** Names of a scope that are declared, by what resolves them. */
export interface PendingNames {
  has(name: string): boolean;
  resolve(name: string): Symbol | undefined;
  set(name: string, resolve: () => Symbol | undefined): void;
  names(): Iterable<string>;
}

/** A name space under construction. `ir` is its record in the design. */
export interface Scope {
  ir: ir.Scope;
  /** The scope around it in the text. */
  parent?: Scope;
  /** The scope around it in the tree of instances: where hierarchical names go upward. Undefined: that of `parent`, if any. */
  above?: Scope;
  /** Names that are declared but not resolved yet: `lookup.ts` resolves them when they are first asked for. */
  pending?: PendingNames;
  /** The module, interface, package or compilation unit around it (itself for these). */
  unit: Scope;
  names: Map<string, Symbol>;
  /** Names that are imported one by one: they cannot be reached from outside. */
  imported?: Set<string>;
  /** `import p::*` seen so far, in order. */
  wildcards: Scope[];
  module?: ast.ModuleDecl;
  /** Of modports, for an interface's scope. */
  modports?: Map<string, ast.ModportItem['modports'][number]>;
  /** For an interface port `bus.slave`: which modport this name was bound with is kept on the symbol's scope view. */
  modport?: string;
  /** Names that exist but are not to be seen before this token (SystemVerilog: use before declaration of variables is an error in Icarus 11 only for some). */
  /** Frame that automatic variables of this scope belong to: a subprogram. Undefined: static. */
  subprogram?: ir.Subprogram;
  automatic: boolean;
  defaultNetType: ast.NetType | 'none';
}

/** Everything an elaboration shares. */
export interface Context {
  tokens: TokenStream;
  design: ir.Design;
  problems: Problem[];
  /** `undefined` scope of compilation-unit declarations. */
  unit: Scope;
  packages: Map<string, Scope>;
  modules: Map<string, ast.ModuleDecl>;
  primitives: Map<string, ast.PrimitiveDecl>;
  /** min, typ or max of min:typ:max. */
  delays: 'min' | 'typ' | 'max';
  /** False: immediate assertions are passed over. */
  assertions: boolean;
  /** Scopes of named blocks, of blocks with declarations, of loops that declare: made by `declare.ts` before bodies are lowered. A scope per node and parent. */
  blockScope(node: ast.Node, parent: Scope): Scope | undefined;
  at(node: ast.Node): ir.At;
  /** Reports; elaboration goes on. */
  report(problem: Omit<Problem, 'where'>, node: ast.Node): void;
}
