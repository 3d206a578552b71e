import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeNpz } from '../../engines/bfp/data/npy.ts';
import { slice } from '../../engines/bfp/slice.ts';
import type { BfpReport, BfpSlice } from '../../engines/bfp/types.ts';
import { byteSource } from '../../engines/core/byte-source.ts';
import { float32, graphOf, ints, node } from '../../engines/onnx/graph.fixture.ts';
import { readModel } from '../../engines/onnx/read.ts';
import { readElements } from '../../engines/onnx/read-elements.ts';
import { writeModel } from '../../engines/onnx/write.ts';
import { documentOf, linkOf, show } from './labs.ts';
import { expect, type Studio } from './studio.ts';

/** What a visitor of the BitQ lab does and sees. */

/** Few samples of those that may be looked at as often as wanted: measured in a moment. */
export const QUICK: Partial<BfpSlice> = { set: 'search', samples: 200 };

/** A design of this lab with these choices in place of the defaults, as a document. */
export function bfpDocument(choices: Partial<BfpSlice> = {}, others: Record<string, unknown> = {}, lab = 'bfp') {
  return documentOf(lab, { bfp: { ...slice.defaults, ...QUICK, ...choices }, ...others });
}

/** A link to a design of this lab: 200 samples of the search data, and these choices. */
export function bfpLink(choices: Partial<BfpSlice> = {}): string {
  return linkOf(bfpDocument(choices));
}

/** Opens the lab and, unless its first view is wanted, goes to one of its views. */
export async function openBfp(studio: Studio, address = bfpLink(), view?: string): Promise<void> {
  // From a page of its own: nothing of a design before it is taken for this one's.
  await studio.page.goto('about:blank');
  await studio.page.goto(address.startsWith('http') ? address : `./${address}`);
  await expect(studio.page.getByRole('tablist', { name: 'Views' })).toBeVisible({ timeout: 30_000 });
  if (view) await show(studio, view);
}

/** Waits until the figures are those of the choices on the screen. */
export async function measured(studio: Studio): Promise<void> {
  await expect(studio.page.getByText(/^Done in /)).toBeVisible({ timeout: 60_000 });
}

/** The figures of the readings, once they are those of the choices on the screen. */
export async function measuredFigures(studio: Studio): Promise<Record<string, number>> {
  await measured(studio);
  return studio.figures();
}

/** The button of the bar over the views. */
export async function press(studio: Studio, name: 'Measure' | 'Search' | 'Stop'): Promise<void> {
  await studio.page
    .getByRole('button', { name: new RegExp(`^${name}( Ctrl .*)?$`) })
    .first()
    .click();
}

/** Writes a format in its short form into a field, and leaves the field. */
export async function putFormat(studio: Studio, field: string, text: string): Promise<void> {
  const box = studio.page.getByRole('textbox', { name: field, exact: true });
  await box.fill(text);
  await box.press('Enter');
}

export async function download(studio: Studio, item: string): Promise<{ name: string; bytes: Buffer }> {
  return studio.downloaded(async () => {
    await studio.page.getByRole('button', { name: 'Download', exact: true }).click();
    await studio.page.getByRole('menuitem', { name: item, exact: true }).click();
  });
}

export async function reportOf(studio: Studio): Promise<BfpReport> {
  // By its command: the panel with the menu may be folded.
  const { bytes } = await studio.downloaded(() => studio.command('Download: Report (JSON)'));
  return JSON.parse(bytes.toString());
}

/** Opens a network or its data by the button in the panel. */
export async function openFile(
  studio: Studio,
  button: 'Open ONNX' | 'Open file',
  name: string,
  bytes: Uint8Array | string,
): Promise<void> {
  const [chooser] = await Promise.all([
    studio.page.waitForEvent('filechooser'),
    studio.page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
}

const shipped = resolve(import.meta.dirname, '../../public/models');

/** A tensor of the small network of digits, as its file has it. */
export async function digitsTensor(name: string): Promise<{ shape: number[]; values: Float64Array }> {
  const file = byteSource(readFileSync(resolve(shipped, 'digits-cnn.onnx')));
  const model = await readModel(file, { name: 'digits-cnn' });
  const tensor = model.ok ? model.value.graph.weights[name] : undefined;
  const read = tensor && (await readElements(tensor, { model: file }));
  if (!read?.ok) throw new Error(`The tensor "${name}" cannot be read.`);
  return { shape: tensor!.shape, values: read.value };
}

/** Side of the pictures of the little network, its channels and its classes. */
const SIDE = 4;
const CHANNELS = 4;

/**
 * A network of one convolution and one matrix that tells 4 x 4 pictures apart by their brightest quarter: class 0 to 3.
 * Every number of it is a small power of two, so that four bits hold it exactly. `spoil` is written into its first weight.
 */
export function quarterOnnx({ spoil }: { spoil?: number } = {}): Uint8Array {
  // A mean over 2 x 2 pixels, once for each place that the matrix then looks at.
  const mean = Array.from({ length: CHANNELS * 4 }, () => 0.25);
  if (spoil !== undefined) mean[0] = spoil;
  // After the convolution: four equal channels of 2 x 2. Class k looks at place k of channel k.
  const matrix = Array.from({ length: CHANNELS * 4 * 4 }, (_, at) => (quarterOf(at) ? 1 : 0));
  const graph = graphOf(
    { image: [1, 1, SIDE, SIDE] },
    [
      node('Conv', ['image', 'mean'], ['means'], { kernel_shape: ints(2, 2), strides: ints(2, 2) }),
      node('Flatten', ['means'], ['flat']),
      node('MatMul', ['flat', 'matrix'], ['scores']),
    ],
    [float32('mean', mean, [CHANNELS, 1, 2, 2]), float32('matrix', matrix, [CHANNELS * 4, 4])],
  );
  return writeModel({ graph, irVersion: 8, opsets: { '': 17 }, producer: '' });
}

/** Whether the matrix (channel and place by class) has a one. */
function quarterOf(at: number): boolean {
  const [row, of] = [Math.floor(at / 4), at % 4];
  return Math.floor(row / 4) === of && row % 4 === of;
}

/** Pictures whose brightest quarter is that of their label, as the NPZ that the lab takes. */
export function quarterNpz({
  count = 24,
  side = SIDE,
  strange,
}: {
  count?: number;
  side?: number;
  strange?: number;
} = {}) {
  const x = new Uint8Array(count * side * side);
  const y = Uint8Array.from({ length: count }, (_, sample) => sample % 4);
  for (let at = 0; at < x.length; at++) {
    const [sample, pixel] = [Math.floor(at / (side * side)), at % (side * side)];
    const quarter = 2 * Number(Math.floor(pixel / side) >= side / 2) + Number(pixel % side >= side / 2);
    x[at] = quarter === y[sample] ? 255 : 10;
  }
  if (strange !== undefined) y[0] = strange;
  return writeNpz({ x: { shape: [count, 1, side, side], bytes: x }, y: { shape: [count], bytes: y } });
}
