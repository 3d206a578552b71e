import { Download, FilePlus2 } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Counterexample } from '../../../../engines/synthesis/equivalence/types.ts';
import { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { EMPTY_VIEW, type WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { useView } from '../../../design/index.ts';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { edit } from '../actions.ts';
import { openPlace } from '../state.ts';
import { texts } from './texts.ts';
import '../wave/wave.css';

const Waves = lazy(async () => ({ default: (await import('../wave/Waves.tsx')).Waves }));

const words = texts.example;

type Form = 'values' | 'waves';

/** Inputs that tell two versions apart, cycle by cycle: as a table, as waves, and as a test bench to take along. */
export default function Example({ example, editable }: { example: Counterexample; editable: boolean }) {
  const [form, setForm] = useState<Form>('values');
  const { bench, confirmed, waves } = example;
  const addBench = () => {
    edit(texts.edits.bench(bench.path), (was) => ({
      ...was,
      files: [...was.files.filter(({ path }) => path !== bench.path), { ...bench, role: 'bench' as const }],
    }));
    openPlace({ file: bench.path });
  };
  return (
    <section className="prove-example" aria-label={words.title} data-lesson="counterexample">
      <div className="prove-example-head">
        <h3>{words.title}</h3>
        <Segmented<Form>
          label={words.title}
          value={form}
          onChange={setForm}
          options={[
            { value: 'values', label: words.values },
            { value: 'waves', label: words.waves },
          ]}
        />
        <Button size="small" icon={FilePlus2} label={words.addBench} disabled={!editable} onClick={addBench} />
        <Button size="small" icon={Download} label={words.saveBench} onClick={() => saveFile(bench.path, bench.text)} />
        <Badge tone={confirmed ? 'good' : 'warn'}>{confirmed ? words.confirmed : words.unconfirmed}</Badge>
      </div>
      {form === 'values' || waves.length === 0 ? <Values example={example} /> : <ExampleWaves example={example} />}
    </section>
  );
}

interface ValueRow {
  key: string;
  name: string;
  of: string;
  width: number;
  values: string[];
  differs: boolean[];
}

function rowsOf({ inputs, outputs }: Counterexample): ValueRow[] {
  const same = (values: string[]) => values.map(() => false);
  return [
    ...inputs.map(({ name, width, values }) => ({
      key: `in ${name}`,
      name,
      of: words.input,
      width,
      values,
      differs: same(values),
    })),
    ...outputs.flatMap(({ name, width, gold, gate }) => {
      const differs = gold.map((value, cycle) => differ(value, gate[cycle] ?? ''));
      return [
        { key: `gold ${name}`, name, of: words.gold, width, values: gold, differs },
        { key: `gate ${name}`, name, of: words.gate, width, values: gate, differs },
      ];
    }),
  ];
}

/** Where the compared version gives x, nothing is asked of the other. */
function differ(gold: string, gate: string): boolean {
  return [...gold].some((digit, i) => digit !== 'x' && digit !== gate[i]);
}

/** Binary digits as a number in hexadecimal, where it has more than a few and all are known. */
export function valueText(bits: string): string {
  if (bits.length <= 4 || /[^01]/.test(bits)) return bits;
  return `0x${BigInt(`0b${bits}`)
    .toString(16)
    .padStart(Math.ceil(bits.length / 4), '0')}`;
}

function Values({ example }: { example: Counterexample }) {
  const rows = useMemo(() => rowsOf(example), [example]);
  return (
    <div className="prove-values">
      <table>
        <caption className="visually-hidden">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.signal}</th>
            <th scope="col">{words.steps[example.step]}</th>
            {Array.from({ length: example.cycles }, (_, cycle) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is a cycle.
              <th key={cycle} scope="col" className="num">
                {cycle}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="mono">
                {row.width > 1 ? `${row.name}[${row.width - 1}:0]` : row.name}
              </th>
              <td className="hint">{row.of}</td>
              {row.values.map((value, cycle) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column is a cycle.
                  key={cycle}
                  className={classes('num mono', row.differs[cycle] && 'prove-differs')}
                >
                  {valueText(value)}
                  {row.differs[cycle] && <span aria-hidden> ≠</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ExampleWaves({ example }: { example: Counterexample }) {
  const [view, setView] = useView<WaveViewState>('rtl.proofWaves', EMPTY_VIEW);
  const database = useMemo(() => {
    const made = new WaveDatabase();
    for (const delta of example.waves) made.append(delta);
    return made;
  }, [example]);
  return (
    <div className="prove-waves">
      <Suspense>
        <Waves
          database={database}
          running={false}
          view={view}
          onView={setView}
          onOpenWaves={() => undefined}
          fileName="counterexample"
        />
      </Suspense>
    </div>
  );
}
