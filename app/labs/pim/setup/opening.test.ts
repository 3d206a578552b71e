import { afterEach, describe, expect, it } from 'vitest';
import { ok, type Result } from '../../../../engines/core/result.ts';
import type { BlobRef } from '../../../../engines/document/types.ts';
import type { NetworkReport } from '../../../../engines/onnx/index.ts';
import { zooNetwork } from '../../../../engines/onnx/load.ts';
import { resetPim, usePim } from '../state.ts';
import { showOpening } from './opening.ts';

const file = new File(['abc'], 'a.onnx');
const ref: BlobRef = { name: 'a.onnx', bytes: 3, sha256: 'f'.repeat(64) };

function lenet() {
  const network = zooNetwork('lenet5');
  if (!network.ok) throw new Error('LeNet-5 cannot be built.');
  return network.value;
}

const always = () => true;
const found = async (): Promise<Result<NetworkReport>> =>
  ok({ network: lenet(), totals: {} as NetworkReport['totals'] });

afterEach(resetPim);

describe('a file on its way into the design', () => {
  it('is seen before its content has been hashed, and read from the file itself', async () => {
    let keep: (ref: BlobRef) => void = () => {};
    const asked: unknown[] = [];
    const opened = showOpening(file, new Promise((done) => (keep = done)), always, async (model, from) => {
      asked.push(model, from);
      return found();
    });
    await expect.poll(() => usePim.getState().opening?.network?.name).toBe(lenet().name);
    expect(asked).toEqual([{ onnx: { name: 'a.onnx', bytes: 3, sha256: expect.any(String) } }, file]);
    expect(usePim.getState().network).toBeUndefined();
    keep(ref);
    expect(await opened).toBe(ref);
    expect(usePim.getState().opening).toBeUndefined();
    expect(usePim.getState().network?.name).toBe(lenet().name);
  });

  it('stays out of a design that was left meanwhile', async () => {
    let keep: (ref: BlobRef) => void = () => {};
    const opened = showOpening(file, new Promise((done) => (keep = done)), always, found);
    resetPim();
    keep(ref);
    expect(await opened).toBeUndefined();
    expect(usePim.getState().network).toBeUndefined();
  });

  it('gives way to a model that was chosen meanwhile', async () => {
    expect(await showOpening(file, Promise.resolve(ref), () => false, found)).toBeUndefined();
    expect(usePim.getState().opening).toBeUndefined();
    expect(usePim.getState().network).toBeUndefined();
  });

  it('gives way to the file that was opened last', async () => {
    let keep: (ref: BlobRef) => void = () => {};
    const first = showOpening(file, new Promise((done) => (keep = done)), always, found);
    const other = { ...ref, name: 'b.onnx' };
    const second = showOpening(new File(['b'], 'b.onnx'), Promise.resolve(other), always, found);
    keep(ref);
    expect(await first).toBeUndefined();
    expect(await second).toBe(other);
  });

  it('is kept also when its structure cannot be read, and forgotten when it cannot be kept', async () => {
    const torn = async () => Promise.reject(new Error('no worker'));
    expect(await showOpening(file, Promise.resolve(ref), always, torn)).toBe(ref);
    await expect(showOpening(file, Promise.reject(new Error('no room')), always, found)).rejects.toThrow('no room');
    expect(usePim.getState().opening).toBeUndefined();
  });
});
