/** Precision layer by layer, by name of the layer. The bits lab makes one (artefact `bit-plan`); compilers take it. */
export interface BitPlan {
  layers: Record<string, { weights: number; activations: number }>;
}
