// Why a logger's files cannot be opened, in words.

const FOUND: Readonly<Record<string, string>> = {
  EEXIST: 'a file in its way',
  ENOTDIR: 'a file in its way',
  EISDIR: 'a folder in its place',
  EACCES: 'one without permission to write',
  EPERM: 'one without permission to write',
  EROFS: 'a file system that is read-only',
  ENOSPC: 'a disk that is full',
  EDQUOT: 'a disk quota that is used up',
  EMFILE: 'a process with too many open files',
};

/** Opens the files of a logger at a path.
 *  @throws {Error} that says what is there, in place of what the operating system says; errors of another kind as they are. */
export function openLog<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    const got = FOUND[String((cause as NodeJS.ErrnoException).code)] ?? cause.message;
    throw new Error(`Cannot open the log ${path}: expected a folder that can be written, got ${got}`, { cause });
  }
}
