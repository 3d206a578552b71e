import { describe, expect, it } from 'vitest';
import { modelName, withSymbol } from './model-ref.ts';

const file = { name: 'net.onnx', bytes: 10, sha256: '0'.repeat(64) };

describe('sizes of symbolic dimensions', () => {
  it('go into the reference and out of it again', () => {
    const sized = withSymbol('gpt2', 'sequence', 128);
    expect(sized).toEqual({ zoo: 'gpt2', symbols: { sequence: 128 } });
    expect(withSymbol(sized, 'batch', 2)).toEqual({ zoo: 'gpt2', symbols: { sequence: 128, batch: 2 } });
    expect(withSymbol(sized, 'sequence', undefined)).toBe('gpt2');
    expect(withSymbol({ onnx: file, symbols: { N: 1 } }, 'N', undefined)).toEqual({ onnx: file });
    expect(withSymbol({ pimcompJson: file }, 'N', 1)).toEqual({ pimcompJson: file });
  });

  it('leave the name alone', () => {
    expect([modelName('gpt2'), modelName({ zoo: 'gpt2' }), modelName({ onnx: file })]).toEqual([
      'gpt2',
      'gpt2',
      'net.onnx',
    ]);
  });
});
