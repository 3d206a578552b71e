import { engine } from '../engines/document/files-engine.ts';
import { serve } from './serve-engine.ts';

serve(engine);
