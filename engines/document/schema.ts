import type { ZodMiniType } from 'zod/mini';
import type { Path } from './json.ts';

/** The parts of zod's own description of a schema that are followed here, by its `type`. */
interface Definition {
  type: string;
  shape?: Record<string, ZodMiniType>;
  element?: ZodMiniType;
  valueType?: ZodMiniType;
  innerType?: ZodMiniType;
  options?: readonly ZodMiniType[];
  items?: readonly ZodMiniType[];
}

function alternatives(schema: ZodMiniType): Definition[] {
  const definition = schema._zod.def as unknown as Definition;
  if (definition.innerType) return alternatives(definition.innerType);
  if (definition.options) return definition.options.flatMap(alternatives);
  return [definition];
}

function definitionsAt(schema: ZodMiniType, path: Path): Definition[] {
  let here = alternatives(schema);
  for (const part of path) {
    here = here.flatMap((definition) => {
      const { shape, element, valueType, items } = definition;
      const inner = shape && Object.hasOwn(shape, part) ? shape[part] : (element ?? valueType ?? items?.[Number(part)]);
      return inner ? alternatives(inner) : [];
    });
  }
  return here;
}

/** The keys that the schema knows for the object at `path`; empty for records, whose keys are free. */
export function keysAt(schema: ZodMiniType, path: Path): string[] {
  return [...new Set(definitionsAt(schema, path).flatMap((definition) => Object.keys(definition.shape ?? {})))];
}

/** True when the object around `path` may do without its last key: an entry of a record, or an optional setting. */
export function mayLack(schema: ZodMiniType, path: Path): boolean {
  const key = path.at(-1)!;
  return definitionsAt(schema, path.slice(0, -1)).some(({ shape, valueType }) =>
    shape ? Object.hasOwn(shape, key) && shape[key]!._zod.optin === 'optional' : valueType !== undefined,
  );
}
