// The resident memory of this process, read in a microsecond and without a trace in V8's heap, so that the measure does not move what it measures.
import { openSync, readSync } from 'node:fs';

const PAGE_BYTES = 4096;
const bytes = Buffer.alloc(128);
let file;

/** Bytes of the whole process; Linux alone has them in this form. */
export function residentBytes() {
  return memoryPages().resident * PAGE_BYTES;
}

/** Bytes that are the process's own: without pages of files (code), which the system takes and gives back as other processes need memory. */
export function ownBytes() {
  const { resident, shared } = memoryPages();
  return (resident - shared) * PAGE_BYTES;
}

function memoryPages() {
  file ??= openSync('/proc/self/statm', 'r');
  const length = readSync(file, bytes, 0, bytes.length, 0);
  // "size resident shared …" in pages
  let at = bytes.indexOf(32) + 1;
  const read = () => {
    let pages = 0;
    while (at < length && bytes[at] !== 32) pages = pages * 10 + bytes[at++] - 48;
    at++;
    return pages;
  };
  return { resident: read(), shared: read() };
}
