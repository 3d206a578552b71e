import { type ReactNode, useEffect, useRef } from 'react';

interface InSightProps {
  className?: string;
  /** Called whenever it comes near the part of the page that is seen. */
  onSeen(): void;
  children: ReactNode;
}

/** An item of a long list that tells when it is about to be looked at. */
export function InSight({ className, onSeen, children }: InSightProps) {
  const box = useRef<HTMLLIElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    if (!box.current) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) seen.current();
      },
      { rootMargin: '240px' },
    );
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return (
    <li ref={box} className={className}>
      {children}
    </li>
  );
}
