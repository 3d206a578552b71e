import { byteSource } from '../core/byte-source.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { readModel } from '../onnx/read.ts';
import type { ElementFiles } from '../onnx/read-elements.ts';
import { prepareRunner } from '../onnx/run/index.ts';
import type { Runner } from '../onnx/run/types.ts';
import type { Model } from '../onnx/types.ts';
import { loadDigits } from './data/digits.ts';
import { loadOcr } from './data/ocr.ts';
import { loadOwn } from './data/own.ts';
import type { SampleSets } from './data/types.ts';
import type { BfpModel, BfpReport, BfpSlice } from './types.ts';

/** A model that is ready to run, with its data where it has any. */
export interface OpenModel {
  /** "digits-cnn", or the name of the user's file. */
  id: string;
  title: string;
  model: Model;
  /** The file itself. */
  bytes: Uint8Array;
  files: ElementFiles;
  runner: Runner;
  sets?: SampleSets;
  /** Why there are no data, and findings on them. */
  problems: Problem[];
}

/** What a model and its data are opened by. `tuned`: the weights after fine-tuning, as an ONNX file. */
export type OpenSpec = Pick<BfpSlice, 'model' | 'data'> & { tuned?: Uint8Array };

type OpenJob = Pick<Job, 'source' | 'asset' | 'signal'>;

interface Shipped {
  title: string;
  path: string;
  symbols?: Record<string, number>;
  load(job: OpenJob): Promise<Result<SampleSets>>;
}

/** Lines of text are 48 pixels high and 320 wide, as the recogniser was trained (PP-OCRv4). */
export const OCR_SYMBOLS = { 'p2o.DynamicDimension.0': 1, 'p2o.DynamicDimension.1': 320 };

const SHIPPED: Record<Extract<BfpModel, string>, Shipped> = {
  'digits-cnn': { title: 'Digits CNN', path: 'models/digits-cnn.onnx', load: loadDigits },
  'digits-resnet': { title: 'Digits ResNet', path: 'models/digits-resnet.onnx', load: loadDigits },
  ocr: { title: 'PP-OCRv4 recogniser', path: 'models/ocr/rec.onnx', symbols: OCR_SYMBOLS, load: loadOcr },
};

/** What a report says of a model. */
export function modelFacts({ id, title, runner, sets }: OpenModel): BfpReport['model'] {
  const parameters = runner.layers.reduce((sum, { weights }) => sum + weights.length, 0);
  const macs = runner.layers.reduce((sum, layer) => sum + layer.macs, 0);
  return { id, title, parameters, macs, kind: sets?.test.labels.kind ?? 'none' };
}

interface Kept {
  key: string;
  tuned: Uint8Array | undefined;
  opened: OpenModel;
}

/** The last models opened, newest first: the network of a design, and the one trained on. Results never depend on them. */
const kept: Kept[] = [];
const MOST_KEPT = 2;

/**
 * The model of a design, its weights read and its operators prepared, and its data. A model without data is opened too;
 * what it lacks is among the problems. Problems: files that are missing or broken, operators that cannot run.
 */
export async function openModel(spec: OpenSpec, job: OpenJob): Promise<Result<OpenModel>> {
  const key = JSON.stringify([spec.model, spec.data]);
  const known = kept.find((each) => each.key === key && sameBytes(each.tuned, spec.tuned));
  if (known) return ok(known.opened);
  const opened = await open(spec, job);
  if (!opened.ok) return opened;
  kept.unshift({ key, tuned: spec.tuned, opened: opened.value });
  for (const older of kept.splice(MOST_KEPT)) older.opened.runner.dispose();
  return opened;
}

async function open({ model: ref, data, tuned }: OpenSpec, job: OpenJob): Promise<Result<OpenModel>> {
  const file = await fileOf(ref, job);
  if (!file.ok) return file;
  const bytes = tuned ?? file.value.bytes;
  const source = byteSource(bytes);
  const model = await readModel(source, { name: file.value.name });
  if (!model.ok) return model;
  const shipped = typeof ref === 'string' ? SHIPPED[ref] : undefined;
  const symbols = typeof ref === 'string' ? shipped?.symbols : ref.symbols;
  const files: ElementFiles = { model: source };
  const runner = await prepareRunner(model.value, { files, ...(symbols && { symbols }) });
  if (!runner.ok) return runner;
  const opened: OpenModel = {
    id: typeof ref === 'string' ? ref : ref.onnx.name.replace(/\.onnx$/i, ''),
    title: shipped?.title ?? file.value.name,
    model: model.value,
    bytes,
    files,
    runner: runner.value,
    problems: [],
  };
  if (!shipped && !data) {
    opened.problems.push(noData());
    return ok(opened);
  }
  const sets = shipped ? await shipped.load(job) : await loadOwn(data!, runner.value, job);
  if (!sets.ok) return sets;
  return ok({ ...opened, sets: sets.value });
}

async function fileOf(ref: BfpModel, job: OpenJob): Promise<Result<{ name: string; bytes: Uint8Array }>> {
  if (typeof ref === 'string') {
    const { path } = SHIPPED[ref];
    try {
      return ok({ name: ref, bytes: await job.asset(path) });
    } catch (reason) {
      const what = `The network "${ref}" could not be loaded. ${reason instanceof Error ? reason.message : ''}`.trim();
      return fail(error('bfp.no-file', what, 'Look whether the studio is still reachable, and try again.'));
    }
  }
  const source = await job.source(ref.onnx.sha256);
  if (!source) {
    const what = `The file "${ref.onnx.name}" (${ref.onnx.bytes} bytes) of this design is not here.`;
    return fail(error('blob-missing', what, 'Open the file again; the design finds it by its content.'));
  }
  return ok({ name: ref.onnx.name, bytes: await source.read(0, source.bytes) });
}

function noData(): Problem {
  return {
    code: 'bfp.no-data',
    severity: 'note',
    what: 'This network has no labelled data, so its accuracy cannot be measured. Signal to noise is computed layer by layer.',
    remedy: 'Open an NPZ file with samples "x" and classes "y", or folders of images named by their classes.',
    where: { path: 'slices.bfp.data' },
  };
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index]);
}
