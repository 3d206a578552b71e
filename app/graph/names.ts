import type { PlacedSymbol, SchematicLayout } from '../../engines/synthesis/index.ts';

/**
 * A name for people: the cell's own when the source gave it one, else the net it drives ("count"), else its type without
 * Yosys' dollar.
 */
export function displayName(layout: SchematicLayout, symbol: PlacedSymbol): string {
  if (!symbol.name.startsWith('$') && symbol.shape !== 'join') return symbol.name;
  for (const pin of symbol.pins) {
    if (pin.direction === 'input' || pin.net === undefined) continue;
    const { fullName } = layout.nets[pin.net]!;
    if (fullName !== '' && !fullName.startsWith('$')) return fullName;
  }
  return symbol.shape === 'join' ? 'join' : (symbol.type ?? symbol.name).replace(/^\$_?/, '').replace(/_$/, '');
}

/** "fifo.v:11", of the first place. */
export function placeText(symbol: Pick<PlacedSymbol, 'src'>): string {
  const [first] = symbol.src;
  return first ? `${first.file}:${first.line}` : '';
}

/** Symbols whose names, types or words hold the text, those that begin with it first; in the drawing's order. */
export function findSymbols(layout: SchematicLayout, text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const starts: number[] = [];
  const holds: number[] = [];
  layout.symbols.forEach((symbol, index) => {
    if (symbol.shape === 'join') return;
    const names = [
      displayName(layout, symbol),
      symbol.name,
      symbol.title,
      ...symbol.heading,
      symbol.type ?? '',
      placeText(symbol),
    ];
    const lower = names.map((name) => name.toLowerCase());
    if (lower[0]!.startsWith(wanted)) starts.push(index);
    else if (lower.some((name) => name.includes(wanted))) holds.push(index);
  });
  return [...starts, ...holds];
}
