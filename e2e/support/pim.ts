import { float32, graphOf, ints, node } from '../../engines/onnx/graph.fixture.ts';
import type { Dim } from '../../engines/onnx/types.ts';
import { writeModel } from '../../engines/onnx/write.ts';
import { slice } from '../../engines/pim/slice.ts';
import type { PimSlice } from '../../engines/pim/types.ts';
import { documentOf, linkOf, show } from './labs.ts';
import { drop } from './rtl.ts';
import { expect, type Studio } from './studio.ts';

/** What a visitor of the PIM lab does and sees. */

/** LeNet-5 on four small cores: compiled in some milliseconds. */
export const SMALL = '#/e/lenet-small-chip';

/** A link to a design of this lab, with these choices in place of the defaults. */
export function pimLink(choices: Partial<PimSlice> = {}): string {
  return linkOf(documentOf('pim', { pim: { ...slice.defaults, ...choices } }));
}

/** Opens the lab and, unless its first view is wanted, goes to one of its views. */
export async function openPim(studio: Studio, address = '#/pim', view?: string): Promise<void> {
  await studio.page.goto(address.startsWith('http') ? address : `./${address}`);
  await expect(studio.page.getByRole('tablist', { name: 'Views' })).toBeVisible({ timeout: 30_000 });
  if (view) await show(studio, view);
}

/** Waits until the figures are those of the choices on the screen. */
export async function compiled(studio: Studio): Promise<void> {
  await expect(studio.page.getByText(/^Compiled in /)).toBeVisible({ timeout: 60_000 });
}

/** The figures of the readings, once they are those of the choices on the screen. */
export async function compiledFigures(studio: Studio): Promise<Record<string, number>> {
  await compiled(studio);
  return studio.figures();
}

/** Chooses a network of the zoo by its title. */
export async function chooseNetwork(studio: Studio, title: string): Promise<void> {
  const { page } = studio;
  await page.getByRole('button', { name: /Choose a network$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: title, exact: true }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** The name of the network in the panel of choices. */
export async function expectNetwork(studio: Studio, name: string): Promise<void> {
  await expect(studio.page.getByRole('button', { name: /Choose a network$/ })).toContainText(name);
}

/** Opens a file by the button of the network. */
export async function openModel(studio: Studio, name: string, bytes: Uint8Array | string): Promise<void> {
  const [chooser] = await Promise.all([
    studio.page.waitForEvent('filechooser'),
    studio.page.getByRole('button', { name: 'Open a file' }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
}

/** Drops a file of this machine on the lab. */
export async function dropModel(studio: Studio, path: string): Promise<void> {
  await drop(studio.page, [path], 'Drop an ONNX model, or a network or chip of PIMCOMP-NN as JSON');
}

/** A number of a crossbar or chip in a text field, taken over. */
export async function put(studio: Studio, label: string, value: number | string): Promise<void> {
  const field = studio.page.getByRole('textbox', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

/**
 * An ONNX file of two convolutions and a matrix, with weights: 8 filters of 3x3 over 3 channels, 4 of 1x1, 64 to 10. The
 * sizes of the input may be names.
 */
export function smallOnnx({ batch = 1, height = 4 }: { batch?: Dim; height?: Dim } = {}): Uint8Array {
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => ((at * 7) % 11) - 5);
  const graph = graphOf(
    { image: [batch, 3, height, 4] },
    [
      node('Conv', ['image', 'a.weight'], ['a'], { kernel_shape: ints(3, 3), pads: ints(1, 1, 1, 1) }),
      node('Relu', ['a'], ['b']),
      node('Conv', ['b', 'c.weight'], ['c'], { kernel_shape: ints(1, 1) }),
      node('Flatten', ['c'], ['d']),
      node('MatMul', ['d', 'fc.weight'], ['y']),
    ],
    [
      float32('a.weight', numbers(8 * 3 * 9), [8, 3, 3, 3]),
      float32('c.weight', numbers(4 * 8), [4, 8, 1, 1]),
      float32('fc.weight', numbers(64 * 10), [64, 10]),
    ],
  );
  return writeModel({ graph, irVersion: 8, opsets: { '': 17 }, producer: '' });
}

/** Parameters of `smallOnnx`. */
export const SMALL_PARAMETERS = 8 * 3 * 9 + 4 * 8 + 64 * 10;
