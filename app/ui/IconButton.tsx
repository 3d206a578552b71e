import type { MouseEvent, Ref } from 'react';
import type { Icon } from './Button.tsx';
import { classes } from './classes.ts';
import { Tooltip } from './Tooltip.tsx';

export interface IconButtonProps {
  icon: Icon;
  /** Its name, also shown as its tip. */
  label: string;
  onClick(event: MouseEvent<HTMLButtonElement>): void;
  shortcut?: string;
  disabled?: boolean;
  pressed?: boolean;
  size?: 'normal' | 'small';
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton(props: IconButtonProps) {
  const { icon: Glyph, label, onClick, shortcut, disabled, pressed, size = 'normal', ref } = props;
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        ref={ref}
        type="button"
        className={classes('icon-btn', size === 'small' && 'icon-btn-small')}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut?.replace('Mod', 'Control')}
        // Not `disabled`: the tip of a button that cannot be pressed now must still be readable.
        aria-disabled={disabled || undefined}
        onClick={(event) => {
          if (!disabled) onClick(event);
        }}
      >
        <Glyph size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </Tooltip>
  );
}
