import { type DragEvent, type ReactNode, useState } from 'react';
import './file-drop.css';

export interface FileDropProps {
  className: string;
  /** What dropping does, shown over the lab while files hang above it. */
  label: string;
  onDrop(transfer: DataTransfer): void;
  children: ReactNode;
}

/** A lab that takes files dropped anywhere on it. */
export function FileDrop({ className, label, onDrop, children }: FileDropProps) {
  const [dropping, setDropping] = useState(false);
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setDropping(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files on; a button of the lab does the same.
    <div
      className={`file-drop ${className}`}
      onDragOver={over}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setDropping(false)}
      onDrop={(event) => {
        setDropping(false);
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        onDrop(event.dataTransfer);
      }}
    >
      {children}
      {dropping && <div className="file-drop-over">{label}</div>}
    </div>
  );
}
