import type { PpaReport } from '../../../../engines/rtl/types.ts';
import type { PowerParts } from '../../../../engines/synthesis/power/types.ts';

/** What is shown of each module, line or cell type. */
export type Quantity = 'areaUm2' | keyof PowerParts;
export type By = 'module' | 'line' | 'type';

export const UNITS: Record<Quantity, string> = {
  areaUm2: 'µm²',
  totalUw: 'µW',
  leakageNw: 'nW',
  internalUw: 'µW',
  switchingUw: 'µW',
};

/** Area and power of one module, source line or cell type. */
export interface Cost extends PowerParts {
  id: string;
  name: string;
  /** File of a line; else nothing. */
  file: string;
  line?: number;
  cells: number;
  areaUm2: number;
}

/** The id of what no source line could be named for. */
export const UNATTRIBUTED = '\u0000none';

/** Costs of a report, each cell in one of them. */
export function costsOf({ power }: PpaReport, by: By): Cost[] {
  if (by === 'module') return power.byModule.map((each) => ({ ...each, id: each.name, file: '' }));
  if (by === 'type') return byType(power.byInstance);
  return power.byLine.map(({ file, line, ...rest }) => ({
    ...rest,
    id: file === undefined ? UNATTRIBUTED : `${file}:${line}`,
    name: file === undefined ? '' : `${file}:${line}`,
    file: file ?? '',
    line,
  }));
}

function byType(instances: PpaReport['power']['byInstance']): Cost[] {
  const found = new Map<string, Cost>();
  for (const { type, cells, areaUm2, leakageNw, internalUw, switchingUw, totalUw } of instances) {
    const cost = found.get(type) ?? {
      id: type,
      name: type,
      file: '',
      cells: 0,
      areaUm2: 0,
      leakageNw: 0,
      internalUw: 0,
      switchingUw: 0,
      totalUw: 0,
    };
    cost.cells += cells;
    cost.areaUm2 += areaUm2;
    cost.leakageNw += leakageNw;
    cost.internalUw += internalUw;
    cost.switchingUw += switchingUw;
    cost.totalUw += totalUw;
    found.set(type, cost);
  }
  return [...found.values()];
}
