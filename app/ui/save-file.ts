/** Hands bytes or text (also in parts: what is too long for one string) to the user as a download. */
export function saveFile(
  name: string,
  data: Uint8Array | string | readonly string[],
  type = 'application/octet-stream',
): void {
  const parts = (Array.isArray(data) ? data : [data]) as BlobPart[];
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser reads the address after the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A title as a file name. */
export function fileName(title: string, ending: string): string {
  const stem = title
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${stem || 'design'}${ending}`;
}
