/** Raised whenever figures can change. */
export const ENGINE = { id: 'cim', version: '1' };
