// The dtypes: libtorch's codes, which TypeScript uses as they are (src/tensor/dtype.ts), held here against the headers.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>
#include <torch/version.h>

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
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 7)
static_assert(static_cast<int>(at::ScalarType::Float8_e5m2) == 23);
static_assert(static_cast<int>(at::ScalarType::Float8_e4m3fn) == 24);
static_assert(static_cast<int>(at::ScalarType::Float8_e5m2fnuz) == 25);
static_assert(static_cast<int>(at::ScalarType::Float8_e4m3fnuz) == 26);
static_assert(static_cast<int>(at::ScalarType::UInt16) == 27);
static_assert(static_cast<int>(at::ScalarType::UInt32) == 28);
static_assert(static_cast<int>(at::ScalarType::UInt64) == 29);
static_assert(static_cast<int>(at::ScalarType::Float8_e8m0fnu) == 44);
#endif

// The name of a code that TypeScript knows, else null. The quantised dtypes and those of a few bits it does not.
inline const char* find_dtype_name(int64_t code) {
  switch (code) {
    case 0: return "uint8";
    case 1: return "int8";
    case 2: return "int16";
    case 3: return "int32";
    case 4: return "int64";
    case 5: return "float16";
    case 6: return "float32";
    case 7: return "float64";
    case 8: return "complex32";
    case 9: return "complex64";
    case 10: return "complex128";
    case 11: return "bool";
    case 15: return "bfloat16";
    case 23: return "float8_e5m2";
    case 24: return "float8_e4m3fn";
    case 25: return "float8_e5m2fnuz";
    case 26: return "float8_e4m3fnuz";
    case 27: return "uint16";
    case 28: return "uint32";
    case 29: return "uint64";
    case 44: return "float8_e8m0fnu";
    default: return nullptr;
  }
}

// Whether the libtorch that this is compiled for has the dtype: its codes have only ever been added to.
inline bool has_dtype(int64_t code) { return code < static_cast<int64_t>(at::ScalarType::NumOptions); }

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
