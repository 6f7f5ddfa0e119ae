// Where the fields of a zip file lie: offsets from the start of each record, little-endian. Source: APPNOTE.TXT 6.3.10, section 4.3.

export const signatures = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator: 0x07064b50,
} as const;

/** Names are UTF-8. */
export const flagUtf8 = 0x0800;
/** CRC and sizes follow the data, and are 0 in the local header. PyTorch writes so. */
export const flagDescriptor = 0x0008;
/** Entry or directory is encrypted, in any of the three ways. */
export const flagsEncrypted = 0x2041;

/** Values that send a reader to a zip64 record. */
export const marker32 = 0xffff_ffff;
export const marker16 = 0xffff;
/** The extra field that holds what does not fit. */
export const zip64Tag = 0x0001;

export const localHeader = {
  bytes: 30,
  flags: 6,
  method: 8,
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

/** The zip64 end record. Its length counts from behind the field that holds it. */
export const end64Record = {
  bytes: 56,
  length: 4,
  lengthStart: 12,
  createdBy: 12,
  needed: 14,
  disk: 16,
  directoryDisk: 20,
  diskEntries: 24,
  entries: 32,
  directoryBytes: 40,
  directoryOffset: 48,
} as const;

/** What says where the zip64 end record is; it lies right before the end record. */
export const locator = { bytes: 20, disk: 4, end64Offset: 8, numDisks: 16 } as const;
