import { useView } from '../../../../design/index.ts';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { View } from '../../../../ui/View.tsx';
import { texts } from '../../texts.ts';
import { PinnedPart } from './PinnedPart.tsx';
import { SweepPart } from './SweepPart.tsx';

const words = texts.compare;

/** The result against the pinned one, or against what it would be with other choices. */
export default function CompareView() {
  const [part, setPart] = useView<'pinned' | 'sweep'>('pim.compare', 'sweep');
  return (
    <View
      title={words.title}
      about={words.abouts[part]}
      lesson="compare"
      aside={
        <Segmented
          label={words.title}
          value={part}
          onChange={setPart}
          options={[
            { value: 'sweep', label: words.sweep },
            { value: 'pinned', label: words.pinned },
          ]}
        />
      }
    >
      <div className="pim-scroll-view">{part === 'pinned' ? <PinnedPart /> : <SweepPart />}</div>
    </View>
  );
}
