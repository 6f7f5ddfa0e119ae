// Reads JavaScript values into C++ and back.
#include "convert.h"

#include "dtype.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

namespace sconce {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

[[noreturn]] void refuse(Call& call, const char* name, const char* wanted, napi_value got) {
  throw Refused(Refusal::kType, std::string("expected ") + wanted + " for \"" + name + "\", got " + describe(call, got));
}

const char* dtype_name(at::ScalarType type) {
  const char* name = find_dtype_name(static_cast<int64_t>(type));
  return name ? name : c10::toString(type);
}

uint32_t array_length(Call& call, napi_value value, const char* name, const char* wanted) {
  bool is_array = false;
  check(call, napi_is_array(call.env, value, &is_array));
  if (!is_array) refuse(call, name, wanted, value);
  uint32_t length = 0;
  check(call, napi_get_array_length(call.env, value, &length));
  return length;
}

template <typename Number, Number (*read)(Call&, napi_value, const char*)>
std::vector<Number> read_array(Call& call, napi_value value, const char* name, const char* wanted) {
  uint32_t length = array_length(call, value, name, wanted);
  std::vector<Number> numbers;
  numbers.reserve(std::min<uint32_t>(length, 1024));  // `new Array(2 ** 32 - 1)` has a length and no elements
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    check(call, napi_get_element(call.env, value, i, &element));
    numbers.push_back(read(call, element, name));
  }
  return numbers;
}

}  // namespace

bool is_absent(Call& call, napi_value value) {
  if (!value) return true;
  napi_valuetype type;
  check(call, napi_typeof(call.env, value, &type));
  return type == napi_undefined || type == napi_null;
}

std::string describe(Call& call, napi_value value) {
  napi_valuetype type = napi_undefined;
  if (value) napi_typeof(call.env, value, &type);
  switch (type) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_symbol: return "a symbol";
    case napi_function: return "a function";
    case napi_external: return "a native object";
    case napi_object: {
      bool is_array = false;
      napi_is_array(call.env, value, &is_array);
      return is_array ? "an array" : "an object";
    }
    default: {
      napi_value text;
      if (napi_coerce_to_string(call.env, value, &text) != napi_ok) return "a value";
      char buffer[64];
      size_t length = 0;
      napi_get_value_string_utf8(call.env, text, buffer, sizeof buffer, &length);
      std::string shown(buffer, length);
      return type == napi_string ? "\"" + shown + "\"" : shown;
    }
  }
}

std::string describe_sizes(at::IntArrayRef sizes) {
  std::string text = "[";
  for (size_t i = 0; i < sizes.size(); ++i) text += (i ? ", " : "") + std::to_string(sizes[i]);
  return text + "]";
}

std::string describe_tensor(const at::Tensor& tensor) {
  if (!tensor.defined()) return "undefined";
  std::string text = std::string(dtype_name(tensor.scalar_type())) + " " + describe_sizes(tensor.sizes());
  return tensor.device().is_cpu() ? text : text + " on " + tensor.device().str();
}

double read_double(Call& call, napi_value value, const char* name) {
  double number = 0;
  if (!value || napi_get_value_double(call.env, value, &number) != napi_ok) refuse(call, name, "a number", value);
  return number;
}

int64_t read_int(Call& call, napi_value value, const char* name) {
  double number = 0;
  if (value && napi_get_value_double(call.env, value, &number) == napi_ok) {
    if (number != std::floor(number) || std::fabs(number) > kMaxSafeInteger) refuse(call, name, "an integer within 2^53", value);
    return static_cast<int64_t>(number);
  }
  int64_t integer = 0;
  bool is_lossless = false;
  if (!value || napi_get_value_bigint_int64(call.env, value, &integer, &is_lossless) != napi_ok) refuse(call, name, "an integer", value);
  if (!is_lossless) refuse(call, name, "an integer of 64 bits", value);
  return integer;
}

