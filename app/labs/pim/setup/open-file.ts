import { sameJson } from '../../../../engines/document/json.ts';
import type { BlobRef } from '../../../../engines/document/types.ts';
import type { ModelRef } from '../../../../engines/onnx/types.ts';
import { notify, putBlob } from '../../../design/index.ts';
import { currentSlice, edit } from '../actions.ts';
import { texts } from '../texts.ts';
import { showOpening } from './opening.ts';

const words = texts.files;

/** Lets the user choose a model or a hardware configuration; to be called from a gesture. */
export function chooseFile(): Promise<void> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.onnx,.json,application/json';
    input.addEventListener('change', () => resolve(openFile(input.files?.[0])));
    input.addEventListener('cancel', () => resolve());
    input.click();
  });
}

/** Takes a dropped or chosen file as the design's model, or as its chip; what it is no use for is told. */
export async function openFile(file: File | undefined): Promise<void> {
  if (!file) return;
  const kind = /\.onnx$/i.test(file.name) ? 'onnx' : /\.json$/i.test(file.name) ? await kindOfJson(file) : undefined;
  if (kind === undefined) {
    notify({ code: 'file-kind', severity: 'error', what: words.unknownKind(file.name), remedy: words.kinds });
    return;
  }
  const before = currentSlice().model;
  const kept = putBlob(file.name, file);
  // Whoever chose another model meanwhile has that.
  const wanted = () => sameJson(currentSlice().model, before);
  const ref = kind === 'onnx' ? await showOpening(file, kept, wanted) : await kept;
  if (!ref) return;
  if (kind === 'config') {
    edit(texts.edits.openConfig(file.name), (was) => ({ ...was, hardware: { pimcompConfig: ref } }));
    return;
  }
  edit(texts.edits.openModel(file.name), (was) => ({ ...was, model: modelOf(kind, ref), replicas: {} }));
}

function modelOf(kind: 'onnx' | 'graph', ref: BlobRef): ModelRef {
  return kind === 'onnx' ? { onnx: ref } : { pimcompJson: ref };
}

/** Enough of a file to see what it describes: configurations are smaller than this. */
const HEAD = 256 * 1024;

/** PIMCOMP-NN's two forms of JSON: a list of layers, or a chip. */
async function kindOfJson(file: File): Promise<'graph' | 'config' | undefined> {
  const head = await file.slice(0, HEAD).text();
  if (/"node_list"\s*:/.test(head)) return 'graph';
  if (/"chip_config"\s*:/.test(head)) return 'config';
  return undefined;
}
