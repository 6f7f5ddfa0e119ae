// Where checkpoints lie: the small interface between what a run saves and the disk or bucket that keeps it.

/** A flat set of files by name. A checkpoint appears under its name whole or not at all. */
export interface CheckpointStorage {
  /** The folder, or the address of the prefix, for messages. */
  readonly location: string;
  /** Path or address of a name. */
  pathOf(name: string): string;
  /** Makes the place ready for writing, once a process: what saves of killed processes have left goes. `isOurs` tells the names of temporary files. */
  prepare(isOurs: (temporaryName: string) => boolean): Promise<void>;
  /** All names; none where the place is not there yet. */
  list(): Promise<string[]>;
  /** When each file was written, in milliseconds since 1970, by its name; whatever else lies there may be among them. */
  times(): Promise<Map<string, number>>;
  /** What a file holds, every byte verified.
   *  @throws {CheckpointError} where it does not verify. */
  read(name: string): Promise<unknown>;
  /** Writes a value so that it is durable when the promise resolves. With `inBackground` the value is copied before the call returns, and may change
   *  from then on; else it may change when the promise has resolved. */
  write(name: string, value: unknown, options: { readonly inBackground: boolean }): Promise<void>;
  /** Points a name at a file, in one step. */
  point(name: string, target: string): Promise<void>;
  /** What a name points at; undefined where it points at nothing. */
  target(name: string): Promise<string | undefined>;
  /** Deletes a file or a pointer; nothing where there is none. */
  delete(name: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}
