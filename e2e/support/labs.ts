import { deflateRawSync } from 'node:zlib';
import { sha256 } from '../../engines/core/hash.ts';
import { expect, type Studio } from './studio.ts';

/** What the labs with a row of views have in common for a visitor. */

/** A design as a document, made by somebody else. */
export function documentOf(lab: string, slices: Record<string, unknown>) {
  return { version: 1, madeWith: 'a test', title: 'Sent over', seed: 1, lab, slices };
}

/** The link to a document. */
export function linkOf(document: { lab: string; [more: string]: unknown }): string {
  const deflated = deflateRawSync(JSON.stringify(document));
  return `#/${document.lab}?d=1${Buffer.concat([sha256(deflated).subarray(0, 3), deflated]).toString('base64url')}`;
}

export async function show(studio: Studio, view: string): Promise<void> {
  const tab = studio.page.getByRole('tablist', { name: 'Views' }).getByRole('tab', { name: view });
  await tab.click();
  await expect(tab).toHaveAttribute('aria-selected', 'true');
}
