import { NoResult } from '../NoResult.tsx';

export default function SegmentsView() {
  return <NoResult />;
}
