import { NoResult } from '../NoResult.tsx';

export default function TensorView() {
  return <NoResult />;
}
