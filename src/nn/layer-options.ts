// The one check of what layers are told: an option that a layer does not have is an error that lists those it has.

/** The names of a layer's options. Written as `{ … } satisfies OptionNames<LinearOptions>`, the compiler holds the list to the type. @internal */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** The names of whatever layer it is. @internal */
export type KnownOptions = Readonly<Record<string, true>>;

/** Refuses what is no options object, and a name that is not known.
 *  @param layer - what is made: its class names it in the message. @internal */
export function checkOptions(layer: object, known: KnownOptions, options: unknown): void {
  const refuse = (expected: string, got: string): never => {
    const names = Object.keys(known).join(', ');
    throw new TypeError(`Cannot make ${layer.constructor.name}: expected ${expected} { ${names} }, got ${got}`);
  };
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const isList = Array.isArray(options);
    refuse(
      'an options object',
      options === null ? 'null' : isList ? 'an array' : `${typeof options} ${String(options)}`,
    );
  }
  for (const name in options as object) if (!Object.hasOwn(known, name)) refuse('options of', `"${name}"`);
}
