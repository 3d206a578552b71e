import { NoResult } from '../NoResult.tsx';

export default function CompareView() {
  return <NoResult />;
}
