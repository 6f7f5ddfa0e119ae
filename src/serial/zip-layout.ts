// Where the fields of a zip file lie: offsets from the start of each record, little-endian. Source: APPNOTE.TXT 6.3.10, section 4.3.

export const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;

/** Names are UTF-8. */
export const flagUtf8 = 0x0800;
/** CRC and sizes follow the data, and are 0 in the local header. PyTorch writes so. */
export const flagDescriptor = 0x0008;
/** Entry or directory is encrypted, in any of the three ways. */
export const flagsEncrypted = 0x2041;

/** The last values before those that send a reader to a zip64 record. */
export const maxZipBytes = 0xffff_fffe;
export const maxZipEntries = 0xfffe;
export const zip64Marker32 = 0xffff_ffff;
export const zip64Marker16 = 0xffff;

export const localHeader = {
  bytes: 30,
  flags: 6,
  method: 8,
  date: 12,
  crc: 14,
  storedBytes: 18,
  plainBytes: 22,
  nameBytes: 26,
  extraBytes: 28,
} as const;

export const centralHeader = {
  bytes: 46,
  flags: 8,
  method: 10,
  date: 14,
  crc: 16,
  storedBytes: 20,
  plainBytes: 24,
  nameBytes: 28,
  extraBytes: 30,
  commentBytes: 32,
  disk: 34,
  headerOffset: 42,
} as const;

export const endRecord = {
  bytes: 22,
  disk: 4,
  directoryDisk: 6,
  diskEntries: 8,
  entries: 10,
  directoryBytes: 12,
  directoryOffset: 16,
  commentBytes: 20,
} as const;
