import { NoResult } from '../NoResult.tsx';

export default function ProofView() {
  return <NoResult />;
}
