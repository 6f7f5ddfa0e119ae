// Plain data: what a state may be made of, so that a checkpoint can hold it and a worker can be sent it.

/** Numbers, strings, booleans, null, and arrays and plain objects of them. */
export type PlainData = number | string | boolean | null | readonly PlainData[] | { readonly [key: string]: PlainData };
