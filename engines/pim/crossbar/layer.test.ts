import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import { inlineJob } from '../../core/inline-job.ts';
import { float32, graphOf, int, node } from '../../onnx/graph.fixture.ts';
import { loadNetwork } from '../../onnx/load.ts';
import { writeModel } from '../../onnx/write.ts';
import { crossbar } from './crossbar.ts';
import { layerDraws } from './draw.ts';
import { crossbarLayers, fitPiece, layerMatrix } from './layer.ts';
import { CROSSBAR_DEFAULTS } from './schema.ts';
import type { CrossbarSpec } from './types.ts';

const model = 'lenet5';

async function layersOf() {
  const network = await loadNetwork(model, inlineJob());
  if (!network.ok) throw new Error(JSON.stringify(network.problems));
  return network.value.layers.filter((layer) => layerMatrix(layer));
}

async function run(layer: string, change: Partial<CrossbarSpec> & { row?: number; column?: number } = {}, seed = 1) {
  const { row = 0, column = 0, ...others } = change;
  const weights = { kind: 'layer' as const, model, layer, row, column };
  return crossbar({ ...CROSSBAR_DEFAULTS, rows: 16, columns: 8, ...others, weights }, inlineJob({ seed }));
}

async function ran(...args: Parameters<typeof run>) {
  const result = await run(...args);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

describe('the matrix of a layer', () => {
  it('has a row for every weight of a kernel and a column for every output', () => {
    const window = { stride: [1, 1], pads: [0, 0, 0, 0], dilation: [1, 1] } as const;
    const conv = { op: 'conv', inputChannels: 16, outputChannels: 32, groups: 4, kernel: [3, 5], ...window } as never;
    expect(layerMatrix({ kind: conv })).toEqual({ rows: 4 * 15, columns: 32, groups: 4 });
    expect(layerMatrix({ kind: { op: 'fc', inputs: 100, outputs: 10, rows: 1 } })).toEqual({
      rows: 100,
      columns: 10,
      groups: 1,
    });
    expect(layerMatrix({ kind: { op: 'softmax', axis: 1 } })).toBeUndefined();
  });

  it('gives pieces that lie within it, and within one group', () => {
    const matrix = { rows: 60, columns: 32, groups: 4 };
    expect(fitPiece(matrix, { row: 50, column: 20, rows: 16, columns: 4 })).toEqual({
      row: 44,
      column: 20,
      rows: 16,
      columns: 4,
    });
    expect(fitPiece(matrix, { row: 0, column: 30, rows: 8, columns: 4 })).toEqual({
      row: 0,
      column: 28,
      rows: 8,
      columns: 4,
    });
    expect(fitPiece(matrix, { row: 9, column: 99, rows: 100, columns: 99 })).toEqual({
      row: 0,
      column: 24,
      rows: 60,
      columns: 8,
    });
  });
});

describe('a piece of a layer on the crossbar', () => {
  it('is drawn where the model has no weights, and says from what', async () => {
    const layers = await layersOf();
    const fc = layers.at(-1)!;
    const report = await ran(fc.name, { weightBits: 8, cellBits: 2, adcBits: 12 });
    const { rows } = layerMatrix(fc)!;
    expect(report.origin.layer).toMatchObject({ name: fc.name, rows, drawn: true, row: 0, column: 0 });
    expect(report.origin.what).toContain(`variance 2 / ${rows}`);
    expect(Math.max(...report.weights.flat().map(Math.abs))).toBe(127);
    expect(report.outputs).toEqual(report.ideal);
  });

  it('has the variance of Kaiming’s initialisation, 2 / rows', () => {
    const draws = layerDraws(3, { row: 7, column: 2, rows: 200, columns: 40 }, 9).flat();
    const variance = draws.reduce((sum, value) => sum + value * value, 0) / draws.length;
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length));
  });

  it('is the same place of the layer, whichever piece shows it', () => {
    const whole = layerDraws(2, { row: 0, column: 0, rows: 140, columns: 12 }, 5);
    const part = layerDraws(2, { row: 60, column: 3, rows: 20, columns: 5 }, 5);
    expect(part).toEqual(whole.slice(60, 80).map((row) => row.slice(3, 8)));
    expect(layerDraws(3, { row: 0, column: 0, rows: 4, columns: 4 }, 5)).not.toEqual(
      whole.slice(0, 4).map((row) => row.slice(0, 4)),
    );
  });

  it('leaves cells at zero weight where the layer ends', async () => {
    const [first] = await layersOf();
    const { rows, columns } = layerMatrix(first!)!;
    const report = await ran(first!.name, { rows: 32, columns: 32 });
    expect(rows).toBeLessThan(32);
    expect(
      report.weights
        .slice(rows)
        .flat()
        .every((weight) => weight === 0),
    ).toBe(true);
    expect(report.weights.every((row) => row.slice(columns).every((weight) => weight === 0))).toBe(true);
  });

  it('refuses a layer that is not there or has no weights, and names one that has', async () => {
    const [first] = await layersOf();
    const missing = await run(`${first!.name}x`);
    expect(missing.ok).toBe(false);
    if (!missing.ok)
      expect(missing.problems[0]).toMatchObject({ remedy: `Choose another layer, such as "${first!.name}".` });
  });

  it.each([
    ['outputs x inputs', 1],
    ['inputs x outputs', 0],
  ])('is the piece of the file where the model has weights, held as %s', async (_, transB) => {
    const at = (row: number, column: number) => Math.sin(3 * row + 17 * column);
    const shape = transB ? [12, 40] : [40, 12];
    const values = Array.from({ length: 480 }, (_value, index) => {
      const [first, second] = [Math.floor(index / shape[1]!), index % shape[1]!];
      return transB ? at(second, first) : at(first, second);
    });
    const graph = graphOf(
      { x: [1, 40] },
      [node('Gemm', ['x', 'w'], ['y'], { transB: int(transB) })],
      [float32('w', values, shape)],
    );
    const bytes = writeModel({ graph, irVersion: 8, opsets: { '': 17 }, producer: 'test' });
    const sha256 = sha256Hex(bytes);
    const job = inlineJob({ blobs: { [sha256]: bytes } });
    const onnx = { onnx: { name: 'a.onnx', bytes: bytes.length, sha256 } };
    const layers = await crossbarLayers(onnx, job);
    if (!layers.ok) throw new Error(JSON.stringify(layers.problems));
    expect(layers.value).toEqual([{ name: expect.any(String), rows: 40, columns: 12, groups: 1 }]);
    const weights = { kind: 'layer' as const, model: onnx, layer: layers.value[0]!.name, row: 9, column: 4 };
    const result = await crossbar({ ...CROSSBAR_DEFAULTS, rows: 6, columns: 5, weightBits: 8, weights }, job);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { origin, weights: found } = result.value;
    expect(origin.layer).toMatchObject({ drawn: false, row: 9, column: 4 });
    expect(origin.what).toBe('Weights of the model’s file.');
    for (const [row, line] of found.entries()) {
      for (const [column, weight] of line.entries()) {
        expect(Math.abs(weight * origin.scale! - at(9 + row, 4 + column))).toBeLessThanOrEqual(origin.scale! * 0.501);
      }
    }
  });
});
