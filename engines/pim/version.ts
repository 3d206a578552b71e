/** Raised whenever figures can change. */
export const ENGINE = { id: 'pim', version: '1' };