bool read_bool(Call& call, napi_value value, const char* name) {
  bool flag = false;
  if (!value || napi_get_value_bool(call.env, value, &flag) != napi_ok) refuse(call, name, "a boolean", value);
  return flag;
}

std::string read_string(Call& call, napi_value value, const char* name) {
  size_t length = 0;
  if (!value || napi_get_value_string_utf8(call.env, value, nullptr, 0, &length) != napi_ok) refuse(call, name, "a string", value);
  std::string text(length, '\0');
  check(call, napi_get_value_string_utf8(call.env, value, &text[0], length + 1, &length));
  return text;
}

std::vector<int64_t> read_ints(Call& call, napi_value value, const char* name) {
  return read_array<int64_t, read_int>(call, value, name, "an array of integers");
}

std::vector<double> read_doubles(Call& call, napi_value value, const char* name) {
  return read_array<double, read_double>(call, value, name, "an array of numbers");
}

void require_function(Call& call, napi_value value, const char* name) {
  napi_valuetype type = napi_undefined;
  if (value) check(call, napi_typeof(call.env, value, &type));
  if (type != napi_function) refuse(call, name, "a function", value);
}

std::vector<double> read_handles(Call& call, napi_value value) {
  if (is_absent(call, value)) return {};
  bool is_typed = false;
  check(call, napi_is_typedarray(call.env, value, &is_typed));
  napi_typedarray_type type = napi_int8_array;
  size_t length = 0;
  void* data = nullptr;
  if (is_typed) check(call, napi_get_typedarray_info(call.env, value, &type, &length, &data, nullptr, nullptr));
  if (!is_typed || type != napi_float64_array) refuse(call, "handles", "a Float64Array of tensor handles", value);
  auto* first = static_cast<const double*>(data);
  return std::vector<double>(first, first + length);
}

Bytes read_bytes(Call& call, napi_value value) {
  bool is_typed = false;
  check(call, napi_is_typedarray(call.env, value, &is_typed));
  napi_typedarray_type type = napi_int8_array;
  size_t length = 0;
  void* data = nullptr;
  if (is_typed) check(call, napi_get_typedarray_info(call.env, value, &type, &length, &data, nullptr, nullptr));
  if (!is_typed || type != napi_uint8_array) refuse(call, "bytes", "a Uint8Array", value);
  return {data, length};
}

at::ScalarType read_dtype(Call& call, napi_value value) {
  int64_t code = read_int(call, value, "dtype");
  const char* dtype = find_dtype_name(code);
  if (!dtype) refuse(call, "dtype", "a dtype code", value);
  if (!has_dtype(code)) {
    throw Refused(Refusal::kDType, std::string("expected a dtype of libtorch " TORCH_VERSION ", got ") + dtype +
                                       "; libtorch 2.13.0 has it (SCONCE_LIBTORCH chooses another)");
  }
  return static_cast<at::ScalarType>(code);
}

size_t byte_count(at::ScalarType type, at::IntArrayRef sizes, const char* action) {
  // An empty tensor's other sizes must fit too: libtorch multiplies them.
  size_t bytes = c10::elementSize(type);
  bool is_empty = false;
  for (int64_t size : sizes) {
    if (size < 0 || __builtin_mul_overflow(bytes, static_cast<size_t>(std::max<int64_t>(size, 1)), &bytes) || bytes > INT64_MAX) {
      throw Refused(Refusal::kRange,
                    std::string("Cannot ") + action + ": expected sizes that are not negative and fit in memory, got " + describe_sizes(sizes));
    }
    is_empty |= size == 0;
  }
  return is_empty ? 0 : bytes;
}

const at::Tensor& find_tensor(Call& call, double handle, const char* action, const char* name) {
  HandleFault fault = HandleFault::kNone;
  if (const at::Tensor* tensor = call.self.tensors.find(handle, &fault)) return *tensor;
  std::string where = std::string("Cannot run ") + action + ": expected a live tensor" + (name ? std::string(" for \"") + name + "\"" : "");
  switch (fault) {
    case HandleFault::kFreed:
      throw Refused(Refusal::kDisposed, where + ", got one that was freed", action);
    case HandleFault::kForeign:
      throw Refused(Refusal::kDisposed, where + ", got one of another thread; send its bytes instead", action);
    default:
      throw Refused(Refusal::kType, where + ", got something that is no tensor", action);
  }
}

