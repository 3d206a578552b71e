import type { Mapping } from '../types.ts';

/** Windows `start`, `start + step`, ... below `end`: what one replica does, one a round. */
export interface Share {
  start: number;
  step: number;
  end: number;
}

export function windowsIn(share: Share): number {
  return share.end <= share.start ? 0 : Math.ceil((share.end - share.start) / share.step);
}

/**
 * Deals a layer's windows (TCAD, section IV-C): each core gets a run of neighbouring windows in proportion to the replicas
 * that start in it, and its replicas take them alternately, so that they share input. Cores come in their order; a core's
 * share is rounded up (in single precision, as the released program does), and the last ones get what is left.
 * By replica of each mapped layer.
 */
export function dealWindows(mapping: Mapping, cores: number): Share[][] {
  const byLayer = mapping.layers.map((layer) => {
    const homes: number[][] = Array.from({ length: cores }, () => []);
    return { layer, homes };
  });
  const { ags } = mapping;
  for (let ag = 0; ag < ags.count; ag++) {
    if (ags.slice[ag] !== 0 || ags.part[ag] !== 0) continue;
    byLayer[ags.mapped[ag]!]!.homes[ags.core[ag]!]!.push(ags.replica[ag]!);
  }
  return byLayer.map(({ layer, homes }) => {
    const shares: Share[] = Array.from({ length: layer.replication }, () => ({ start: 0, step: 1, end: 0 }));
    const each = Math.fround(Math.fround(layer.windows) / Math.fround(layer.replication));
    let dealt = 0;
    for (const replicas of homes) {
      if (replicas.length === 0) continue;
      const share = Math.min(Math.ceil(Math.fround(each * Math.fround(replicas.length))), layer.windows - dealt);
      for (const [place, replica] of replicas.entries()) {
        shares[replica] = { start: dealt + place, step: replicas.length, end: dealt + share };
      }
      dealt += share;
    }
    return shares;
  });
}
