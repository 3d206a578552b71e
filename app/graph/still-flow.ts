import type { ReactFlowProps } from '@xyflow/react';
import { MAX_ZOOM, MIN_ZOOM } from './camera.ts';

/** React Flow as a drawing that is looked at: nothing moves, is chosen or takes keys but by the view around it. */
export const STILL_FLOW = {
  edges: [],
  minZoom: MIN_ZOOM,
  maxZoom: MAX_ZOOM,
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
  panActivationKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  deleteKeyCode: null,
  zoomActivationKeyCode: null,
  zoomOnDoubleClick: false,
} satisfies ReactFlowProps;
