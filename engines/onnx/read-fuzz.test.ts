import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteSource } from '../core/byte-source.ts';
import { inferShapes } from './infer.ts';
import { bytes, int, message, model, node, text, value } from './proto.fixture.ts';
import { readModel } from './read.ts';
import { writeModel } from './write.ts';

const whole = model(
  [
    text(2, 'net'),
    value(11, 'x', 1, ['N', 3, 16, 16]),
    value(11, 'c', 9, []),
    value(12, 'y', 1, ['N', 2]),
    value(13, 'a', 1, ['N', 4, undefined, 8]),
    message(5, int(1, 4), int(1, 3), int(1, 3), int(1, 3), int(2, 1), text(8, 'w'), bytes(9, new Uint8Array(432))),
    message(5, int(1, 2), int(2, 7), text(8, 's'), bytes(7, [0, 1])),
    node(
      'Conv',
      ['x', 'w'],
      ['a'],
      message(5, text(1, 'strides'), int(8, 2), int(8, 2), int(20, 7)),
      message(5, text(1, 'pads'), bytes(8, [1, 1, 1, 1]), int(20, 7)),
    ),
    node(
      'If',
      ['c'],
      ['b'],
      ...['then_branch', 'else_branch'].map((name) =>
        message(5, text(1, name), message(6, node('Relu', ['a'], ['r']), value(12, 'r', 1, [])), int(20, 5)),
      ),
    ),
    node('Twice', ['b'], ['d'], text(7, 'own')),
    node('Reshape', ['d', 's'], ['e']),
    node('Constant', [], ['k'], message(5, text(1, 'value'), message(5, int(1, 1), int(2, 7), int(7, 1)), int(20, 4))),
    node('Slice', ['e', 'k', 'k', 'k'], ['y']),
  ],
  message(
    25,
    text(1, 'Twice'),
    text(4, 'i'),
    text(5, 'o'),
    message(7, text(1, 'i'), text(1, 'i'), text(2, 'o'), text(4, 'Add')),
    text(10, 'own'),
  ),
);

/** Reads, infers, writes and reads again: every step answers with a value or problems, whatever the bytes are. */
async function survives(data: Uint8Array): Promise<boolean> {
  const result = await readModel(byteSource(data));
  if (!result.ok) {
    for (const { code, what, remedy } of result.problems) expect([code, what, remedy].every(Boolean)).toBe(true);
    return false;
  }
  inferShapes(result.value.graph);
  const again = await readModel(byteSource(writeModel(result.value)));
  if (again.ok) inferShapes(again.value.graph, { symbols: { N: 2 } });
  return true;
}

describe('any bytes', () => {
  it('are read whole', async () => {
    expect(await survives(whole)).toBe(true);
  });

  it('cut off anywhere are a model or a problem', async () => {
    let read = 0;
    for (let length = 0; length < whole.length; length += 1) {
      if (await survives(whole.subarray(0, length))) read += 1;
    }
    // Only where a whole field of the model ends can what is left be a model.
    expect(read).toBeLessThan(10);
  });

  it('flipped anywhere are a model or a problem', async () => {
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const data = whole.slice();
        for (const [at, byte] of changes) data[at] = byte;
        await survives(data);
      }),
      { numRuns: 1500 },
    );
  });

  it('moved, repeated and made up are a model or a problem', async () => {
    const piece = fc
      .tuple(fc.nat({ max: whole.length }), fc.nat({ max: 80 }))
      .map(([at, length]) => whole.subarray(at, at + length));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(piece, fc.uint8Array({ maxLength: 20 })), { maxLength: 12 }),
        async (pieces) => {
          await survives(Uint8Array.from(pieces.flatMap((each) => [...each])));
        },
      ),
      { numRuns: 800 },
    );
  });
});
