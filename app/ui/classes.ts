/** Joins the class names that hold: `classes('btn', busy && 'btn-busy')`. */
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
