/** Raise the version whenever figures can change. */
export const ENGINE = { id: 'verilog', version: '1' };
