import type { SchematicLayout, SourceSpan } from '../../engines/synthesis/index.ts';
import type { YosysNetlist } from '../../engines/synthesis/yosys-json.ts';

/** What a schematic shows, and whom it tells of what is done in it. */
export interface SchematicViewProps {
  netlist: YosysNetlist;
  /** Name in the netlist of the module that is drawn. */
  module: string;
  /** Names of the instances from the top to this module; empty at the top. */
  path: string[];
  onEnter(instance: string): void;
  /** @param levels how many instances to go up; one when left out */
  onLeave(levels?: number): void;
  selected?: { cell: string };
  /** A cell or a port was chosen (with all its source places), or nothing any more. */
  onSelect(cell: string | undefined, src: SourceSpan[]): void;
  /** The pointer is on a cell or port, or on none any more. */
  onHover?(cell: string | undefined, src: SourceSpan[]): void;
  /** Cells to show as belonging together, as those of a source line. */
  highlight?: ReadonlySet<string>;
  /** Gets the layout that is on the screen, for `exportSvg`; a button asks for it. */
  onExport?(layout: SchematicLayout): void;
}
