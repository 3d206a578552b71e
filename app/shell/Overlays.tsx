import { lazy, Suspense } from 'react';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { hideOverlay, type OverlayName, useOverlay } from './overlay.ts';
import { report } from './reporter.ts';

/** Loaded when they are first asked for: none of them is part of the first load. */
const parts: Record<
  Exclude<OverlayName, 'rename'>,
  React.LazyExoticComponent<React.ComponentType<{ onClose(): void }>>
> = {
  palette: lazy(() => import('./dialogs/Palette.tsx')),
  share: lazy(() => import('./dialogs/ShareDialog.tsx')),
  designs: lazy(() => import('./dialogs/DesignsDialog.tsx')),
  shortcuts: lazy(() => import('./dialogs/ShortcutsDialog.tsx')),
  about: lazy(() => import('./dialogs/AboutDialog.tsx')),
};

export function Overlays() {
  const open = useOverlay((state) => state.open);
  if (open === undefined || open === 'rename') return null;
  const Part = parts[open];
  return (
    <ErrorBoundary
      key={open}
      where={`the ${open} dialog`}
      fallback={(failure) => <Failed reason={failure.reason} where={`the ${open} dialog`} />}
    >
      <Suspense fallback={null}>
        <Part onClose={hideOverlay} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** A dialog that fails closes, and what failed becomes a notice. */
function Failed({ reason, where }: { reason: unknown; where: string }) {
  queueMicrotask(() => {
    hideOverlay();
    report(reason, where);
  });
  return null;
}
