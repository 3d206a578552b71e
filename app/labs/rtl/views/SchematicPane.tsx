import { View } from '../../../ui/View.tsx';
import { useRtl } from '../state.ts';
import { texts } from '../texts.ts';

export function SchematicPane({ shown }: { shown: boolean }) {
  const drawn = useRtl((state) => state.drawn);
  return (
    <View title={texts.schematic.title} lesson="schematic">
      {shown && !drawn && <p className="hint">{texts.schematic.none}</p>}
    </View>
  );
}
