// Types of the web's request functions under names of our own: a reader of our declarations need not have the library that declares them.

/** The web's `AbortSignal`. */
export type RequestSignal = typeof globalThis extends { AbortSignal: { prototype: infer S } }
  ? S
  : { readonly aborted: boolean };

/** The web's `Response`. */
export type RequestResponse = typeof globalThis extends { Response: { prototype: infer R } }
  ? R
  : { readonly status: number };

/** The web's `Blob`. */
export type RequestBlob = typeof globalThis extends { Blob: { prototype: infer B } } ? B : { readonly size: number };
