import { encode } from 'uqr';

/** Longer texts make codes that a phone cannot read from a projected screen. */
export const QR_LONGEST = 400;

/** A text as a QR code, always dark on light: readers expect it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'L', border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} className="qr-ground" />
      <path d={path} className="qr-dots" />
    </svg>
  );
}
