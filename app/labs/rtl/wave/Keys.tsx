import { Keyboard } from 'lucide-react';
import * as Popover from 'radix-ui/popover';
import { texts } from './texts.ts';

/** What the keys and the pointer do, behind a button. */
export function Keys() {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="icon-btn icon-btn-small" aria-label={texts.bar.keys} title={texts.bar.keys}>
          <Keyboard size={16} strokeWidth={1.75} aria-hidden />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="wave-keys" align="end" sideOffset={4} collisionPadding={8}>
          <dl>
            {texts.keyList.map(([keys, what]) => (
              <div key={keys}>
                <dt>
                  <kbd className="kbd">{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
