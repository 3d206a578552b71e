import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useDesign } from '../design/index.ts';
import { Banner } from './Banner.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { FailurePage } from './FailurePage.tsx';
import { Header } from './Header.tsx';
import { Home } from './Home.tsx';
import { findLab } from './labs.ts';
import { Nav } from './Nav.tsx';
import { Notices } from './Notices.tsx';
import { Overlays } from './Overlays.tsx';
import { ProblemPage } from './Pages.tsx';
import type { Place } from './place.ts';
import { StatusBar } from './StatusBar.tsx';
import { texts } from './texts.ts';
import { useArrival } from './useArrival.ts';
import { useShellCommands } from './useShellCommands.ts';

const LessonFrame = lazy(() => import('../lessons/LessonFrame.tsx'));

/** The frame around every place. */
export function App() {
  return (
    <ErrorBoundary where="the studio" fallback={(failure) => <FailurePage failure={failure} whole />}>
      <Frame />
    </ErrorBoundary>
  );
}

function Frame() {
  const place = useArrival();
  useShellCommands();
  useWindowTitle(place);
  const inLab = place.kind === 'lab';
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => document.getElementById('place')?.focus()}>
        {texts.skip}
      </button>
      <Header inLab={inLab} />
      <Nav active={inLab ? place.lab : undefined} home={place.kind === 'home'} />
      <main id="place" className="place" tabIndex={-1}>
        {inLab && <h1 className="visually-hidden">{findLab(place.lab)?.title}</h1>}
        {inLab && <Banner />}
        <div className="place-main">
          <PlaceView place={place} />
        </div>
      </main>
      <StatusBar inLab={inLab} />
      <Notices />
      <Overlays />
    </div>
  );
}

function PlaceView({ place }: { place: Place }) {
  switch (place.kind) {
    case 'home':
      return <Home />;
    case 'opening':
      return <Opening />;
    case 'lab':
      return <LabView place={place} />;
    default:
      return <ProblemPage place={place} />;
  }
}

/** A lab and the lesson around it, each in a boundary of its own: when one fails, the frame and the design stay. */
function LabView({ place }: { place: Extract<Place, { kind: 'lab' }> }) {
  const open = useDesign((state) => state.design !== undefined);
  if (!open) return <Opening />;
  const { lesson } = place;
  const { Lab } = place.module;
  const lab = (
    <Guarded key={place.lab} where={findLab(place.lab)?.title ?? place.lab}>
      <Lab />
    </Guarded>
  );
  if (!lesson) return lab;
  return (
    <Guarded key={lesson.id} where={`the lesson ${lesson.title}`}>
      <LessonFrame lesson={lesson}>{lab}</LessonFrame>
    </Guarded>
  );
}

function Guarded({ where, children }: { where: string; children: ReactNode }) {
  return (
    <ErrorBoundary where={where} fallback={(failure) => <FailurePage failure={failure} />}>
      <Suspense fallback={<Opening />}>{children}</Suspense>
    </ErrorBoundary>
  );
}

function Opening() {
  return (
    <div className="opening" role="status">
      {texts.opening}
    </div>
  );
}

function useWindowTitle(place: Place): void {
  const title = useDesign((state) => state.design?.document.title);
  useEffect(() => {
    document.title = place.kind === 'lab' && title ? `${title} · ${texts.name}` : texts.name;
  }, [place, title]);
}
