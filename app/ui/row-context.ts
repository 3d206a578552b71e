import { createContext, useContext, useId } from 'react';

/** The ids by which a `Row` names the control inside it. */
export interface RowNames {
  control: string;
  label: string;
}

export const RowContext = createContext<RowNames | undefined>(undefined);

/** The id and the name of a control: its own label when it has one, else the label of the row around it. */
export function useControlName(label?: string): { id: string; 'aria-label'?: string; 'aria-labelledby'?: string } {
  const own = useId();
  const row = useContext(RowContext);
  if (label !== undefined || !row) return { id: own, 'aria-label': label };
  return { id: row.control, 'aria-labelledby': row.label };
}
