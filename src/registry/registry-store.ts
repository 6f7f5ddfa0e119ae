// Where a registry lies: the few things that it needs of a folder or a bucket.

/** Files by path below the registry's place; `/` between the parts. */
export interface RegistryStore {
  /** The folder or address, for messages. */
  readonly location: string;
  /** Path or address of a file. */
  pathOf(path: string): string;
  /** Paths of all files below a folder, relative to it; none where there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** Names of the folders right below the registry's place. */
  folders(): Promise<string[]>;
  /** A file's text; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Makes a file, whole or not at all. @returns false where there is one, which stays as it is: of several who try at once, one succeeds. */
  create(path: string, text: string): Promise<boolean>;
  /** Makes or replaces a file; a reader sees the old text or the new one. */
  write(path: string, text: string): Promise<void>;
  /** Copies a local file in, durably. */
  upload(path: string, from: string): Promise<void>;
  /** Copies a file out. */
  download(path: string, to: string): Promise<void>;
  /** Deletes files; those that are not there are no error. */
  delete(paths: readonly string[]): Promise<void>;
  /** The local path of a file, where it has one. */
  localPath(path: string): string | undefined;
}
