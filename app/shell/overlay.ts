import { create } from 'zustand';

export type OverlayName = 'palette' | 'share' | 'designs' | 'rename' | 'shortcuts' | 'about';

/** The dialog that is open; one at a time. */
export const useOverlay = create<{ open: OverlayName | undefined }>(() => ({ open: undefined }));

export function showOverlay(open: OverlayName): void {
  useOverlay.setState({ open });
}

export function hideOverlay(): void {
  useOverlay.setState({ open: undefined });
}
