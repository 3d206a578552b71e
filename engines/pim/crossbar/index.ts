export { crossbar } from './crossbar.ts';
