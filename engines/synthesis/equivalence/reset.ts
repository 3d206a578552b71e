import type { PreparedDesign } from './prepare.ts';

export interface ResetInput {
  port: string;
  active: '0' | '1';
}

const RESET = /^(?:\w+_)?(n?)(?:[ap]?rst|[asp]?reset)(_?n|_?ni|_b|_l)?(?:_i|_in)?$/i;

/**
 * The inputs that reset a design: of one bit, and named so (rst, rst_n, reset, aresetn, sys_rst_ni, nreset). Where such an input sets or
 * clears registers asynchronously, the level is that of the registers, else the name tells it.
 */
export function resetInputs(designs: readonly PreparedDesign[]): ResetInput[] {
  const [first] = designs;
  if (!first) return [];
  return Object.entries(first.module.ports).flatMap(([port, { direction, bits }]): ResetInput[] => {
    const match = RESET.exec(port);
    if (direction !== 'input' || bits.length !== 1 || !match) return [];
    const level = designs.map((design) => asyncLevel(design, port)).find((found) => found !== undefined);
    return [{ port, active: level ?? (match[1] !== '' || match[2] !== undefined ? '0' : '1') }];
  });
}

function asyncLevel({ module }: PreparedDesign, port: string): '0' | '1' | undefined {
  const bit = module.ports[port]?.bits[0];
  for (const { connections, parameters } of Object.values(module.cells)) {
    if (bit !== undefined && connections.ARST?.[0] === bit) return parameters.ARST_POLARITY?.endsWith('1') ? '1' : '0';
  }
  return undefined;
}
