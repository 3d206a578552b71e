/** Values as they are assigned: to variables, ports, parameters, results (IEEE 1364-2005 5.5.4 and 4.8.2, 1800-2012 10.6 to 10.10). */
import type * as ir from '../ir/types.ts';
import { constant, convert, resize, vector } from './build.ts';
import {
  articleType,
  capitalType,
  type Env,
  fail,
  isIntegral,
  isSystemVerilog,
  notSupported,
  type Operand,
} from './lowering.ts';
import type { DataType, IntegralType } from './symbols.ts';
import { describeType, toIr } from './types.ts';

/**
 * The operand as the value of something of type `target`: a vector is worked out in the wider of both widths, by its own
 * sign, and then cut or extended.
 */
export function assigned(operand: Operand, target: DataType, env: Env): ir.Expr {
  const { type, node } = operand;
  switch (target.kind) {
    case 'integral': {
      const to = vector(target.width, target.signed, target.fourState);
      if (isIntegral(operand)) {
        checkEnum(operand.type, target, operand, env);
        return resize(inContext(operand, target.width), to);
      }
      if (type.kind === 'real') return convert(operand.build(), to);
      if (type.kind !== 'string') break;
      return fail(
        env,
        'string-cast',
        'A string cannot be implicitly cast to a vector.',
        node,
        'Write the type or the width before it, as a cast.',
      );
    }
    case 'real': {
      const to: ir.RealType = target.short ? { kind: 'real', short: true } : { kind: 'real' };
      if (type.kind === 'integral' || type.kind === 'real') return convert(operand.build(), to);
      break;
    }
    case 'string':
      if (operand.text !== undefined) return constant({ kind: 'string', value: withoutZeros(operand.text) });
      if (type.kind === 'string') return operand.build();
      if (type.kind === 'integral') return convert(operand.build(), { kind: 'string' });
      break;
    case 'list':
      if (type.kind === 'list') {
        if (sameElement(type.element, target.element)) return operand.build();
        break;
      }
      if (type.kind === 'array' && sameElement(type.element, target.element)) return operand.build();
      break;
    case 'map':
      if (type.kind === 'map' && sameElement(type.element, target.element)) return operand.build();
      break;
    case 'array':
      if (type.kind === 'array' && sameArray(type, target)) return operand.build();
      break;
    case 'void':
    case 'event':
      break;
    case 'unpacked-struct':
      break;
    default:
      return notSupported(env, `A value of type ${describeType(target)}`, node);
  }
  return fail(
    env,
    'type',
    `${capitalType(type)} cannot be assigned to ${articleType(target)}.`,
    node,
    toIr(target) ? 'Convert it, or change one of the types.' : undefined,
  );
}

/** A vector in a context that is at least so wide. */
export function inContext(operand: Operand & { type: IntegralType }, width: number): ir.Expr {
  const { type } = operand;
  return operand.build({ width: Math.max(width, type.width), signed: type.signed });
}

/** Enumerations take their own values only (1800-2012 6.19.3). */
function checkEnum(from: IntegralType, target: IntegralType, operand: Operand, env: Env): void {
  if (!target.enum || from.enum?.id === target.enum.id) return;
  if (!isSystemVerilog(env.scope)) return;
  fail(
    env,
    'enum-cast',
    'This assignment to an enumeration requires an explicit cast.',
    operand.node,
    `Write ${target.name ?? 'the name of its type'}'(...) around the value.`,
  );
}

function withoutZeros(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

/** Whether elements of both types are stored alike. */
export function sameElement(left: DataType, right: DataType): boolean {
  if (left.kind !== right.kind) return false;
  if (left.kind === 'integral' && right.kind === 'integral') {
    return (
      left.width === right.width &&
      left.signed === right.signed &&
      left.fourState === right.fourState &&
      left.enum?.id === right.enum?.id
    );
  }
  if ('element' in left && 'element' in right) return sameElement(left.element, right.element);
  return true;
}

export function sameArray(left: DataType, right: DataType): boolean {
  if (left.kind !== 'array' || right.kind !== 'array') return sameElement(left, right);
  return (
    Math.abs(left.left - left.right) === Math.abs(right.left - right.right) && sameArray(left.element, right.element)
  );
}
