/** Raised whenever networks can change: part of the key under which results are kept. */
export const ENGINE = { id: 'onnx', version: '1' } as const;
