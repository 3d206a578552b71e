import { NoResult } from '../NoResult.tsx';

export default function LoopsView() {
  return <NoResult />;
}
