/** Lets the user choose a file; undefined when the user thinks better of it. To be called from a gesture. */
export function pickFile(accept = ''): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => resolve(input.files?.[0]));
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
}

/** Whether a file is meant as a design rather than as something for the lab. */
function isDesignFile({ name }: { name: string }): boolean {
  return /\.crossbar\.(zip|json)$/i.test(name);
}

/**
 * Takes designs that are dropped anywhere on the page, before any lab sees the drop. Other files are left to the lab, and
 * where no lab takes them the page stays: the browser would otherwise leave for the file. Answers with the end of it.
 */
export function installDrop(take: (file: File) => void): () => void {
  const over = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };
  const capture = (event: DragEvent) => {
    const designs = [...(event.dataTransfer?.files ?? [])].filter(isDesignFile);
    if (designs.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    for (const file of designs) take(file);
  };
  window.addEventListener('dragover', over);
  window.addEventListener('drop', over);
  window.addEventListener('drop', capture, { capture: true });
  return () => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('drop', over);
    window.removeEventListener('drop', capture, { capture: true });
  };
}
