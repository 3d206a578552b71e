import { newDesign } from '../design/index.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemList } from '../ui/ProblemList.tsx';
import { go } from './address.ts';
import { findLab } from './labs.ts';
import { showOverlay } from './overlay.ts';
import type { Place } from './place.ts';
import { texts } from './texts.ts';

/** The places that are neither the start page nor a lab: each says what is wrong and offers the ways on. */
export function ProblemPage({ place }: { place: Exclude<Place, { kind: 'home' | 'opening' | 'lab' }> }) {
  const home = <Button variant="primary" label={texts.unknown.home} onClick={() => go({ kind: 'home' })} />;
  const designs = <Button label={texts.missing.designs} onClick={() => showOverlay('designs')} />;
  switch (place.kind) {
    case 'unknown':
      return (
        <div className="page page-narrow">
          <h1 className="page-title">{texts.unknown.title}</h1>
          <p className="page-text">{texts.unknown.text(shorten(place.text))}</p>
          <div className="page-actions">
            {home}
            {designs}
          </div>
        </div>
      );
    case 'missing':
      return (
        <div className="page page-narrow">
          <h1 className="page-title">{texts.missing.title}</h1>
          <p className="page-text">{texts.missing.text}</p>
          <div className="page-actions">
            {findLab(place.lab) && (
              <Button variant="primary" label={texts.missing.fresh} onClick={() => void newDesign(place.lab)} />
            )}
            {designs}
            <Button label={texts.unknown.home} onClick={() => go({ kind: 'home' })} />
          </div>
        </div>
      );
    case 'bad-link':
      return (
        <div className="page page-narrow">
          <h1 className="page-title">{texts.badLink.title}</h1>
          <div className="page-problems">
            <ProblemList problems={place.problems} />
          </div>
          <div className="page-actions">
            {home}
            {designs}
          </div>
        </div>
      );
    case 'failed':
      return (
        <div className="page page-narrow">
          <h1 className="page-title">{place.problem.what}</h1>
          {place.problem.remedy && <p className="page-text">{place.problem.remedy}</p>}
          <div className="page-actions">
            <Button variant="primary" label={texts.chunk.reload} onClick={() => location.reload()} />
            <Button label={texts.unknown.home} onClick={() => go({ kind: 'home' })} />
          </div>
        </div>
      );
  }
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
