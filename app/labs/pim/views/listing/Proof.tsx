import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { ProgramSpec } from '../../../../../engines/pim/program/compiled.ts';
import type { Verification, VerifiedLayer } from '../../../../../engines/pim/verify/verify.ts';
import { useDesign } from '../../../../design/index.ts';
import { useJob } from '../../../../jobs/index.ts';
import { JobBar } from '../../../../jobs/JobBar.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { usePim } from '../../state.ts';
import { texts } from '../../texts.ts';

const words = texts.proof;

/** Executes the program on the screen on random numbers and compares each layer with the network computed directly. */
export function Proof() {
  const [open, setOpen] = useState(false);
  const result = usePim((state) => state.result);
  const seed = useDesign((state) => state.design?.document.seed);
  const job = useJob<ProgramSpec, Verification>('pim/verify');
  const prove = () => {
    if (!result) return;
    setOpen(true);
    job.run({ slice: result.spec, mapping: result.report.artefacts[0].data }, { flush: false, seed });
  };
  const close = () => {
    job.cancel();
    setOpen(false);
  };
  return (
    <>
      <Button
        size="small"
        icon={ShieldCheck}
        label={words.prove}
        title={words.about}
        disabled={!result}
        onClick={prove}
      />
      <Dialog open={open} onOpenChange={(next) => !next && close()} title={words.title} width="wide">
        <p className="dialog-text">{words.about}</p>
        {job.state === 'running' && (
          <JobBar
            label={words.title}
            what={job.progress?.what ?? words.starting}
            fraction={job.progress?.fraction}
            stop={words.stop}
            onStop={close}
          />
        )}
        {job.state === 'failed' && job.problems && <ProblemList problems={job.problems} />}
        {job.state === 'done' && job.fresh && job.result && <Outcome found={job.result} />}
      </Dialog>
    </>
  );
}

const COLUMNS: Column<VerifiedLayer>[] = [
  { id: 'layer', label: words.layer, value: ({ name }) => name, mono: true },
  { id: 'values', label: words.values, value: ({ values }) => values },
  {
    id: 'error',
    label: words.error,
    value: ({ relativeError }) => relativeError,
    render: ({ relativeError }) => (Number.isNaN(relativeError) ? words.never : relativeError.toExponential(1)),
  },
  { id: 'agrees', label: words.agrees, value: ({ agrees }) => (agrees ? words.yes : words.no) },
];

function Outcome({ found }: { found: Verification }) {
  const values = found.layers.reduce((sum, layer) => sum + layer.values, 0);
  return (
    <>
      <p className="dialog-text" role="status">
        <strong>{found.agrees ? words.holds : words.fails}</strong>{' '}
        {words.count(formatNumber(found.executed), formatNumber(values), found.layers.length)}
      </p>
      {found.supplied.length > 0 && <p className="dialog-note">{words.supplied(found.supplied.length)}</p>}
      <Table columns={COLUMNS} rows={found.layers} rowKey={({ layer }) => `${layer}`} caption={words.title} />
    </>
  );
}
