import { NoResult } from '../NoResult.tsx';

export default function ChipView() {
  return <NoResult />;
}
