/** The same object without some of its optional members. */
export function leaving<T extends object>(object: T, keys: readonly (keyof T)[]): T {
  const names: readonly PropertyKey[] = keys;
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as T;
}
