import { type GgufTensorType, ggufBytes, ggufTensorTypes } from './gguf.ts';

export interface ReadGguf {
  version: number;
  metadata: Record<string, string | number>;
  tensors: { name: string; type: GgufTensorType; shape: number[]; offset: number; bytes: Uint8Array }[];
  /** Where the data begins. */
  start: number;
}

/** A reader of GGUF written from its specification alone, so that the writer is not checked by itself. */
export function readGguf(file: Uint8Array): ReadGguf {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 0;
  const uint32 = () => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const uint64 = () => {
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  };
  const text = () => {
    const length = uint64();
    at += length;
    return new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(at - length, at));
  };
  if (view.getUint32(0, false) !== 0x47475546) throw new Error('This is no GGUF file.');
  at = 4;
  const version = uint32();
  const tensorCount = uint64();
  const metadataCount = uint64();
  const metadata: Record<string, string | number> = {};
  for (let index = 0; index < metadataCount; index += 1) {
    const key = text();
    const type = uint32();
    if (type !== 8 && type !== 4) throw new Error(`Metadata of type ${type}.`);
    metadata[key] = type === 8 ? text() : uint32();
  }
  const alignment = Number(metadata['general.alignment'] ?? 32);
  const infos = Array.from({ length: tensorCount }, () => {
    const name = text();
    const shape = Array.from({ length: uint32() }, uint64).reverse();
    const number = uint32();
    const found = Object.entries(ggufTensorTypes).find(([, type]) => type.number === number);
    if (!found) throw new Error(`A tensor of type ${number}.`);
    const offset = uint64();
    if (offset % alignment !== 0) throw new Error(`"${name}" begins at ${offset}.`);
    return { name, type: found[0] as GgufTensorType, shape, offset };
  });
  const start = Math.ceil(at / alignment) * alignment;
  const tensors = infos.map((info) => {
    const from = start + info.offset;
    return { ...info, bytes: file.slice(from, from + ggufBytes(info.type, info.shape)) };
  });
  return { version, metadata, tensors, start };
}
