import { NoResult } from '../NoResult.tsx';

export default function SensitivityView() {
  return <NoResult />;
}
