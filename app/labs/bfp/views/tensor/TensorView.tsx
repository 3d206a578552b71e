import type { BfpSlice } from '../../../../../engines/bfp/types.ts';
import { formatText } from '../../../../../engines/tensor/formats/text.ts';
import { useSlice } from '../../../../design/index.ts';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { View } from '../../../../ui/View.tsx';
import { choiceOf } from '../../actions.ts';
import { useBfp } from '../../state.ts';
import { Microscope } from './Microscope.tsx';
import { texts } from './texts.ts';
import './tensor.css';

/** The weights of the layer that is held, in a format that can be tried without changing the design. */
export default function TensorView() {
  const layers = useBfp((state) => state.listing?.layers ?? state.result?.report.layers);
  const selected = useBfp((state) => state.selectedLayer);
  const problems = useBfp((state) => state.listingProblems);
  const found = useBfp((state) => (state.stale ? undefined : state.result?.report.plan));
  const slice = useSlice<BfpSlice>('bfp');
  const layer = layers?.find(({ name }) => name === selected) ?? layers?.[0];
  if (!layers || !layer) {
    return (
      <View title={texts.title} about={texts.about}>
        <EmptyState title={texts.none} text={texts.noneText} />
        {problems.length > 0 && <ProblemList problems={problems.slice(0, 3)} />}
      </View>
    );
  }
  // What a search found stands in its report, not in the document.
  const searched = slice.search === null ? undefined : found?.[layer.name]?.weights;
  const own = searched ? formatText(searched) : choiceOf(slice, layer.name, 'weights');
  return (
    <View
      title={texts.title}
      about={texts.about}
      lesson="tensor"
      aside={
        <span className="tensor-layer">
          <Select
            label={texts.layer}
            mono
            value={layer.name}
            onChange={(selectedLayer) => useBfp.setState({ selectedLayer })}
            options={layers.map(({ name }) => ({ value: name, label: name }))}
          />
        </span>
      }
    >
      <Microscope
        key={JSON.stringify([slice.model, layer.name])}
        slice={slice}
        layer={layer.name}
        own={own ?? formatText(layer.formats.weights)}
      />
    </View>
  );
}
