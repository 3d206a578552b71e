import * as Radix from 'radix-ui/dropdown-menu';
import type { ReactNode } from 'react';
import type { Icon } from './Button.tsx';
import { Shortcut } from './Shortcut.tsx';

export type MenuItem =
  | {
      label: string;
      onSelect(): void;
      icon?: Icon;
      shortcut?: string;
      disabled?: boolean;
      /** It takes something away. */
      danger?: boolean;
    }
  | { separator: true }
  | { heading: string };

/** A menu under its trigger: one button element, which becomes the menu's button. */
export function Menu({
  trigger,
  items,
  align = 'start',
}: {
  trigger: ReactNode;
  items: readonly MenuItem[];
  align?: 'start' | 'end';
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {items.map((item, index) => {
            // The order of a menu does not change while it is open.
            const key = 'label' in item ? item.label : `at${index}`;
            if ('separator' in item) return <Radix.Separator key={key} className="menu-line" />;
            if ('heading' in item) {
              return (
                <Radix.Label key={key} className="menu-heading">
                  {item.heading}
                </Radix.Label>
              );
            }
            const { icon: Glyph } = item;
            return (
              <Radix.Item
                key={key}
                className={item.danger ? 'menu-item menu-danger' : 'menu-item'}
                disabled={item.disabled}
                onSelect={item.onSelect}
              >
                <span className="menu-icon">{Glyph && <Glyph size={15} strokeWidth={1.75} aria-hidden />}</span>
                <span className="menu-label">{item.label}</span>
                {item.shortcut && <Shortcut keys={item.shortcut} />}
              </Radix.Item>
            );
          })}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
