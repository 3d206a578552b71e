/**
 * Protobuf by hand for tests, independent of the studio's writer: a message is the concatenation of its fields ("Encoding"
 * in the Protocol Buffers documentation). Field numbers are those of onnx.proto.
 */
export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return bytes;
}

export const int = (field: number, value: number | bigint): number[] => [...varint(field << 3), ...varint(value)];

export const bytes = (field: number, content: readonly number[] | Uint8Array): number[] => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...content,
];

export const text = (field: number, value: string): number[] => bytes(field, new TextEncoder().encode(value));

export const message = (field: number, ...fields: number[][]): number[] => bytes(field, fields.flat());

/** Graph inputs and outputs (fields 11 and 12): a name, a type, sizes as numbers, names, or nothing. */
export function value(field: number, name: string, type: number, dims: (number | string | undefined)[]): number[] {
  const shape = dims.map((dim) =>
    message(1, dim === undefined ? [] : typeof dim === 'number' ? int(1, dim) : text(2, dim)),
  );
  return message(field, text(1, name), message(2, message(1, int(1, type), message(2, ...shape))));
}

export function node(op: string, inputs: string[], outputs: string[], ...more: number[][]): number[] {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...more,
  );
}

export function model(graph: number[][], ...more: number[][]): Uint8Array {
  return Uint8Array.from([
    ...int(1, 8),
    ...message(7, ...graph),
    ...message(8, text(1, ''), int(2, 17)),
    ...more.flat(),
  ]);
}
