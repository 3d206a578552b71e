import { engine } from '../engines/pim/index.ts';
import { serve } from './serve-engine.ts';

serve(engine);
