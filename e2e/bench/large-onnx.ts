import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A wide layer: 4096 x 2048 numbers of 4 bytes. */
const [INPUTS, OUTPUTS] = [4096, 2048];
const WEIGHT_BYTES = INPUTS * OUTPUTS * 4;
const FLOAT = 1;

export interface TemporaryFile {
  path: string;
  name: string;
  bytes: number;
  remove(): void;
}

/**
 * A valid ONNX model whose layers are all of the same two sizes in turn, with weights of zeros that the file holds as holes:
 * it is as long as asked and takes next to no room until it is copied. onnx.proto: ModelProto 7 graph, 8 opset_import;
 * GraphProto 1 node, 2 name, 5 initializer, 11 input, 12 output.
 */
export function largeOnnx(layers: number): TemporaryFile {
  const folder = mkdtempSync(join(tmpdir(), 'crossbar-large-'));
  const name = `large-${layers}.onnx`;
  const path = join(folder, name);
  const nodes: Buffer[] = [];
  const heads: Buffer[] = [];
  for (let at = 0; at < layers; at++) {
    const shape = at % 2 === 0 ? [INPUTS, OUTPUTS] : [OUTPUTS, INPUTS];
    nodes.push(
      field(
        1,
        Buffer.concat([
          text(1, `x${at}`),
          text(1, `w${at}`),
          text(2, `x${at + 1}`),
          text(3, `wide_${at}`),
          text(4, 'MatMul'),
        ]),
      ),
    );
    const head = Buffer.concat([...shape.map((size) => whole(1, size)), whole(2, FLOAT), text(8, `w${at}`)]);
    const start = Buffer.concat([head, varint(9 * 8 + 2), varint(WEIGHT_BYTES)]);
    heads.push(Buffer.concat([varint(5 * 8 + 2), varint(start.length + WEIGHT_BYTES), start]));
  }
  const before = Buffer.concat([...nodes, text(2, 'large')]);
  const after = Buffer.concat([
    value(11, 'x0', [1, INPUTS]),
    value(12, `x${layers}`, [1, layers % 2 ? OUTPUTS : INPUTS]),
  ]);
  const inside = before.length + after.length + heads.reduce((sum, head) => sum + head.length + WEIGHT_BYTES, 0);
  const model = Buffer.concat([whole(1, 8), field(8, Buffer.concat([text(1, ''), whole(2, 17)])), varint(7 * 8 + 2)]);
  writeFileSync(path, Buffer.concat([model, varint(inside), before]));
  const file = openSync(path, 'r+');
  let at = model.length + varint(inside).length + before.length;
  for (const head of heads) {
    writeSync(file, head, 0, head.length, at);
    at += head.length + WEIGHT_BYTES;
  }
  ftruncateSync(file, at);
  writeSync(file, after, 0, after.length, at);
  closeSync(file);
  return { path, name, bytes: at + after.length, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function value(number: number, name: string, shape: readonly number[]): Buffer {
  const dims = Buffer.concat(shape.map((size) => field(1, whole(1, size))));
  const tensor = Buffer.concat([whole(1, FLOAT), field(2, dims)]);
  return field(number, Buffer.concat([text(1, name), field(2, field(1, tensor))]));
}

function whole(number: number, content: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(content)]);
}

function text(number: number, content: string): Buffer {
  return field(number, Buffer.from(content));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
