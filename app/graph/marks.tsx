import type { PlacedSymbol } from '../../engines/synthesis/index.ts';
import { drawSymbol, STROKES, TEXTS } from './drawing.ts';

const paint = (token: string): string => `var(--${token})`;

/** The lines and texts of a symbol as SVG elements, from the symbol's own corner. */
export function SymbolMarks({ symbol }: { symbol: PlacedSymbol }) {
  const { paths, texts } = drawSymbol(symbol);
  return (
    <>
      {paths.map(({ style, d }) => {
        const stroke = STROKES[style];
        return (
          <path
            key={`${style}${d}`}
            d={d}
            stroke={paint(stroke.stroke)}
            strokeWidth={stroke.width}
            fill={'fill' in stroke ? paint(stroke.fill) : 'none'}
            strokeLinejoin="round"
          />
        );
      })}
      {texts.map(({ style, x, y, anchor, text }) => {
        const { fill, size, weight } = TEXTS[style];
        return (
          <text
            key={`${x},${y},${text}`}
            x={x}
            y={y}
            textAnchor={anchor}
            fill={paint(fill)}
            fontSize={size}
            fontWeight={weight}
          >
            {text}
          </text>
        );
      })}
    </>
  );
}
