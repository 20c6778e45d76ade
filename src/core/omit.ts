/** The object without one of its keys. */
export function omit<T extends object, K extends keyof T & string>(object: T, key: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as Omit<T, K>;
}
