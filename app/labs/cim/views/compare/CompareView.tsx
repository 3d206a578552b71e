import type { CompiledPlan, EnergySplit, PlanTotals } from '../../../../../engines/cim/types.ts';
import { StackedBars } from '../../../../charts/StackedBars.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { View } from '../../../../ui/View.tsx';
import { planOf, showPlan, useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { texts } from './texts.ts';

const TIME = [
  { id: 'computeCycles', colour: 'c1' },
  { id: 'reloadCycles', colour: 'c7' },
  { id: 'writeBackCycles', colour: 'c4' },
  { id: 'switchCycles', colour: 'c3' },
] as const satisfies readonly { id: keyof PlanTotals; colour: string }[];

const ENERGY = [
  { id: 'computePj', colour: 'c1' },
  { id: 'memoryArrayPj', colour: 'c2' },
  { id: 'mainPj', colour: 'c5' },
  { id: 'reloadPj', colour: 'c7' },
  { id: 'writeBackPj', colour: 'c4' },
  { id: 'switchPj', colour: 'c3' },
  { id: 'staticPj', colour: 'c8' },
] as const satisfies readonly { id: keyof EnergySplit; colour: string }[];

/** Every plan of the report beside the others: where the time and the energy of each go. */
export default function CompareView() {
  const plans = useCim((state) => state.result?.report.plans);
  const shown = useCim((state) => planOf(state)?.id);
  const stale = useCim((state) => state.stale);
  if (!plans) return <NoResult />;
  const choose = (id: string) => {
    const plan = plans.find((each) => each.id === id);
    if (plan) showPlan(plan === plans[0] ? undefined : plan.id);
  };
  return (
    <View title={texts.title} about={texts.about}>
      {plans.length === 1 && <p className="hint cim-note">{texts.alone}</p>}
      <StackedBars
        title={texts.cycles}
        quantity={texts.quantity}
        unit="cycle"
        subject={texts.method}
        kinds={TIME.map(({ id, colour }) => ({ id, name: texts.time[id], colour }))}
        stacks={plans.map(({ id, title, totals }) => ({
          id,
          label: title,
          parts: TIME.map((part) => totals[part.id]),
          detail: texts.times(totals.cycles / plans[0]!.totals.cycles),
        }))}
        fileName="cim-methods"
        selected={shown}
        onPress={choose}
        stale={stale}
      />
      <StackedBars
        title={texts.energy}
        quantity={texts.energyQuantity}
        unit="pJ"
        subject={texts.method}
        kinds={ENERGY.map(({ id, colour }) => ({ id, name: texts.parts[id], colour }))}
        stacks={plans.map(({ id, title, totals }) => ({
          id,
          label: title,
          parts: ENERGY.map((part) => totals.energy[part.id]),
        }))}
        fileName="cim-energy"
        selected={shown}
        onPress={choose}
        stale={stale}
      />
      <Table
        caption={texts.table}
        columns={columnsOf(plans)}
        rows={plans}
        rowKey={({ id }) => id}
        selectedKey={shown}
        onRowClick={({ id }) => choose(id)}
      />
      <p className="hint cim-note">{texts.note}</p>
    </View>
  );
}

function columnsOf(plans: readonly CompiledPlan[]): Column<CompiledPlan>[] {
  const words = texts.columns;
  const own = plans[0]!.totals.cycles;
  return [
    { id: 'method', label: texts.method, value: ({ title }) => title },
    { id: 'cycles', label: words.cycles, value: ({ totals }) => Math.round(totals.cycles) },
    {
      id: 'ratio',
      label: words.ratio,
      value: ({ totals }) => totals.cycles / own,
      render: ({ totals }) => texts.times(totals.cycles / own),
    },
    { id: 'latency', label: words.latency, value: ({ totals }) => totals.latencyNs, unit: 'ns' },
    { id: 'energy', label: words.energy, value: ({ totals }) => totals.energy.totalPj, unit: 'pJ' },
    { id: 'segments', label: words.segments, value: ({ totals }) => totals.segments },
    { id: 'switches', label: words.switches, value: ({ totals }) => totals.switches },
    { id: 'memory', label: words.memory, value: ({ totals }) => totals.memoryArraySharePercent, unit: '%' },
  ];
}
