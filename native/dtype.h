// The dtypes: libtorch's codes, which TypeScript uses as they are (src/tensor/dtype.ts), held here against the headers.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cmath>

namespace sconce {

static_assert(static_cast<int>(at::ScalarType::Byte) == 0);
static_assert(static_cast<int>(at::ScalarType::Char) == 1);
static_assert(static_cast<int>(at::ScalarType::Short) == 2);
static_assert(static_cast<int>(at::ScalarType::Int) == 3);
static_assert(static_cast<int>(at::ScalarType::Long) == 4);
static_assert(static_cast<int>(at::ScalarType::Half) == 5);
static_assert(static_cast<int>(at::ScalarType::Float) == 6);
static_assert(static_cast<int>(at::ScalarType::Double) == 7);
static_assert(static_cast<int>(at::ScalarType::ComplexHalf) == 8);
static_assert(static_cast<int>(at::ScalarType::ComplexFloat) == 9);
static_assert(static_cast<int>(at::ScalarType::ComplexDouble) == 10);
static_assert(static_cast<int>(at::ScalarType::Bool) == 11);
static_assert(static_cast<int>(at::ScalarType::BFloat16) == 15);

// Whether TypeScript knows the code; the quantised and float8 dtypes between them it does not.
inline bool is_dtype_code(int64_t code) { return (code >= 0 && code <= 11 && code != 8) || code == 15; }

// A device as one number: type * 1000 + index + 1, where index is -1 for "the current one" (src/tensor/device.ts).
inline double encode_device(at::Device device) { return static_cast<int>(device.type()) * 1000 + device.index() + 1; }

inline bool decode_device(double code, at::Device* device) {
  if (!(code >= 0 && code < 100000) || code != std::floor(code)) return false;
  int whole = static_cast<int>(code);
  int type = whole / 1000;
  int index = whole % 1000 - 1;
  if (type >= static_cast<int>(at::COMPILE_TIME_MAX_DEVICE_TYPES) || index > 127) return false;
  if (type == static_cast<int>(at::kCPU) && index > 0) return false;
  *device = at::Device(static_cast<at::DeviceType>(type), static_cast<at::DeviceIndex>(index));
  return true;
}

}  // namespace sconce
