import type { ComponentType, MouseEvent, Ref } from 'react';
import { classes } from './classes.ts';
import { Shortcut } from './Shortcut.tsx';

/** An icon of the one set (lucide-react), or anything that draws itself at a size. */
export type Icon = ComponentType<{ size?: number | string; strokeWidth?: number | string; 'aria-hidden'?: boolean }>;

export interface ButtonProps {
  label: string;
  onClick(event: MouseEvent<HTMLButtonElement>): void;
  variant?: 'primary' | 'plain' | 'ghost';
  /** Small (22 px) for bars and headings. */
  size?: 'normal' | 'small';
  icon?: Icon;
  shortcut?: string;
  disabled?: boolean;
  /** Under way: keeps its width, does not answer. */
  busy?: boolean;
  /** Pressed or not, for a button that switches something. */
  pressed?: boolean;
  /** What it does, in full, when the label is short. */
  title?: string;
  id?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function Button(props: ButtonProps) {
  const { label, onClick, variant = 'plain', size = 'normal', icon: Glyph, shortcut, disabled, busy, pressed } = props;
  return (
    <button
      ref={props.ref}
      id={props.id}
      type="button"
      className={classes('btn', `btn-${variant}`, size === 'small' && 'btn-small', busy && 'btn-busy')}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut?.replace('Mod', 'Control')}
      title={props.title}
      onClick={(event) => {
        if (!busy) onClick(event);
      }}
    >
      {busy ? <span className="spinner" aria-hidden /> : Glyph && <Glyph size={15} strokeWidth={1.75} aria-hidden />}
      <span className="btn-label">{label}</span>
      {shortcut && <Shortcut keys={shortcut} />}
    </button>
  );
}
