import type { CimReport, PlannedSegment } from '../../../../../engines/cim/types.ts';
import { classes } from '../../../../ui/classes.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { hover, useCim } from '../../state.ts';
import { operatorArrays } from './chip-model.ts';
import { LETTERS } from './chip-painter.ts';
import { texts } from './texts.ts';

const words = texts.caption;

/** The segment in words and numbers: its operators with their arrays, its switches, its cycles. */
export function Caption({ report, planned, segment }: { report: CimReport; planned: PlannedSegment; segment: number }) {
  const { cost, times } = planned;
  const rows = operatorArrays(report.problem.operators, planned);
  const idle = report.hardware.arrays - cost.computeArrays - cost.memoryArrays;
  const hovered = useCim((state) => state.hovered.operator);
  const selected = useCim((state) => state.selected.operator);
  const parts: [string, number][] = [
    [words.switching, cost.switchCycles],
    [words.writeBack, cost.writeBackCycles],
    [words.reload, cost.reloadCycles],
    [words.computing, cost.computeCycles],
  ];
  return (
    <section className="cim-chip-caption" aria-label={words.title}>
      <p>{words.inUse(cost.computeArrays, cost.memoryArrays, idle)}</p>
      <p>{words.switches(cost.toCompute, cost.toMemory)}</p>
      {cost.keptBytes > 0 && <p>{words.kept(formatNumber(cost.keptBytes, 'B'))}</p>}
      {times > 1 && <p className="cim-chip-note">{words.times(times)}</p>}
      <table className="cim-chip-operators">
        <caption className="visually-hidden">{words.operators}</caption>
        <thead>
          <tr>
            <th scope="col">{words.operator}</th>
            {(['compute', 'input', 'output', 'shared'] as const).map((role) => (
              <th key={role} scope="col" aria-label={texts.roles[role]} title={texts.roles[role]}>
                {LETTERS[role]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onPointerLeave={() => hover()}>
          {rows.map(({ operator, ordinal, name, compute, input, output, shared }) => (
            <tr
              key={operator}
              className={classes((operator === hovered || operator === selected) && 'cim-chip-on')}
              onPointerEnter={() => hover({ segment, operator })}
            >
              <th scope="row" title={name}>
                <button
                  type="button"
                  aria-pressed={operator === selected}
                  onClick={() =>
                    useCim.setState({ selected: operator === selected ? { segment } : { segment, operator } })
                  }
                >
                  <span className="num">{ordinal}</span> {name}
                </button>
              </th>
              <td className="num">{compute}</td>
              <td className="num">{input}</td>
              <td className="num">{output}</td>
              <td className="num">{shared}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > 1 && <p>{words.slowest(report.problem.operators[cost.slowest]?.name ?? '')}</p>}
      <dl className="cim-chip-cycles">
        {parts.map(([name, cycles]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{formatNumber(cycles)}</dd>
            <dd aria-hidden>
              <i style={{ width: `${cost.cycles > 0 ? (100 * cycles) / cost.cycles : 0}%` }} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{words.total}</dt>
          <dd className="num">{formatNumber(cost.cycles)}</dd>
          <dd />
        </div>
      </dl>
    </section>
  );
}
