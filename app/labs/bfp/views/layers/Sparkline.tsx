import type { BfpLayer } from '../../../../../engines/bfp/types.ts';

const WIDTH = 76;
const HEIGHT = 22;

/** A histogram as small as a word; bars by the square root of counts, so that tails are seen. */
export function Sparkline({ histogram, label }: { histogram: BfpLayer['histogram']; label: string }) {
  const { counts } = histogram;
  const most = counts.reduce((found, count) => Math.max(found, count), 0);
  const width = WIDTH / Math.max(1, counts.length);
  return (
    <svg
      className="bfp-spark"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      {most > 0 &&
        counts.map((count, bin) => {
          const height = (HEIGHT - 1) * Math.sqrt(count / most);
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place.
          return <rect key={bin} x={bin * width} y={HEIGHT - height} width={width * 0.9} height={height} />;
        })}
      <line x1={WIDTH / 2} x2={WIDTH / 2} y1={0} y2={HEIGHT} />
    </svg>
  );
}
