import { NoResult } from '../NoResult.tsx';

export default function ProgramView() {
  return <NoResult />;
}
