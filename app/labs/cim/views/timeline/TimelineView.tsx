import { NoResult } from '../NoResult.tsx';

export default function TimelineView() {
  return <NoResult />;
}
