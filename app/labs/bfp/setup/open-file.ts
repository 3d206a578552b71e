import type { ModelShapes } from '../../../../engines/bfp/data/shape-entry.ts';
import type { Result } from '../../../../engines/core/result.ts';
import { sameJson } from '../../../../engines/document/json.ts';
import { notify, putBlob } from '../../../design/index.ts';
import { runOnce } from '../../../jobs/run-once.ts';
import { currentSlice, edit } from '../actions.ts';
import { isImage } from '../data/classes.ts';
import { filesOf, filesOfZip, type GatheredFile, gathered } from '../data/gather.ts';
import { texts as dataWords } from '../data/texts.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';
import { readPlan } from './read-plan.ts';

const words = texts.files;

/** Lets the user choose a network; to be called from a gesture. */
export async function chooseModel(): Promise<void> {
  await openAll((await choose({ accept: '.onnx' })).map(gathered));
}

/** Lets the user choose labelled data: an NPZ, two NPY files, or a zip file of images in folders. */
export async function chooseData(): Promise<void> {
  await openAll((await choose({ accept: '.npz,.npy,.zip', multiple: true })).map(gathered));
}

/** Lets the user choose a folder that has one folder of images for each class. */
export async function chooseFolder(): Promise<void> {
  await openAll((await choose({ webkitdirectory: true })).map(gathered));
}

function choose(how: Partial<Pick<HTMLInputElement, 'accept' | 'multiple' | 'webkitdirectory'>>): Promise<File[]> {
  return new Promise((resolve) => {
    const input = Object.assign(document.createElement('input'), { type: 'file', ...how });
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** Takes what was dropped on the lab: files, and folders of images. */
export async function openDropped(transfer: DataTransfer): Promise<void> {
  await openAll(await filesOf(transfer));
}

interface Named {
  name: string;
  content: Blob;
}

/** Takes files as the design's network and as its data; what they are no use for is told. */
async function openAll(files: readonly GatheredFile[]): Promise<void> {
  if (files.length === 0) return;
  const of = (kind: RegExp) => files.filter(({ path }) => kind.test(path));
  const single = ({ path, file }: GatheredFile): Named => ({ name: path.split('/').at(-1)!, content: file });
  const [model, npz, zip, arrays] = [of(/\.onnx$/i)[0], of(/\.npz$/i)[0], of(/\.zip$/i)[0], of(/\.npy$/i)];
  const images = files.filter(({ path }) => isImage(path));
  if (model) await openModel(single(model));
  if (npz) return openData(single(npz));
  if (arrays.length > 0) return openMade('data.npz', (pack) => pack.packPair(arrays));
  if (images.length > 0) return openMade(`${folderOf(images[0]!.path)}.npz`, packed(images));
  if (zip) return openZip(single(zip));
  if (model) return;
  const [plan] = of(/\.json$/i);
  if (plan) return openPlan(single(plan));
  const name = files[0]!.path;
  notify({ code: 'file-kind', severity: 'error', what: words.unknownKind(name), remedy: words.kinds });
}

async function openModel(file: Named): Promise<void> {
  const before = currentSlice().model;
  useBfp.setState({ opening: file.name });
  try {
    const onnx = await putBlob(file.name, file.content);
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

function folderOf(path: string): string {
  return path.includes('/') ? path.split('/')[0]! : 'images';
}

async function openZip({ name, content }: Named): Promise<void> {
  const files = await filesOfZip(content).catch(() => undefined);
  if (!files) {
    notify({ code: 'zip-broken', severity: 'error', what: dataWords.brokenZip(name) });
    return;
  }
  await openMade(name.replace(/\.zip$/i, '.npz'), packed(files));
}

type Pack = typeof import('../data/pack.ts');

/** Images, put into the size that the design's model takes. */
function packed(files: readonly GatheredFile[]) {
  return async (pack: Pack): Promise<Result<Uint8Array> | undefined> => {
    const { model } = currentSlice();
    const shapes = await runOnce<ModelShapes>('bfp/shapes', { model });
    return (
      shapes &&
      pack.packImages(files, shapes.input, (done, all) => useBfp.setState({ packing: dataWords.reading(done, all) }))
    );
  };
}

/** Takes an NPZ that is made here. */
async function openMade(name: string, make: (pack: Pack) => Promise<Result<Uint8Array> | undefined>): Promise<void> {
  if (!takesData()) return;
  const before = currentSlice().model;
  useBfp.setState({ packing: texts.data.reading });
  try {
    const made = await make(await import('../data/pack.ts'));
    // Undefined: why has been told. Whoever chose another model meanwhile has that.
    if (!made || !sameJson(currentSlice().model, before)) return;
    if (made.ok) await openData({ name, content: new Blob([made.value as Uint8Array<ArrayBuffer>]) });
    else for (const problem of made.problems.slice(0, 3)) notify(problem);
  } finally {
    useBfp.setState({ packing: undefined });
  }
}

/** The networks of the studio have their own data; of that the user is told. */
function takesData(): boolean {
  if (typeof currentSlice().model !== 'string') return true;
  notify({ code: 'data-kind', severity: 'error', what: words.dataNeedsModel, remedy: words.dataNeedsModelRemedy });
  return false;
}

async function openData({ name, content }: Named): Promise<void> {
  if (!takesData()) return;
  const before = currentSlice().model;
  const npz = await putBlob(name, content);
  if (!sameJson(currentSlice().model, before)) return;
  edit(texts.edits.openData(name), (was) => ({ ...was, data: { npz } }));
}

/** Takes the plan of a file that this lab wrote; the formats of all layers stay for those that it does not name. */
async function openPlan({ name, content }: Named): Promise<void> {
  const read = readPlan(name, await content.text());
  if ('what' in read) {
    notify({ code: 'plan-file', severity: 'error', what: read.what, remedy: words.noPlanRemedy });
    return;
  }
  edit(texts.edits.openPlan(name), (was) => ({ ...was, plan: read.plan, search: null }));
}
