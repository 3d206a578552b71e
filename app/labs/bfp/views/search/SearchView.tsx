import { NoResult } from '../NoResult.tsx';

export default function SearchView() {
  return <NoResult />;
}
