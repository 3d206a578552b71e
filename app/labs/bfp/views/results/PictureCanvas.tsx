import { useEffect, useRef } from 'react';
import type { Picture } from '../../../../../engines/bfp/try-entries.ts';

interface PictureProps {
  /** Undefined: on its way; its place is kept. */
  picture: Pick<Picture, 'width' | 'height' | 'pixels'> | undefined;
  /** What is seen. */
  label: string;
  className: string;
}

/** A picture in greys, pixel by pixel; what is around it says in words what it shows. */
export function PictureCanvas({ picture, label, className }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !picture) return;
    const data = context.createImageData(picture.width, picture.height);
    for (const [at, grey] of picture.pixels.entries()) data.data.set([grey, grey, grey, 255], 4 * at);
    context.putImageData(data, 0, 0);
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      className={`results-picture ${className}`}
      width={picture?.width ?? 1}
      height={picture?.height ?? 1}
      role="img"
      aria-label={label}
    />
  );
}
