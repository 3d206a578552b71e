import { lazy } from 'react';
import { slice } from '../../../engines/rtl/slice.ts';
import type { LabModule } from '../../shell/lab.ts';
import { lessons } from './lessons/index.ts';

/** The editor is the largest part: it is asked for together with the bench, not after it. */
function loadBench() {
  void import('./editor/CodeEditor.tsx').catch(() => {
    // The bench asks again, and tells when that fails too.
  });
  return import('./Lab.tsx');
}

/** What the shell needs of the RTL lab; the bench itself is loaded when it is drawn. */
export const lab: LabModule = { slice, Lab: lazy(loadBench), lessons };
