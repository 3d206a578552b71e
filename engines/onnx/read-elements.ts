import type { ByteSource } from '../core/byte-source.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import type { Beside } from './read-tensor.ts';
import { decodeRaw, elementCount, packedToRaw, rawBytes } from './tensors.ts';
import type { Tensor } from './types.ts';

/** Where elements may be: the model's own file, and files beside it by the location that the model names. */
export interface ElementFiles {
  model?: ByteSource;
  beside?: Beside;
}

/**
 * The elements of a tensor as numbers, fetched from where they are; raw data is read only from `start` on, `count`
 * elements. 64-bit integers beyond 2^53 lose their last digits.
 *
 * Problems: weights that the model does not have, a file beside the model that is missing or too short, strings and
 * complex numbers, and files that went away.
 */
export async function readElements(
  tensor: Tensor,
  files: ElementFiles = {},
  range: { start?: number; count?: number } = {},
): Promise<Result<Float64Array>> {
  const all = elementCount(tensor);
  const start = Math.min(range.start ?? 0, all);
  const count = Math.min(range.count ?? all - start, all - start);
  const place = { path: tensor.name };
  if (tensor.type === 'string' || tensor.type.startsWith('complex')) {
    const what = `The tensor "${tensor.name}" holds ${tensor.type === 'string' ? 'text' : 'complex numbers'}, not real numbers.`;
    return fail(error('onnx.no-numbers', what, undefined, place));
  }
  const bytes = await fetchRaw(tensor, files, start, count);
  if (!bytes.ok) return bytes;
  const values = decodeRaw(tensor.type, bytes.value.raw, bytes.value.skip + count);
  if (values) return ok(bytes.value.skip === 0 ? values : values.subarray(bytes.value.skip));
  const what = `The tensor "${tensor.name}" has fewer elements than its shape ${tensor.shape.join(' x ')} needs.`;
  return fail(error('onnx.tensor-size', what, 'Export the model again: its weights are damaged.', place));
}

interface Raw {
  raw: Uint8Array;
  /** Elements at the beginning of `raw` that were not asked for. */
  skip: number;
}

async function fetchRaw(tensor: Tensor, files: ElementFiles, start: number, count: number): Promise<Result<Raw>> {
  const { data, name } = tensor;
  const place = { path: name };
  const nothing = fail(
    error(
      'onnx.no-weights',
      `The tensor "${name}" has a shape and no data: the model is a structure only.`,
      'Use a model with its weights, or let the studio fill in seeded random ones.',
      place,
    ),
  );
  if (data.in === 'nowhere') return nothing;
  if (data.in === 'memory') return ok({ raw: data.bytes, skip: start });
  const source = data.in === 'file' ? files.model : files.beside?.get(data.location);
  if (!source) {
    if (data.in === 'file') return nothing;
    return fail(
      error(
        'onnx.external-missing',
        `The weights of "${name}" are in the file "${data.location}" beside the model, which is not there.`,
        `Open the model together with the file "${data.location}".`,
        { file: data.location },
      ),
    );
  }
  if (data.in === 'file' && data.packed !== 'raw' && data.packed !== 'float' && data.packed !== 'double') {
    const bytes = await fetch(source, data.offset, data.bytes, name);
    if (!bytes.ok) return bytes;
    return ok({
      raw: packedToRaw(tensor.type, { packed: data.packed, bytes: bytes.value }, elementCount(tensor)) ?? empty,
      skip: start,
    });
  }
  // Two 4-bit elements share a byte: begin at an even one.
  const from = rawBytes(tensor.type, 1) * 2 === rawBytes(tensor.type, 2) ? start : start - (start % 2);
  const offset = rawBytes(tensor.type, from);
  const length = rawBytes(tensor.type, start + count) - offset;
  if (data.in === 'external' && data.bytes !== undefined && data.bytes < offset + length)
    return ok({ raw: empty, skip: 0 });
  const bytes = await fetch(source, data.offset + offset, length, name);
  return bytes.ok ? ok({ raw: bytes.value, skip: start - from }) : bytes;
}

const empty = new Uint8Array(0);

async function fetch(source: ByteSource, offset: number, length: number, name: string): Promise<Result<Uint8Array>> {
  try {
    const bytes = await source.read(offset, length);
    if (bytes.length === length) return ok(bytes);
    const what = `The weights of "${name}" need bytes up to ${offset + length} of a file of ${source.bytes}.`;
    return fail(error('onnx.tensor-size', what, 'Copy or download the file again: it is cut off.', { path: name }));
  } catch (reason) {
    const why = reason instanceof Error ? reason.message : String(reason);
    return fail(
      error('onnx.unreadable', `The weights of "${name}" cannot be read (${why}).`, 'Open the file again.', {
        path: name,
      }),
    );
  }
}
