/** Enumerations (1800-2012 section 6.19). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { constantInteger, constantOf } from './constant.ts';
import type { Context, DataType, IntegralType, Scope } from './symbols.ts';
import { atomType, remember, resolveType } from './types.ts';

/** Names of an enum's members, with ranges counted out. */
export function enumNames(
  ref: ast.TypeRef & { kind: 'enum' },
  scope: Scope,
  ctx: Context,
): { name: string; node: ast.EnumMember }[] {
  const names: { name: string; node: ast.EnumMember }[] = [];
  for (const member of ref.members) {
    if (!member.range) {
      names.push({ name: member.name.name, node: member });
      continue;
    }
    const left = constantInteger(member.range.left, scope, ctx);
    const right = member.range.right ? constantInteger(member.range.right, scope, ctx) : undefined;
    if (left === undefined) continue;
    if (!member.range.right ? left <= 0 : left < 0 || (right ?? 0) < 0) {
      ctx.report(
        {
          code: 'enum-range',
          severity: 'error',
          what: `The range of the enumeration names "${member.name.name}" must be a positive number.`,
          remedy: 'Write how many names there are, or the first and the last number.',
        },
        member,
      );
      continue;
    }
    const from = member.range.right ? left : 0;
    const to = member.range.right ? (right ?? left) : left - 1;
    const step = from <= to ? 1 : -1;
    if (Math.abs(to - from) > 65535) continue;
    for (let i = from; step > 0 ? i <= to : i >= to; i += step)
      names.push({ name: `${member.name.name}${i}`, node: member });
  }
  return names;
}

/** Resolves an enumeration, and enters it into the design. */
export function enumType(ref: ast.TypeRef & { kind: 'enum' }, scope: Scope, ctx: Context): DataType {
  const found = ref.base ? resolveType(ref.base, scope, ctx) : atomType('int');
  let base: IntegralType;
  const whole = found.kind === 'integral' && found.width > 1 && found.dims.length === 0;
  const based = ref.base?.kind === 'named' && ref.base.packed.length > 0;
  if (
    found.kind === 'integral' &&
    !found.fields &&
    !found.enum &&
    !found.atom &&
    found.dims.length < 2 &&
    !(based && whole)
  )
    base = found;
  else {
    ctx.report(
      {
        code: 'enum-base',
        severity: 'error',
        what: 'The base of an enumeration must be an integral type.',
        remedy: 'Use int, or logic with a range.',
      },
      ref.base ?? ref,
    );
    base = atomType('int');
  }
  const id = ctx.design.enums.length;
  const members: { name: string; a: bigint; b: bigint }[] = [];
  const info: ir.EnumInfo = { name: '', members };
  ctx.design.enums.push(info);
  const type = remember(ref, scope, ctx, { ...base, enum: { id, members } });
  const mask = (1n << BigInt(base.width)) - 1n;
  const top = 1n << BigInt(base.width - 1);
  let next = 0n;
  let known = true;
  let overflown = false;
  const taken = new Map<string, string>();
  let ofNode: ast.EnumMember | undefined;
  for (const { name, node } of enumNames(ref, scope, ctx)) {
    let b = 0n;
    if (node.value && node !== ofNode) {
      const value = constantOf(node.value, scope, ctx);
      if (value?.kind === 'vector') {
        const wide = value.signed && base.signed && value.width > 0 ? BigInt.asIntN(value.width, value.a) : value.a;
        const extended = value.signed && value.width < base.width ? BigInt.asIntN(value.width, value.a) : value.a;
        b = value.b & mask;
        const unsized = node.value.kind === 'number' && node.value.width === undefined;
        // Digits above the base type's width must say no more than those within.
        const all = (1n << BigInt(Math.max(0, value.width - base.width))) - 1n;
        const uniform = [value.a, value.b].every((plane) => {
          const above = plane >> BigInt(base.width);
          return above === 0n || above === all;
        });
        const whole = base.signed ? wide : extended;
        const fits = value.b === 0n ? whole <= mask && whole >= -top : uniform;
        if (!fits || (value.b !== 0n && !base.fourState)) {
          ctx.report(
            {
              code: 'enum-value',
              severity: 'error',
              what: `The value of "${name}" does not fit into the ${base.width} bits of its enumeration.`,
              remedy: 'Widen the base type or change the value.',
            },
            node.value,
          );
        } else if (!unsized && node.value.kind === 'number' && value.width !== base.width) {
          ctx.report(
            {
              code: 'enum-width',
              severity: 'error',
              what: `The value of "${name}" has ${value.width} bits, its enumeration ${base.width}.`,
              remedy: 'Give the number the width of the base type.',
            },
            node.value,
          );
        }
        next = extended & mask;
        known = b === 0n;
        overflown = false;
      } else if (value) {
        ctx.report(
          {
            code: 'enum-value',
            severity: 'error',
            what: `The value of "${name}" is not a whole number.`,
            remedy: 'Use an integral constant.',
          },
          node.value,
        );
      }
    } else if (!known || overflown) {
      ctx.report(
        {
          code: 'enum-value',
          severity: 'error',
          what: known
            ? `"${name}" has no value left: the one before is the highest of its enumeration.`
            : `"${name}" needs a value of its own after one with x or z.`,
          remedy: 'Give it a value, or widen the base type.',
        },
        node,
      );
    }
    ofNode = node;
    const key = `${next},${b}`;
    const other = taken.get(key);
    if (other !== undefined) {
      ctx.report(
        {
          code: 'enum-twice',
          severity: 'error',
          what: `"${name}" and "${other}" have one value in their enumeration.`,
          remedy: 'Give each name a value of its own.',
        },
        node,
      );
    }
    taken.set(key, name);
    members.push({ name, a: next, b });
    overflown = base.signed ? next === top - 1n : next === mask;
    next = (next + 1n) & mask;
  }
  return type;
}
