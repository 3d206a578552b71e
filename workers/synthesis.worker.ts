import { engine } from '../engines/synthesis/index.ts';
import { serve } from './serve-engine.ts';

serve(engine);
