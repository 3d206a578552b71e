/** Name and version of this studio, written into every new document. */
export const MADE_WITH = 'crossbar-studio 0.1.0';
