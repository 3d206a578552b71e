import { NoResult } from '../NoResult.tsx';

export default function ResultsView() {
  return <NoResult />;
}