std::vector<at::Tensor> find_tensors(Call& call, napi_value handles, const char* action, const char* name) {
  auto numbers = read_handles(call, handles);
  std::vector<at::Tensor> tensors;
  tensors.reserve(numbers.size());
  for (double handle : numbers) tensors.push_back(find_tensor(call, handle, action, name));
  return tensors;
}

napi_value make_number(Call& call, double value) {
  napi_value result;
  check(call, napi_create_double(call.env, value, &result));
  return result;
}

napi_value make_bool(Call& call, bool value) {
  napi_value result;
  check(call, napi_get_boolean(call.env, value, &result));
  return result;
}

napi_value make_string(Call& call, const std::string& value) {
  napi_value result;
  check(call, napi_create_string_utf8(call.env, value.c_str(), value.size(), &result));
  return result;
}

napi_value make_array(Call& call, const double* values, size_t count) {
  napi_value array;
  check(call, napi_create_array_with_length(call.env, count, &array));
  for (size_t i = 0; i < count; ++i) check(call, napi_set_element(call.env, array, i, make_number(call, values[i])));
  return array;
}

napi_value make_array(Call& call, at::IntArrayRef values) {
  std::vector<double> numbers(values.begin(), values.end());
  return make_array(call, numbers.data(), numbers.size());
}

napi_value make_array_buffer(Call& call, const void* data, size_t size) {
  napi_value buffer;
  void* target = nullptr;
  check(call, napi_create_arraybuffer(call.env, size, &target, &buffer));
  if (size) std::memcpy(target, data, size);
  return buffer;
}

namespace {

template <typename Scalar, typename = void>
constexpr bool kHasUnsigned = false;
template <typename Scalar>
constexpr bool kHasUnsigned<Scalar, std::void_t<decltype(std::declval<const Scalar&>().isUnsigned())>> = true;

// An unsigned number that int64 does not hold; 0 for any other, and in a libtorch whose scalars have none.
template <typename Scalar>
uint64_t beyond_int64([[maybe_unused]] const Scalar& value) {
  if constexpr (kHasUnsigned<Scalar>) {
    if (value.isUnsigned() && value.toUInt64() > static_cast<uint64_t>(INT64_MAX)) return value.toUInt64();
  }
  return 0;
}

}  // namespace

napi_value make_scalar(Call& call, const at::Scalar& value, bool as_bigint) {
  if (value.isBoolean() && !as_bigint) return make_bool(call, value.toBool());
  if (const uint64_t large = beyond_int64(value)) {
    if (!as_bigint) {
      throw Refused(Refusal::kRange, "Cannot read " + std::to_string(large) +
                                         " as a number: expected an integer within 2^53; read it as a bigint with item({ bigint: true })");
    }
    napi_value result;
    check(call, napi_create_bigint_uint64(call.env, large, &result));
    return result;
  }
  if (value.isIntegral(true)) {
    int64_t integer = value.toLong();
    if (as_bigint) {
      napi_value result;
      check(call, napi_create_bigint_int64(call.env, integer, &result));
      return result;
    }
    if (integer > static_cast<int64_t>(kMaxSafeInteger) || integer < -static_cast<int64_t>(kMaxSafeInteger)) {
      throw Refused(Refusal::kRange, "Cannot read " + std::to_string(integer) +
                                         " as a number: expected an integer within 2^53; read it as a bigint with item({ bigint: true })");
    }
    return make_number(call, static_cast<double>(integer));
  }
  if (value.isComplex()) throw Refused(Refusal::kDType, "Cannot read a complex number as one number: read it with item({ complex: true }), or take its real or imag");
  return make_number(call, value.toDouble());
}

}  // namespace sconce
