import { notify, putBlob } from '../../../design/index.ts';
import { edit } from '../actions.ts';
import { texts } from './texts.ts';

/** A Liberty file says so near its beginning, after comments. */
const LOOKED_AT = 1 << 20;

export function isLibraryFile(name: string): boolean {
  return /\.lib(erty)?$/i.test(name);
}

/** Takes a Liberty file for the design's library; what is none is refused with a reason. */
export async function takeLibrary(file: File): Promise<void> {
  const head = await file.slice(0, LOOKED_AT).text();
  if (!/\blibrary\s*\(/.test(head)) {
    notify({
      code: 'no-library',
      severity: 'error',
      what: texts.setup.noLibrary(file.name),
      remedy: texts.setup.noLibraryRemedy,
    });
    return;
  }
  const blob = await putBlob(file.name, file);
  edit(texts.edits.library, (was) => ({ ...was, library: { blob } }));
}

/** Lets the user choose a Liberty file; to be called from a gesture. */
export function chooseLibrary(): void {
  const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.lib,.liberty' });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) void takeLibrary(file);
  });
  input.click();
}
