import type { ByteSource } from '../core/byte-source.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { arrange } from './read-arrange.ts';
import { type Functions, inlineFunctions, readFunction } from './read-functions.ts';
import { readGraph } from './read-graph.ts';
import { seemsToBe } from './read-sniff.ts';
import type { Beside } from './read-tensor.ts';
import type { Model } from './types.ts';
import { type Field, Malformed, WireReader } from './wire.ts';

/** Versions of the standard operators that the studio is written for; others are read as far as they go, with a note. */
const oldestOpset = 7;
const newestOpset = 21;

const exportAgain = 'Export the model to ONNX again.';

/**
 * Reads an ONNX model: its structure, and where its weights are. Only the structure passes through memory; weights and
 * other large fields are jumped over, small tensors (up to 1 kB) are read, because shapes depend on them. Local functions
 * are put in the place of their calls.
 *
 * Every file that is no such model is a problem, never an exception: one that is something else (told by its first bytes),
 * cut off, damaged, with a cycle, with one name for two values, with sizes that cannot be.
 */
export async function readModel(
  source: ByteSource,
  options: { name?: string; beside?: Beside } = {},
): Promise<Result<Model>> {
  const where = options.name === undefined ? undefined : { file: options.name };
  const called = options.name === undefined ? 'The file' : `The file "${options.name}"`;
  let head: Uint8Array;
  try {
    head = await source.read(0, Math.min(512, source.bytes));
  } catch (reason) {
    return fail(error('onnx.unreadable', unreadable(called, reason), 'Open the file again.', where));
  }
  if (source.bytes === 0) {
    return fail(error('onnx.empty', `${called} is empty.`, 'Copy or download it again.', where));
  }
  const other = seemsToBe(head);
  if (other) {
    return fail(
      error('onnx.not-onnx', `${called} is no ONNX model: it seems to be ${other.what}.`, other.remedy, where),
    );
  }
  try {
    return ok(await new ModelReader(source, options.beside ?? new Map()).read());
  } catch (reason) {
    if (reason instanceof Malformed) {
      return fail(error(reason.code, reason.message, reason.remedy ?? exportAgain, where));
    }
    if (isReadError(reason))
      return fail(error('onnx.unreadable', unreadable(called, reason), 'Open the file again.', where));
    throw reason;
  }
}

function opsetNote(opset: number): Problem {
  return {
    code: 'onnx.opset',
    severity: 'note',
    what: `The model is written for operator set ${opset}; the studio is written for ${oldestOpset} to ${newestOpset}. Operators that it does not know are listed.`,
    remedy: `Where a shape is wrong, convert the model with onnx.version_converter to operator set ${newestOpset}.`,
  };
}

/** Files that go away while they are read: NotReadableError and NotFoundError of the File API, codes of Node. */
function isReadError(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
  return reason.name === 'NotReadableError' || reason.name === 'NotFoundError' || /^E(?!RR_)/.test(code);
}

function unreadable(called: string, reason: unknown): string {
  return `${called} cannot be read (${reason instanceof Error ? reason.message : String(reason)}).`;
}

class ModelReader {
  readonly #wire: WireReader;
  readonly #beside: Beside;
  readonly #opsets: Record<string, number> = {};
  readonly #functions: Functions = new Map();
  #irVersion = 0;
  #producer = '';
  #graph: Field | undefined;

  constructor(source: ByteSource, beside: Beside) {
    this.#wire = new WireReader(source);
    this.#beside = beside;
  }

  async read(): Promise<Model> {
    const wire = this.#wire;
    await wire.message(0, wire.bytes, (field) => this.#field(field));
    if (!this.#graph) {
      throw new Malformed(
        'The file has no graph: it is no ONNX model, but perhaps a tensor or another protobuf file.',
        {
          code: 'onnx.not-onnx',
          remedy: 'Open the .onnx file of the model.',
        },
      );
    }
    const opset = this.#opsets[''] ?? (Object.keys(this.#opsets).length === 0 ? 1 : undefined);
    const notes =
      opset === undefined || (opset >= oldestOpset && opset <= newestOpset) ? undefined : [opsetNote(opset)];
    const whole = await readGraph({ wire, beside: this.#beside }, this.#graph);
    return {
      graph: arrange(inlineFunctions(whole, this.#functions)),
      irVersion: this.#irVersion,
      opsets: this.#opsets,
      producer: this.#producer,
      notes,
    };
  }

  #field(field: Field): Promise<void> | undefined {
    const wire = this.#wire;
    switch (field.number) {
      case 1:
        this.#irVersion = wire.number(field, 'the IR version');
        return undefined;
      case 2:
        return wire.text(field, 'the producer').then((text) => {
          this.#producer = text;
        });
      case 7:
        wire.expect(field, 'bytes', 'the graph');
        if (this.#graph) throw new Malformed(`At byte ${field.start} a second graph begins.`);
        this.#graph = field;
        return undefined;
      case 8:
        return this.#opset(field);
      case 25:
        return readFunction({ wire, beside: this.#beside }, field, this.#functions);
      default:
        return undefined;
    }
  }

  async #opset(field: Field): Promise<void> {
    const wire = this.#wire;
    wire.expect(field, 'bytes', 'an operator set');
    let domain = '';
    let version = 0;
    await wire.message(field.start, field.start + field.length, (part) => {
      if (part.number === 2) version = wire.number(part, 'the version of an operator set');
      if (part.number !== 1) return undefined;
      return wire.text(part, 'the domain of an operator set').then((text) => {
        domain = text;
      });
    });
    this.#opsets[domain === 'ai.onnx' ? '' : domain] = version;
  }
}
