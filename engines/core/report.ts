/** Where a figure comes from. Figures of a report that name nothing here are computed. */
export type Provenance = 'computed' | 'measured' | 'claimed';

/** A constant or a rule that is ours and not the source's, with its reason. Shown on the screen beside the result. */
export interface Assumption {
  id: string;
  what: string;
  value?: string;
  reason: string;
  /** 'ours' = chosen here; 'paper' = stated by the source; 'tool' = a behaviour of a tool we call. */
  source: 'ours' | 'paper' | 'tool';
}

/** What this machine did: never part of what must be equal between two runs. */
export interface Measured {
  timesMs: Record<string, number>;
  log: string[];
}

/**
 * What passes between labs: a typed piece of a report (word-level netlist, bit plan, mapping ...).
 * `version` counts changes of the data's form.
 */
export interface Artefact<K extends string = string, D = unknown> {
  kind: K;
  version: number;
  data: D;
}

/**
 * The base of every report. `figures` are plain numbers with the unit in the name (`latencyNs`, `energyPj`);
 * same spec and seed give the same `figures` and `artefacts`, bit for bit, everywhere.
 */
export interface Report<F extends object = Record<string, number>> {
  engine: { id: string; version: string };
  figures: F;
  provenance: Partial<Record<keyof F, Provenance>>;
  artefacts: Artefact[];
  assumptions: Assumption[];
  measured: Measured;
}
