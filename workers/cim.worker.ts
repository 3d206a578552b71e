import { engine } from '../engines/cim/index.ts';
import { serve } from './serve-engine.ts';

serve(engine);
