import { lazy } from 'react';
import { slice } from '../../../engines/pim/slice.ts';
import type { LabModule } from '../../shell/lab.ts';
import { lessons } from './lessons/index.ts';

/** What the shell needs of the crossbar lab; the bench itself is loaded when it is drawn. */
export const lab: LabModule = { slice, Lab: lazy(() => import('./Lab.tsx')), lessons };
