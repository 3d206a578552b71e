import type { Problem } from '../core/result.ts';
import { error } from '../core/result.ts';

/*
 * The network graphs of PIMCOMP-NN (github.com/sunxt99/PIMCOMP-NN, head 2ed10c8): a list of nodes, each with its operation,
 * sizes (N, C, H, W), the names of the nodes that it reads, and `param`. Every field is looked at before it is believed.
 */

export interface JsonNode {
  /** "node_list[3]". */
  path: string;
  name: string;
  operation: string;
  fields: Record<string, unknown>;
  param: Record<string, unknown>;
}

/** Thrown inside the reader and caught at its border. */
export class Malformed extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

const REMEDY = 'Write the file anew with the front end of PIMCOMP-NN, or export it from here.';

export function malformed(path: string, what: string, remedy = REMEDY): Malformed {
  return new Malformed(error('pimcomp-json', what, remedy, { path }));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list of nodes of a parsed file; duplicate and missing names are refused here. */
export function nodesOf(parsed: unknown): JsonNode[] {
  if (!isObject(parsed))
    throw malformed('', 'The file holds no JSON object; a PIMCOMP network is one with "node_list".');
  const list = parsed.node_list;
  if (!Array.isArray(list)) throw malformed('node_list', 'The file has no list "node_list"; it is no PIMCOMP network.');
  if (list.length === 0) throw malformed('node_list', 'The network has no nodes.');
  const names = new Set<string>();
  return list.map((node: unknown, index) => {
    const path = `node_list[${index}]`;
    if (!isObject(node)) throw malformed(path, `Node ${index} is no object.`);
    const { name, operation, param = {} } = node;
    if (typeof name !== 'string') throw malformed(`${path}.name`, `Node ${index} has no name.`);
    if (names.has(name))
      throw malformed(`${path}.name`, `Two nodes are named "${name}".`, 'Give each node a name of its own.');
    names.add(name);
    if (typeof operation !== 'string') throw malformed(`${path}.operation`, `Node "${name}" names no operation.`);
    if (!isObject(param)) throw malformed(`${path}.param`, `The parameters of node "${name}" are no object.`);
    return { path, name, operation, fields: node, param };
  });
}

/** A whole number of `param`, at least `least`; `otherwise` where it is left out. */
export function whole(node: JsonNode, key: string, least: number, otherwise?: number): number {
  const value = node.param[key] ?? otherwise;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
    const what = `Node "${node.name}" (${node.operation}) needs "${key}" to be a whole number of at least ${least}, and it is ${show(value)}.`;
    throw malformed(`${node.path}.param.${key}`, what);
  }
  return value;
}

export function decimal(node: JsonNode, value: unknown, key: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw malformed(
    `${node.path}.${key}`,
    `Node "${node.name}" needs "${key}" to be a number, and it is ${show(value)}.`,
  );
}

/** A flag, which the format writes as 0 or 1. */
export function flag(value: unknown): boolean {
  return value === 1 || value === true;
}

export function dims(node: JsonNode, key: 'input_dim' | 'output_dim'): number[] {
  const value = node.fields[key];
  if (!Array.isArray(value) || value.length === 0 || !value.every((it) => Number.isSafeInteger(it) && it > 0)) {
    const what = `Node "${node.name}" needs "${key}" to be a list of sizes of at least 1, and it is ${show(value)}.`;
    throw malformed(`${node.path}.${key}`, what, 'Give every dimension a size; the batch is 1.');
  }
  return value as number[];
}

export function names(node: JsonNode, key: 'provider' | 'consumer'): string[] {
  const value = node.fields[key] ?? [];
  if (!Array.isArray(value) || !value.every((it) => typeof it === 'string'))
    throw malformed(`${node.path}.${key}`, `Node "${node.name}" needs "${key}" to be a list of names.`);
  return value as string[];
}

export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
