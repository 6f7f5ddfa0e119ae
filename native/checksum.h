// CRC-32 as zip files have it, by carry-less multiplication: many times as fast as by tables.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sconce {

// Whether this processor has the instructions.
bool has_fast_crc32();
// The CRC of `size` bytes that follow others whose CRC is `before`. Only where has_fast_crc32().
uint32_t fast_crc32(uint32_t before, const uint8_t* data, size_t size);

// The CRC of `size` bytes on any processor.
uint32_t crc32(const uint8_t* data, size_t size);

}  // namespace sconce
