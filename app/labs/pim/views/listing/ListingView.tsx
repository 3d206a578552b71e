import { X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { coreOf, STAGES } from '../../../../../engines/pim/listing.ts';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { TextInput } from '../../../../ui/TextInput.tsx';
import { View } from '../../../../ui/View.tsx';
import { VirtualRows, type VirtualRowsHandle } from '../../../../ui/VirtualRows.tsx';
import { KIND_COLOURS, OP_NAMES, WORK, WORK_OF } from '../../readings/kinds.ts';
import { useProgram } from '../../run/useProgram.ts';
import { goToInstruction, hover, type ShownProgram, usePim } from '../../state.ts';
import { texts } from '../../texts.ts';
import { exactNs, linkOfInstruction, operandsOf } from '../instruction.ts';
import { NoProgram } from '../NoProgram.tsx';
import { type Filter, matches, placeOf } from './matches.ts';
import { Proof } from './Proof.tsx';

const words = texts.listing;
const ROW = 22;

/** The instructions as text, made for those in sight; narrowed by operation, layer, core and array group. */
export default function ListingView() {
  const shown = useProgram();
  if (shown) return <Listing shown={shown} />;
  return (
    <View title={words.title} lesson="listing">
      <NoProgram />
    </View>
  );
}

function Listing({ shown }: { shown: ShownProgram }) {
  const { program } = shown;
  const [filter, setFilter] = useState<Filter>({});
  const rows = useRef<VirtualRowsHandle>(null);
  const goal = usePim((state) => state.goal);
  const selected = usePim((state) => state.selected);
  const names = useMemo(() => shown.network.layers.map(({ name }) => name), [shown.network]);
  const fitting = useMemo(() => matches(program, filter, names), [program, filter, names]);
  const count = fitting ? fitting.length : program.count;
  const at = (index: number) => (fitting ? fitting[index]! : index);
  const place = (instruction: number) => (fitting ? placeOf(fitting, instruction) : instruction);
  const { instruction } = selected;
  const active =
    instruction === undefined || (fitting && fitting[placeOf(fitting, instruction)] !== instruction)
      ? undefined
      : place(instruction);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is narrowed while a goal stands does not move the list.
  useEffect(() => {
    if (goal && count > 0) rows.current?.reveal(place(goal.instruction));
  }, [goal]);

  const pick = (to: number) => goToInstruction(to, linkOfInstruction(shown, to));
  return (
    <View
      title={words.title}
      about={words.about(formatNumber(count), formatNumber(program.count))}
      aside={<Proof />}
      lesson="listing"
    >
      <div className="listing">
        <Filters shown={shown} filter={filter} onFilter={setFilter} onGo={pick} />
        {count === 0 ? (
          <EmptyState title={words.none} text={words.noneText} />
        ) : (
          <VirtualRows
            ref={rows}
            className="listing-rows mono"
            head={
              <div className="listing-head">
                {words.columns.map((column) => (
                  <span key={column}>{column}</span>
                ))}
              </div>
            }
            label={words.title}
            count={count}
            rowHeight={ROW}
            active={active}
            onActive={(index) => pick(at(index))}
            onHover={(index) => hover(index === undefined ? undefined : linkOfInstruction(shown, at(index)))}
            render={(index) => <Line shown={shown} instruction={at(index)} />}
          />
        )}
      </div>
    </View>
  );
}

function Line({ shown, instruction }: { shown: ShownProgram; instruction: number }) {
  const { program, trace, network } = shown;
  const op = program.op[instruction]!;
  const number = (value: number | undefined) => (value === undefined || value < 0 ? '' : String(value));
  const layer = network.layers[program.layer[instruction]!]?.name ?? '';
  return (
    <span className="listing-line">
      <span className="listing-right">{instruction}</span>
      <span className="listing-right">{coreOf(program, instruction)}</span>
      <span className="listing-right">{exactNs(trace.startNs[instruction]!)}</span>
      <span className="listing-right">{exactNs(trace.endNs[instruction]! - trace.startNs[instruction]!)}</span>
      <span className="listing-op" style={{ borderColor: `var(--${KIND_COLOURS[WORK[WORK_OF[op]!]!]})` }}>
        {OP_NAMES[op]}
      </span>
      <span title={layer}>{layer}</span>
      <span title={operandsOf(shown, instruction)}>{operandsOf(shown, instruction)}</span>
      <span className="listing-right">{number((program.replica[instruction] ?? -2) + 1)}</span>
      <span className="listing-right">{number(program.ag[instruction])}</span>
      <span className="listing-right">{number(program.window[instruction])}</span>
      <span>{STAGES[program.stage[instruction]!]}</span>
    </span>
  );
}

interface FiltersProps {
  shown: ShownProgram;
  filter: Filter;
  onFilter(next: Filter): void;
  onGo(instruction: number): void;
}

function Filters({ shown, filter, onFilter, onGo }: FiltersProps) {
  const { program, network } = shown;
  const core = usePim((state) => state.selected.core);
  const used = useMemo(() => {
    const ops = new Set<number>(program.op);
    const layers = new Set<number>(program.layer);
    return { ops: [...ops].sort((a, b) => a - b), layers: [...layers].filter((at) => at >= 0).sort((a, b) => a - b) };
  }, [program]);
  const some = Object.values(filter).some((value) => value !== undefined);
  const whole = (text: string) => (/^\s*\d+\s*$/.test(text) ? Number(text) : undefined);
  const go = (text: string) => {
    const time = /^\s*([\d.,\s]+)\s*(ns|us|µs|ms)\s*$/.exec(text);
    if (time) {
      const scale = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6 }[time[2] as 'ns'];
      onGo(nearestTo(shown, Number((time[1] ?? '').replace(/\s/g, '').replace(',', '.')) * scale, core));
      return;
    }
    const number = whole(text);
    if (number !== undefined) onGo(Math.min(number, program.count - 1));
  };
  return (
    <search className="listing-filters" aria-label={words.filters}>
      <Select
        label={words.op}
        value={filter.op === undefined ? '' : String(filter.op)}
        onChange={(value) => onFilter({ ...filter, op: whole(value) })}
        options={[
          { value: '', label: words.anyOp },
          ...used.ops.map((op) => ({ value: String(op), label: OP_NAMES[op] ?? String(op) })),
        ]}
      />
      <Select
        label={words.layer}
        value={filter.layer === undefined ? '' : String(filter.layer)}
        onChange={(value) => onFilter({ ...filter, layer: whole(value) })}
        options={[
          { value: '', label: words.anyLayer },
          ...used.layers.map((layer) => ({
            value: String(layer),
            label: network.layers[layer]?.name ?? String(layer),
          })),
        ]}
      />
      <TextInput
        live
        mono
        type="search"
        label={words.queryAbout}
        placeholder={words.query}
        value={filter.query ?? ''}
        onChange={(query) => onFilter({ ...filter, query: query.trim() === '' ? undefined : query })}
      />
      {some && <IconButton size="small" icon={X} label={words.clear} onClick={() => onFilter({})} />}
      <span className="listing-go">
        <TextInput type="search" label={words.goAbout} placeholder={words.go} value="" onChange={go} />
      </span>
    </search>
  );
}

/** The instruction that runs at a time: of the core that is held, else of any. */
function nearestTo({ program, trace }: ShownProgram, ns: number, core: number | undefined): number {
  const from = core === undefined ? 0 : (program.coreStart[core] ?? 0);
  const to = core === undefined ? program.count : (program.coreStart[core + 1] ?? program.count);
  let best = from;
  let distance = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; at++) {
    const away = Math.max(trace.startNs[at]! - ns, ns - trace.endNs[at]!, 0);
    if (away < distance) {
      distance = away;
      best = at;
    }
  }
  return best;
}
