import { control } from './control.ts';
import { elementwise } from './elementwise.ts';
import type { Rule } from './facts.ts';
import { making } from './making.ts';
import { microsoft } from './microsoft.ts';
import { normalising } from './normalising.ts';
import { products } from './products.ts';
import { quantising } from './quantising.ts';
import { recurrentOps } from './recurrent.ts';
import { reducing } from './reducing.ts';
import { reshaping } from './reshaping.ts';
import { selecting } from './selecting.ts';
import { sequences } from './sequences.ts';
import { windows } from './windows.ts';

const standard: Record<string, Rule> = {
  ...control,
  ...elementwise,
  ...making,
  ...normalising,
  ...products,
  ...quantising,
  ...recurrentOps,
  ...reducing,
  ...reshaping,
  ...selecting,
  ...sequences,
  ...windows,
};

/** Whether the domain is that of the standard operators, by either of its names. */
export function isStandard(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** How shapes go through an operator; undefined for one that the studio does not know. */
export function ruleOf(domain: string, op: string): Rule | undefined {
  const table = isStandard(domain) ? standard : domain === 'com.microsoft' ? microsoft : undefined;
  return table && Object.hasOwn(table, op) ? table[op] : undefined;
}

/** All operators that the studio knows. */
export function operators(): { domain: string; op: string }[] {
  return [
    ...Object.keys(standard).map((op) => ({ domain: '', op })),
    ...Object.keys(microsoft).map((op) => ({ domain: 'com.microsoft', op })),
  ];
}
