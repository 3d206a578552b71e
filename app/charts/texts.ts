export const texts = {
  hint: 'Point at a bar, or use the arrow keys, for its exact number.',
  save: 'Save the chart',
  svg: 'Chart as SVG',
  png: 'Chart as PNG',
  csv: 'Numbers as CSV',
  kind: 'Kind',
  pinned: 'Pinned',
  pinnedAt: 'pinned',
};
