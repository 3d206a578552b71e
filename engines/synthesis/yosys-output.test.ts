import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputSplitter } from './yosys-output.ts';

function split(text: string, sizes: number[]) {
  const lines: string[] = [];
  const documents: string[] = [];
  const splitter = new OutputSplitter({ onLine: (line) => lines.push(line), onDocument: (doc) => documents.push(doc) });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    splitter.write(bytes.subarray(at, at + size));
    at += size;
  }
  splitter.end();
  return { lines, documents };
}

describe('OutputSplitter', () => {
  it('separates log lines from documents, wherever the chunks are cut', () => {
    const document = '{\n  "a": {\n    "b": "}\\n{"\n  },\n\n  "ü": 1\n}';
    const text = `1. Executing JSON backend.\n${document}\nWarning: ä\n\n${document}\nlast`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const { lines, documents } = split(text, sizes);
        expect(lines).toEqual(['1. Executing JSON backend.', 'Warning: ä', '', 'last']);
        expect(documents).toEqual([document, document]);
      }),
    );
  });

  it('keeps plain output byte for byte', () => {
    const splitter = new OutputSplitter({ plain: true });
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
    for (let at = 0; at < bytes.length; at += 4096) splitter.write(bytes.subarray(at, at + 4096));
    expect(splitter.bytes()).toEqual(bytes);
  });
});
