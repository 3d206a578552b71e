import { engine } from '../engines/verilog/index.ts';
import { serve } from './serve-engine.ts';

serve(engine);
