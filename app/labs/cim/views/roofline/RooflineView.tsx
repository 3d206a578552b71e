import { NoResult } from '../NoResult.tsx';

export default function RooflineView() {
  return <NoResult />;
}
