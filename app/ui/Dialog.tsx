import { X } from 'lucide-react';
import * as Radix from 'radix-ui/dialog';
import { type ReactNode, useState } from 'react';
import { classes } from './classes.ts';

export interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  children: ReactNode;
  /** Buttons, right-aligned, the main one last. */
  footer?: ReactNode;
  width?: 'narrow' | 'wide';
}

/** A window over the studio that holds the focus until it is closed (Escape, the cross, a press beside it). */
export function Dialog({ open, onOpenChange, title, children, footer, width = 'narrow' }: DialogProps) {
  const [scrolls, setScrolls] = useState(false);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-veil">
          <Radix.Content
            className={classes('dialog', `dialog-${width}`)}
            aria-describedby={undefined}
            onEscapeKeyDown={(event) => {
              // A field that is being edited takes Escape for itself.
              if (document.activeElement?.closest('[data-own-escape]')) event.preventDefault();
            }}
          >
            <header className="dialog-head">
              <Radix.Title className="dialog-title">{title}</Radix.Title>
              <Radix.Close className="icon-btn" aria-label="Close">
                <X size={16} strokeWidth={1.75} aria-hidden />
              </Radix.Close>
            </header>
            <div
              className="dialog-body"
              // What scrolls must be reached by the keyboard.
              tabIndex={scrolls ? 0 : undefined}
              ref={(body) => {
                if (body) setScrolls(body.scrollHeight > body.clientHeight);
              }}
            >
              {children}
            </div>
            {footer && <footer className="dialog-foot">{footer}</footer>}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
