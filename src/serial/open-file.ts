// What readers need of an open file. Written out, not Node's FileHandle: declarations must not need Node's types (docs/decisions/0006).

export interface OpenFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  readv(into: readonly Uint8Array[], position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}
