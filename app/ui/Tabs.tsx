import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Badge } from './Badge.tsx';
import { classes } from './classes.ts';

export interface TabItem {
  id: string;
  label: string;
  badge?: string | number;
  /** The badge warns: problems, a stale result. */
  tone?: 'plain' | 'warn' | 'bad';
}

export interface TabsProps {
  value: string;
  onChange(id: string): void;
  tabs: readonly TabItem[];
  label?: string;
  /** At the right end of the strip. */
  aside?: ReactNode;
  /** The id of the element below that the tabs change. */
  panelId?: string;
}

/** A strip of tabs. Arrow keys move along it, as everywhere. The panel below belongs to the caller. */
export function Tabs({ value, onChange, tabs, label, aside, panelId }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    const next = tabs[index];
    if (!next) return;
    onChange(next.id);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus();
  };
  return (
    <div className="tabs">
      <div className="tabs-list" role="tablist" aria-label={label} ref={list}>
        {tabs.map((tab) => {
          const on = tab.id === value;
          return (
            <button
              key={tab.id}
              type="button"
              role="tab"
              className={classes('tab', on && 'tab-on')}
              aria-selected={on}
              aria-controls={on ? panelId : undefined}
              tabIndex={on ? 0 : -1}
              onClick={() => onChange(tab.id)}
              onKeyDown={onKeyDown}
            >
              {tab.label}
              {tab.badge !== undefined && <Badge tone={tab.tone}>{tab.badge}</Badge>}
            </button>
          );
        })}
      </div>
      {aside && <div className="tabs-aside">{aside}</div>}
    </div>
  );
}
