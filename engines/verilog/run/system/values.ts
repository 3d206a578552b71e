/** Arguments of system tasks as the numbers and texts they are meant as, and results in the type that a target has. */
import type { IrType } from '../../ir/types.ts';
import type { BoundArg, Value, Vec } from '../machine.ts';
import { fromReal, fromText, toText } from '../value/convert.ts';
import { resize } from '../value/ops.ts';
import { fromBigInt, fromInteger, isVec, toInteger, toNumber } from '../value/vector.ts';
import { isSigned } from './format.ts';

export type ValueArg = Extract<BoundArg, { kind: 'expr' | 'lvalue' }>;

export function isValueArg(arg: BoundArg | undefined): arg is ValueArg {
  return arg?.kind === 'expr' || arg?.kind === 'lvalue';
}

/** As a number; x and z bits count as 0. Undefined where there is no argument. */
export function numberOf(arg: BoundArg | undefined, frame: unknown): number | undefined {
  if (!isValueArg(arg)) return undefined;
  const value = arg.value(frame);
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return 0;
  return isVec(value) ? toNumber(value, isSigned(arg.type)) : undefined;
}

/** As a 32-bit word; undefined where there is no argument, or it has x or z. */
export function wordOf(arg: BoundArg | undefined, frame: unknown): number | undefined {
  if (!isValueArg(arg)) return undefined;
  const value = arg.value(frame);
  if (typeof value === 'number') return value | 0;
  return isVec(value) ? toInteger(resize(value, 32, isSigned(arg.type)), true) : undefined;
}

export function textOf(arg: BoundArg | undefined, frame: unknown): string | undefined {
  if (!isValueArg(arg)) return undefined;
  const value = arg.value(frame);
  if (typeof value === 'string') return value;
  return isVec(value) ? toText(value) : undefined;
}

export const integer = (value: number): Vec => fromInteger(32, value);

/** What is written to a target: cut or extended to its width, or turned to real or string. */
export function valueFor(type: IrType, value: Vec | number | string, signed = false): Value {
  if (type.kind === 'real')
    return typeof value === 'number' ? value : typeof value === 'string' ? 0 : toNumber(value, signed);
  if (type.kind === 'string')
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : toText(value);
  if (type.kind !== 'vector') return value;
  if (typeof value === 'number') return fromReal(value, type.width);
  if (typeof value === 'string') return fromText(value, type.width);
  return resize(value, type.width, signed);
}

export function bigVec(width: number, value: bigint): Vec {
  return fromBigInt(width, value);
}
