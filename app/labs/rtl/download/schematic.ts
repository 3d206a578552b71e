import type { SchematicLayout, SchematicSpec } from '../../../../engines/synthesis/schematic-types.ts';
import { saveFile } from '../../../ui/save-file.ts';
import { useRtl } from '../state.ts';
import { nameOf, runForDownload } from './downloads.ts';

/** Saves a drawing as it is laid out, in the light theme's colours. */
export async function saveSchematic(layout: SchematicLayout): Promise<void> {
  const { exportSvg } = await import('../../../graph/export-svg.ts');
  saveFile(nameOf('-schematic.svg'), exportSvg(layout), 'image/svg+xml');
}

/** Lays out the top module of the newest result and saves the drawing, whatever the screen shows. */
export async function downloadSchematic(): Promise<void> {
  const netlist = useRtl.getState().drawn?.report.artefacts[0].data;
  if (!netlist) return;
  const [{ schematicSpec }, { topOf }] = await Promise.all([
    import('../../../../engines/synthesis/schematic-spec.ts'),
    import('../../../../engines/synthesis/netlist.ts'),
  ]);
  const spec: SchematicSpec = schematicSpec(netlist, topOf(netlist));
  const layout = await runForDownload<SchematicLayout>('synthesis/schematic', spec);
  if (layout) await saveSchematic(layout);
}
