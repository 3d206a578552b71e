import type { Layer, Network } from './network.ts';

/**
 * Runs of equal consecutive blocks: those whose layers have the same kinds, shapes and activations in the same order, and
 * read each other alike. The outermost level at which blocks repeat is taken; within a run nothing more is listed.
 */
export function findRepeats(layers: readonly Layer[]): Network['repeats'] {
  const repeats: Network['repeats'] = [];
  search(layers, 0, layers.length, 0, repeats);
  return repeats;
}

interface Block {
  first: number;
  end: number;
  form: string;
}

function search(layers: readonly Layer[], from: number, to: number, depth: number, found: Network['repeats']): void {
  let run: Block[] = [];
  const close = (): void => {
    const [head] = run;
    if (!head) return;
    if (run.length === 1) search(layers, head.first, head.end, depth + 1, found);
    else {
      const block = layers[head.first]!.block.slice(0, depth + 1).join('/');
      found.push({ block, first: head.first, layersEach: head.end - head.first, times: run.length });
    }
    run = [];
  };
  for (let first = from; first < to; ) {
    const name = layers[first]!.block[depth];
    let end = first + 1;
    while (end < to && layers[end]!.block[depth] === name) end++;
    if (name === undefined) close();
    else {
      const block = { first, end, form: formOf(layers, first, end) };
      if (run.length > 0 && run[0]!.form !== block.form) close();
      run.push(block);
    }
    first = end;
  }
  close();
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
