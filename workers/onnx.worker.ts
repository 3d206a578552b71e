import { engine } from '../engines/onnx/index.ts';
import { serve } from './serve-engine.ts';

serve(engine);
