import { browserEnvironment } from './browser.ts';
import { createDesk } from './desk.ts';

/** The desk of this tab. */
export const desk = createDesk(browserEnvironment());
