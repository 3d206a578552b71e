import type { Hardware } from './hardware.ts';
import { arraysPerCrossbar, weightsPerRow } from './presets/geometry.ts';
import type { AgTable, MappedLayer } from './types.ts';

/** Array groups of all replicas and column parts of a layer. */
export function agsOf(layer: MappedLayer): number {
  return layer.replication * layer.columnParts * layer.agsPerReplica;
}

/** Rows of the whole unrolled matrix: of all blocks, of which the last may hold fewer groups. */
export function matrixRows(layer: MappedLayer): number {
  return layer.groups > 1 ? (layer.height / layer.packed) * layer.groups : layer.height * layer.blocks;
}

/** Columns of the whole unrolled matrix: of all groups, or of the one set of columns that parallel blocks share. */
export function matrixColumns(layer: MappedLayer): number {
  return layer.groups > 1 ? (layer.width / layer.packed) * layer.groups : layer.width;
}

/** Rows and columns of one array group in the whole unrolled matrix, and its crossbars. */
export interface AgShape {
  rowStart: number;
  rowEnd: number;
  columnStart: number;
  columnEnd: number;
  crossbars: number;
}

/** The array groups of one replica: column part by column part, in each slice by slice. */
export function agShapes(layer: MappedLayer, hardware: Hardware): AgShape[] {
  const { rows, perCore } = hardware.crossbar;
  const arrays = arraysPerCrossbar(hardware);
  const across = weightsPerRow(hardware, layer.weightBits);
  const partWidth = Math.floor(perCore / arrays) * across;
  const cuts = Math.ceil(layer.height / rows);
  const [allRows, allColumns] = [matrixRows(layer), matrixColumns(layer)];
  const shapes: AgShape[] = [];
  for (let part = 0; part < layer.columnParts; part++) {
    for (let slice = 0; slice < layer.agsPerReplica; slice++) {
      const block = Math.floor(slice / cuts);
      const blockEnd = Math.min((block + 1) * layer.height, allRows);
      const rowStart = block * layer.height + (slice % cuts) * rows;
      const columnsFrom = layer.groups > 1 ? block * layer.width : 0;
      const columnsTo = layer.groups > 1 ? Math.min(columnsFrom + layer.width, allColumns) : layer.width;
      const columnStart = columnsFrom + part * partWidth;
      const columnEnd = Math.min(columnStart + partWidth, columnsTo);
      const crossbars = Math.ceil((columnEnd - columnStart) / across) * arrays;
      shapes.push({ rowStart, rowEnd: Math.min(rowStart + rows, blockEnd), columnStart, columnEnd, crossbars });
    }
  }
  return shapes;
}

/** Crossbars of one replica, all its column parts. */
export function crossbarsPerReplica(layer: MappedLayer, hardware: Hardware): number {
  return agShapes(layer, hardware).reduce((sum, shape) => sum + shape.crossbars, 0);
}

/** Crossbars of all layers at their replication. */
export function crossbarsOf(layers: readonly MappedLayer[], hardware: Hardware): number {
  return layers.reduce((sum, layer) => sum + layer.replication * crossbarsPerReplica(layer, hardware), 0);
}

/** The table of all array groups, in its order (layer, replica, column part, slice), with `core` still -1. */
export function agTable(layers: readonly MappedLayer[], hardware: Hardware): AgTable {
  const count = layers.reduce((sum, layer) => sum + agsOf(layer), 0);
  const table: AgTable = {
    count,
    mapped: new Int32Array(count),
    replica: new Int32Array(count),
    part: new Int32Array(count),
    slice: new Int32Array(count),
    core: new Int32Array(count).fill(-1),
    crossbars: new Int32Array(count),
    rowStart: new Int32Array(count),
    rowEnd: new Int32Array(count),
    columnStart: new Int32Array(count),
    columnEnd: new Int32Array(count),
  };
  let at = 0;
  for (const [mapped, layer] of layers.entries()) {
    const shapes = agShapes(layer, hardware);
    for (let replica = 0; replica < layer.replication; replica++) {
      for (const [index, shape] of shapes.entries()) {
        table.mapped[at] = mapped;
        table.replica[at] = replica;
        table.part[at] = Math.floor(index / layer.agsPerReplica);
        table.slice[at] = index % layer.agsPerReplica;
        table.crossbars[at] = shape.crossbars;
        table.rowStart[at] = shape.rowStart;
        table.rowEnd[at] = shape.rowEnd;
        table.columnStart[at] = shape.columnStart;
        table.columnEnd[at] = shape.columnEnd;
        at++;
      }
    }
  }
  return table;
}
