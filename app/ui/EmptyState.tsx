import type { ReactNode } from 'react';
import type { Icon } from './Button.tsx';

/** A place with nothing in it yet: what it is for, and what fills it. */
export function EmptyState({
  title,
  text,
  action,
  icon: Glyph,
}: {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  icon?: Icon;
}) {
  return (
    <div className="empty">
      {Glyph && <Glyph size={20} strokeWidth={1.5} aria-hidden />}
      <p className="empty-title">{title}</p>
      {text && <p className="empty-text">{text}</p>}
      {action && <div className="empty-action">{action}</div>}
    </div>
  );
}
