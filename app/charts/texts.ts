export const texts = {
  hint: 'Point at a bar, or use the arrow keys, for its exact number.',
  lineHint: 'Point at the chart, or use the arrow keys, for exact numbers.',
  heatHint: 'Point at a cell, or use the arrow keys, for its exact number.',
  noValue: 'no value',
  best: 'best',
  save: 'Save the chart',
  svg: 'Chart as SVG',
  png: 'Chart as PNG',
  csv: 'Numbers as CSV',
  kind: 'Kind',
  pinned: 'Pinned',
  pinnedAt: 'pinned',
};
