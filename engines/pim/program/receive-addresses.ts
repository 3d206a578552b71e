import { Op, type Program } from './types.ts';

/**
 * For targets with asynchronous communication: each SEND gets, as its `dst`, the address at which its message is stored in
 * the peer's memory (TCAD, section IV-E: "record the receive address"). The RECV then takes no part in the transfer; it
 * stays as the mark after which the message may be read, which a core without it would have to wait for otherwise.
 */
export function recordReceiveAddresses({ op, dst, pair, pairs, count }: Program): void {
  const address = new Int32Array(pairs).fill(-1);
  for (let at = 0; at < count; at++) if (op[at] === Op.RECV) address[pair[at]!] = dst[at]!;
  for (let at = 0; at < count; at++) if (op[at] === Op.SEND) dst[at] = address[pair[at]!]!;
}
