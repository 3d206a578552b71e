import { engine } from '../engines/bfp/index.ts';
import { serve } from './serve-engine.ts';

serve(engine);
