import { slice } from '../../engines/cim/slice.ts';
import type { CimSlice } from '../../engines/cim/types.ts';
import { documentOf, linkOf, show } from './labs.ts';
import { expect, type Studio } from './studio.ts';

/** What a visitor of the lab of switching arrays does and sees. */

/** A link to a design of this lab, with these choices in place of the defaults. */
export function cimLink(choices: Partial<CimSlice> = {}): string {
  return linkOf(documentOf('cim', { cim: { ...slice.defaults, ...choices } }));
}

/** Opens the lab and, unless its first view is wanted, goes to one of its views. */
export async function openCim(studio: Studio, address = '#/cim', view?: string): Promise<void> {
  await studio.page.goto(address.startsWith('http') ? address : `./${address}`);
  await expect(studio.page.getByRole('tablist', { name: 'Views' })).toBeVisible({ timeout: 30_000 });
  if (view) await show(studio, view);
}
