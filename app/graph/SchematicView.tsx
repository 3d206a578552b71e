import { useCallback, useEffect, useMemo } from 'react';
import type { SchematicLayout, SchematicSpec } from '../../engines/synthesis/index.ts';
import { displayName as moduleName, topOf } from '../../engines/synthesis/netlist.ts';
import { schematicSpec } from '../../engines/synthesis/schematic-spec.ts';
import { useJob } from '../jobs/index.ts';
import { JobBar } from '../jobs/JobBar.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Board } from './Board.tsx';
import { Crumbs } from './Crumbs.tsx';
import './graph.css';
import { Instances } from './Instances.tsx';
import type { SchematicViewProps } from './props.ts';
import { TEXTS } from './texts.ts';

/**
 * The schematic of one module: laid out in a worker, drawn with React Flow while it is small and on a canvas above, with
 * search, keyboard, hierarchy, and a table of the cells beside it.
 */
export function SchematicView(props: SchematicViewProps) {
  const { netlist, module, path, onEnter, onLeave } = props;
  const job = useJob<SchematicSpec, SchematicLayout>('synthesis/schematic');
  const { run } = job;
  const draw = useCallback(() => run(() => schematicSpec(netlist, module), { flush: false }), [run, netlist, module]);
  useEffect(draw, [draw]);
  const top = useMemo(() => {
    const name = topOf(netlist);
    return moduleName(name, netlist.modules[name]);
  }, [netlist]);
  const crumbs = (
    <Crumbs top={path.length === 0 ? moduleName(module, netlist.modules[module]) : top} path={path} onLeave={onLeave} />
  );
  // The last drawing stays while the next one is laid out, unless it shows another module.
  const layout = job.result?.module === module && job.state !== 'failed' ? job.result : undefined;
  const problem = job.state === 'failed' ? job.problems?.[0] : undefined;

  if (layout && layout.symbols.length > 0) {
    return (
      <Board
        {...props}
        layout={layout}
        title={moduleName(module, netlist.modules[module])}
        crumbs={crumbs}
        stale={job.state === 'running'}
      />
    );
  }
  return (
    <div className="graph">
      <div className="graph-bar">{crumbs}</div>
      <div className="graph-rest">
        {job.state === 'running' && (
          <JobBar
            label={TEXTS.placing}
            what={job.progress?.what ?? TEXTS.placing}
            fraction={undefined}
            stop={TEXTS.stop}
            onStop={job.cancel}
          />
        )}
        {job.state === 'cancelled' && (
          <EmptyState title={TEXTS.stopped} action={<Button label={TEXTS.again} onClick={draw} />} />
        )}
        {layout && <EmptyState title={TEXTS.empty} text={TEXTS.emptyText(module)} />}
        {problem && (
          <EmptyState
            title={problem.code === 'too-large' ? TEXTS.tooLarge : TEXTS.failed}
            text={[problem.what, problem.remedy].filter(Boolean).join(' ')}
          />
        )}
        {problem?.code === 'too-large' && <Instances netlist={netlist} module={module} onEnter={onEnter} />}
      </div>
    </div>
  );
}
