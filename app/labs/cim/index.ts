import { lazy } from 'react';
import { slice } from '../../../engines/cim/slice.ts';
import type { LabModule } from '../../shell/lab.ts';
import { lessons } from './lessons/index.ts';

/** What the shell needs of the lab of switching arrays; the bench itself is loaded when it is drawn. */
export const lab: LabModule = { slice, Lab: lazy(() => import('./Lab.tsx')), lessons };
