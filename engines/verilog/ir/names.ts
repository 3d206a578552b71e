import type { Design, ScopeId } from './types.ts';

/** `top.u1.blk`. */
export function scopeName(design: Design, scope: ScopeId): string {
  const parts: string[] = [];
  for (let at: ScopeId | undefined = scope; at !== undefined; at = design.scopes[at]?.parent) {
    const found = design.scopes[at];
    if (found && found.kind !== 'unit') parts.unshift(found.name);
  }
  return parts.join('.');
}
