import { hierarchy, treemap, treemapSquarify } from 'd3';

/** Something that has a share of a whole. */
export interface Part {
  id: string;
  label: string;
  /** Parts of one group lie together: the file of a line. */
  group: string;
  value: number;
}

export interface Tile {
  part: Part;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface TileGroup {
  name: string;
  x: number;
  y: number;
  width: number;
}

/** More tiles than this are too small to be seen: the smallest become one. */
const MOST_TILES = 160;
const HEAD = 18;

/** The id of the tile that stands for the smallest parts together. */
export const REST = '\u0000rest';

/** Parts with something in them, largest first; past `most` the smallest together as one. */
export function largest(parts: readonly Part[], restLabel: (count: number) => string, most = MOST_TILES): Part[] {
  const sorted = parts
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1);
  const value = rest.reduce((sum, each) => sum + each.value, 0);
  return [...sorted.slice(0, most - 1), { id: REST, label: restLabel(rest.length), group: '', value }];
}

/** Places for parts in a rectangle, areas in proportion to their values; groups side by side under their names, where there are several. */
export function tilesOf(parts: readonly Part[], width: number, height: number): { tiles: Tile[]; groups: TileGroup[] } {
  if (parts.length === 0 || width <= 0 || height <= 0) return { tiles: [], groups: [] };
  const names = [...new Set(parts.map(({ group }) => group))];
  const named = names.length > 1;
  type Node = { name: string; part?: Part; children?: Node[] };
  const leaf = (part: Part): Node => ({ name: part.id, part });
  const data: Node = {
    name: '',
    children: named
      ? names.map((name) => ({ name, children: parts.filter(({ group }) => group === name).map(leaf) }))
      : parts.map(leaf),
  };
  const root = hierarchy(data).sum(({ part }) => part?.value ?? 0);
  const placed = treemap<Node>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner(1)
    .paddingTop((node) => (named && node.depth === 1 ? HEAD : 0))(root);
  const tiles: Tile[] = [];
  for (const { data: node, x0, y0, x1, y1 } of placed.leaves()) {
    if (node.part)
      tiles.push({ part: node.part, x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) });
  }
  const groups = named
    ? (placed.children ?? []).map(({ data: node, x0, y0, x1 }) => ({ name: node.name, x: x0, y: y0, width: x1 - x0 }))
    : [];
  return { tiles, groups };
}
