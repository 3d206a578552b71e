/** In which manner a network is compiled. See `RELEASED` and `OWN`. */
export interface CompileStyle {
  id: 'released' | 'own';
  /** Grouped and depthwise convolutions: expanded to a dense matrix, or mapped group by group. */
  groups: 'dense' | 'apart';
  /** Throughput mode: whether layers without weights (pools, element-wise, ...) are scheduled. Latency mode always has them. */
  postOperations: boolean;
  /** Which budget the balance heuristic spends: half of what the FC layers leave (released), or all of it. */
  balanceBudget: 'half' | 'all';
  /** FC layers may be replicated (only worth it where they have several rows). */
  replicateFc: boolean;
}

/** As the released program compiles (facts 1.3, 1.4, 1.7): what its published figures were made with. */
export const RELEASED: CompileStyle = {
  id: 'released',
  groups: 'dense',
  postOperations: false,
  balanceBudget: 'half',
  replicateFc: false,
};

/** The studio's own manner: everything is scheduled, groups cost what they are. */
export const OWN: CompileStyle = {
  id: 'own',
  groups: 'apart',
  postOperations: true,
  balanceBudget: 'all',
  replicateFc: true,
};
