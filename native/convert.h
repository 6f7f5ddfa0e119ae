// Reads JavaScript values into C++ and back. A value of the wrong kind throws a `Refused` that names the argument.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <string>
#include <vector>

#include "environment.h"
#include "errors.h"

namespace sconce {

struct Bytes {
  const void* data;
  size_t size;
};

template <size_t N>
std::array<napi_value, N> arguments(Call& call) {
  std::array<napi_value, N> values{};
  size_t count = N;
  check(call, napi_get_cb_info(call.env, call.info, &count, values.data(), nullptr, nullptr));
  return values;
}

bool is_absent(Call& call, napi_value value);  // undefined or null
// What a person would call the value, for messages: `"abc"`, `undefined`, `an object`.
std::string describe(Call& call, napi_value value);
std::string describe_sizes(at::IntArrayRef sizes);
std::string describe_tensor(const at::Tensor& tensor);  // float32 [2, 3]

double read_double(Call& call, napi_value value, const char* name);
// An integral number within 2^53, or a bigint within 64 bits.
int64_t read_int(Call& call, napi_value value, const char* name);
bool read_bool(Call& call, napi_value value, const char* name);
std::string read_string(Call& call, napi_value value, const char* name);
std::vector<int64_t> read_ints(Call& call, napi_value value, const char* name);
std::vector<double> read_doubles(Call& call, napi_value value, const char* name);
// Refuses what is no function.
void require_function(Call& call, napi_value value, const char* name);
// A Float64Array of handles; empty for undefined.
std::vector<double> read_handles(Call& call, napi_value value);
Bytes read_bytes(Call& call, napi_value value);
at::ScalarType read_dtype(Call& call, napi_value value);
// Bytes of a dense tensor. Sizes that are negative or whose product overflows are refused; `action` completes "Cannot ".
size_t byte_count(at::ScalarType type, at::IntArrayRef sizes, const char* action);

// The tensor behind a handle. The reference holds until the table changes: copy it before anything that may insert or free.
const at::Tensor& find_tensor(Call& call, double handle, const char* action, const char* name = nullptr);
std::vector<at::Tensor> find_tensors(Call& call, napi_value handles, const char* action, const char* name);

napi_value make_number(Call& call, double value);
napi_value make_bool(Call& call, bool value);
napi_value make_string(Call& call, const std::string& value);
napi_value make_array(Call& call, at::IntArrayRef values);
napi_value make_array(Call& call, const double* values, size_t count);
napi_value make_array_buffer(Call& call, const void* data, size_t size);  // a copy
// int64 beyond 2^53 is refused unless `as_bigint`.
napi_value make_scalar(Call& call, const at::Scalar& value, bool as_bigint);

}  // namespace sconce
