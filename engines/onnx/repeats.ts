import type { Layer, Network } from './network.ts';

/**
 * Runs of equal consecutive blocks at the outermost level of the structure: those whose layers have the same kinds,
 * shapes and activations in the same order, and read each other alike. Runs of one are not listed.
 */
export function findRepeats(layers: readonly Layer[]): Network['repeats'] {
  const repeats: Network['repeats'] = [];
  let run: { block: string; first: number; layersEach: number; times: number; form: string } | undefined;
  const close = (): void => {
    if (run && run.times > 1) {
      const { form: _, ...repeat } = run;
      repeats.push(repeat);
    }
    run = undefined;
  };
  for (let first = 0; first < layers.length; ) {
    const block = layers[first]!.block[0];
    let end = first + 1;
    while (block !== undefined && end < layers.length && layers[end]!.block[0] === block) end++;
    if (block === undefined) {
      close();
    } else {
      const form = formOf(layers, first, end);
      if (run && run.form === form && run.first + run.layersEach * run.times === first) run.times++;
      else {
        close();
        run = { block, first, layersEach: end - first, times: 1, form };
      }
    }
    first = end;
  }
  close();
  return repeats;
}

/** Equal for blocks that compute the same: everything but names, and inputs relative to the block's first layer. */
function formOf(layers: readonly Layer[], first: number, end: number): string {
  return JSON.stringify(
    layers
      .slice(first, end)
      .map((layer) => [
        layer.kind,
        layer.activation ?? null,
        layer.bias,
        layer.normalised,
        layer.parameters,
        layer.inputShapes,
        layer.outputShape,
        layer.inputs.map((input) => (input >= first ? input - first : 'outside')),
      ]),
  );
}
