import { NoResult } from '../NoResult.tsx';

export default function SweepsView() {
  return <NoResult />;
}
