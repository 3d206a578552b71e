/** A number rounded to a whole one, its digits in groups of three ("1,234,567"): the same in every environment. */
export function wholeDigits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}
