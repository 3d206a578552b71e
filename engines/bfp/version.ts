/** Raised whenever figures can change; part of the key under which results are kept. */
export const ENGINE = { id: 'bfp', version: '1' };
