import type { SchematicSpec } from './schematic-types.ts';
import type { YosysNetlist } from './yosys-json.ts';

/**
 * The least netlist that `schematic` needs for one module: the module itself, and of the modules it instantiates the
 * ports. Keeps what has to travel to a worker small.
 */
export function schematicSpec(netlist: YosysNetlist, name: string): SchematicSpec {
  const module = netlist.modules[name];
  const modules: YosysNetlist['modules'] = {};
  if (module) {
    for (const cell of Object.values(module.cells)) {
      const inner = netlist.modules[cell.type];
      if (inner && !modules[cell.type])
        modules[cell.type] = { attributes: inner.attributes, ports: inner.ports, cells: {}, netnames: {} };
    }
    modules[name] = module;
  }
  return { netlist: { modules }, module: name };
}
