import { sameJson } from '../../../../engines/document/json.ts';
import { notify, putBlob } from '../../../design/index.ts';
import { currentSlice, edit } from '../actions.ts';
import { texts } from '../texts.ts';

const words = texts.files;

/** Lets the user choose a model; to be called from a gesture. */
export function chooseFile(): Promise<void> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.onnx';
    input.addEventListener('change', () => resolve(openFile(input.files?.[0])));
    input.addEventListener('cancel', () => resolve());
    input.click();
  });
}

/** Takes a dropped or chosen file as the design's model; what it is no use for is told. */
export async function openFile(file: File | undefined): Promise<void> {
  if (!file) return;
  if (!/\.onnx$/i.test(file.name)) {
    notify({ code: 'file-kind', severity: 'error', what: words.unknownKind(file.name), remedy: words.kinds });
    return;
  }
  const before = currentSlice().model;
  const ref = await putBlob(file.name, file);
  // Whoever chose another model meanwhile has that.
  if (!sameJson(currentSlice().model, before)) return;
  edit(texts.edits.openModel(file.name), (was) => ({ ...was, model: { onnx: ref }, cuts: null }));
}
