/** Owns the one way to build something expensive at its first use and only once. */

export interface Lazy<T> {
  (): Promise<T>;
  /** What was made, if it was. */
  made(): Promise<T> | undefined;
  /** Lets go of what was made and hands it over; the next call makes it anew. */
  forget(): Promise<T> | undefined;
}

/** A function that calls `make` at its first call and gives the same promise ever after; a failure is tried anew. */
export function lazy<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  const get = (): Promise<T> => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  const forget = (): Promise<T> | undefined => {
    const old = made;
    made = undefined;
    return old;
  };
  return Object.assign(get, { made: () => made, forget });
}

/** As `lazy`, for what is made without waiting. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
