import { Binary, Cpu, Grid3x3, ToggleRight } from 'lucide-react';
import type { LabModule, LabRegistration } from './lab.ts';

/** The labs of this studio, in the order of the navigation. The shell knows no lab but through this table: one line a lab. */
export const labs: readonly LabRegistration[] = [
  {
    id: 'bfp',
    group: 'network',
    short: 'BFP',
    title: 'Choose number formats (BitQ)',
    about: 'Give each layer of a real network its bits, and measure what that costs and saves.',
    icon: Binary,
    load: () => import('../labs/bfp/index.ts').then(({ lab }) => lab),
  },
  {
    id: 'pim',
    group: 'mapping',
    short: 'PIM',
    title: 'Map to crossbars (PIMCOMP)',
    about: 'Compile a network onto an accelerator of memristor crossbars and see every step.',
    icon: Grid3x3,
    load: () => import('../labs/pim/index.ts').then(({ lab }) => lab),
  },
  {
    id: 'cim',
    group: 'mapping',
    short: 'CIM',
    title: 'Compute or remember (CMSwitch)',
    about: 'Cut a network into segments and decide which arrays of the chip compute and which are memory.',
    icon: ToggleRight,
    load: () => import('../labs/cim/index.ts').then(({ lab }) => lab),
  },
  {
    id: 'rtl',
    group: 'hardware',
    short: 'RTL',
    title: 'Synthesise Verilog (Yosys)',
    about: 'Edit Verilog, see the netlist it becomes and what each line costs.',
    icon: Cpu,
    load: () => import('../labs/rtl/index.ts').then(({ lab }) => lab),
  },
];

export function findLab(id: string): LabRegistration | undefined {
  return labs.find((each) => each.id === id);
}

const modules = new Map<string, Promise<LabModule>>();

/** The module of a lab, loaded once; a load that failed is tried again the next time. Undefined: there is no such lab. */
export function loadLab(id: string): Promise<LabModule> | undefined {
  const known = modules.get(id);
  if (known) return known;
  const loading = findLab(id)?.load();
  if (!loading) return undefined;
  modules.set(id, loading);
  loading.catch(() => modules.delete(id));
  return loading;
}
