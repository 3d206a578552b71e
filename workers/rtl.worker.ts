import { engine } from '../engines/rtl/index.ts';
import { serve } from './serve-engine.ts';
import { yosysAssets } from './yosys-assets.ts';

serve(engine, { assets: yosysAssets });
