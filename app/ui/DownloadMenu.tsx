import { Download } from 'lucide-react';
import type { Icon } from './Button.tsx';
import { Menu } from './Menu.tsx';

/** Something to take away: a line of the menu and a command. */
export interface DownloadItem {
  id: string;
  label: string;
  icon: Icon;
  /** Where the menu draws a line above it. */
  starts?: boolean;
  enabled(): boolean;
  run(): void;
}

/** The button of a lab's downloads; drawn anew by its owner when something becomes possible. */
export function DownloadMenu({
  label,
  items,
  busy,
}: {
  label: string;
  items: readonly DownloadItem[];
  /** A download is being made. */
  busy: boolean;
}) {
  return (
    <Menu
      align="end"
      items={items.flatMap((item) => [
        ...(item.starts ? [{ separator: true } as const] : []),
        { label: item.label, icon: item.icon, disabled: !item.enabled(), onSelect: item.run },
      ])}
      trigger={
        <button type="button" className="btn btn-plain btn-small" aria-busy={busy || undefined}>
          {busy ? <span className="spinner" aria-hidden /> : <Download size={15} strokeWidth={1.75} aria-hidden />}
          <span className="btn-label">{label}</span>
        </button>
      }
    />
  );
}
