import { ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import { TEXTS } from './texts.ts';

/** Where in the hierarchy the drawing is: the top module, then instance by instance. */
export function Crumbs({
  top,
  path,
  onLeave,
}: {
  top: string;
  path: readonly string[];
  onLeave(levels: number): void;
}) {
  const names = [top, ...path];
  return (
    <nav className="graph-crumbs" aria-label={TEXTS.path}>
      {names.map((name, depth) => {
        const levels = names.length - 1 - depth;
        const key = names.slice(0, depth + 1).join('/');
        return (
          <Fragment key={key}>
            {depth > 0 && <ChevronRight size={12} aria-hidden />}
            {levels === 0 ? (
              <span className="graph-crumb mono" aria-current="location">
                {name}
              </span>
            ) : (
              <button type="button" className="graph-crumb mono" onClick={() => onLeave(levels)}>
                {name}
              </button>
            )}
          </Fragment>
        );
      })}
    </nav>
  );
}
