import { sameJson } from '../../../../engines/document/json.ts';
import { notify, putBlob } from '../../../design/index.ts';
import { currentSlice, edit } from '../actions.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';

const words = texts.files;

/** Lets the user choose a network; to be called from a gesture. */
export async function chooseModel(): Promise<void> {
  const [file] = await choose('.onnx');
  if (file) await openFile(file);
}

/** Lets the user choose labelled data. */
export async function chooseData(): Promise<void> {
  const [file] = await choose('.npz');
  if (file) await openFile(file);
}

function choose(accept: string): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** Takes what was dropped on the lab. */
export async function openDropped({ files }: DataTransfer): Promise<void> {
  for (const file of files) await openFile(file);
}

/** Takes a dropped or chosen file as the design's network, or as its data; what it is no use for is told. */
async function openFile(file: File): Promise<void> {
  if (/\.onnx$/i.test(file.name)) return openModel(file);
  if (/\.npz$/i.test(file.name)) return openData(file);
  notify({ code: 'file-kind', severity: 'error', what: words.unknownKind(file.name), remedy: words.kinds });
}

async function openModel(file: File): Promise<void> {
  const before = currentSlice().model;
  useBfp.setState({ opening: file.name });
  try {
    const onnx = await putBlob(file.name, file);
    // Whoever chose another model meanwhile has that.
    if (!sameJson(currentSlice().model, before)) return;
    edit(texts.edits.openModel(file.name), (was) => ({
      ...was,
      model: { onnx },
      data: null,
      plan: {},
      search: null,
      fineTune: null,
    }));
  } finally {
    useBfp.setState({ opening: undefined });
  }
}

async function openData(file: File): Promise<void> {
  if (typeof currentSlice().model === 'string') {
    notify({
      code: 'data-kind',
      severity: 'error',
      what: words.dataNeedsModel,
      remedy: words.dataNeedsModelRemedy,
    });
    return;
  }
  const npz = await putBlob(file.name, file);
  edit(texts.edits.openData(file.name), (was) => ({ ...was, data: { npz } }));
}
