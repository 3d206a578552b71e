/** Samples with what they are, for one purpose. */
export interface SampleSet {
  set: 'search' | 'test' | 'own';
  count: number;
  /** Of one sample, as the model has it without its batch: C, H, W. */
  shape: number[];
  /** Samples `start` to `start + count`, one after the other, ready for the model (normalised). */
  samples(start: number, count: number): Float32Array;
  labels: { kind: 'classes'; classes: string[]; of: Uint16Array } | { kind: 'text'; lines: string[] };
}

/** What a network's outputs of one sample say. */
export interface Said {
  /** The class, or the text read. */
  what: number | string;
  confidence: number;
}

/** Search and calibration apart from test, which is touched only by final figures. */
export interface SampleSets {
  search: SampleSet;
  test: SampleSet;
  /** Turns the outputs of `count` samples into what they say. */
  decode(outputs: Float32Array, count: number, outputShape: readonly number[]): Said[];
}
