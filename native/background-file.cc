// A file written beside the JavaScript thread: copies of tensors' memory, their checksums, and every byte's way to the disk.
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "addon.h"
#include "background.h"
#include "checksum.h"
#include "convert.h"
#include "errors.h"

namespace sconce {
namespace {

// Bytes for one write call: larger ones cost the processor more (src/serial/file.ts).
constexpr size_t kCallBytes = size_t{1} << 20;
// After so many bytes the disk is set to work, while the next ones are written.
constexpr size_t kFlushBytes = size_t{1} << 26;

// Bytes that stay as they are: a tensor's, which nobody else has, or a copy.
struct Part {
  at::Tensor tensor;
  std::string bytes;

  const char* data() const { return tensor.defined() ? static_cast<const char*>(tensor.data_ptr()) : bytes.data(); }
  size_t size() const { return tensor.defined() ? tensor.nbytes() : bytes.size(); }
};

class ChecksumJob final : public BackgroundJob {
 public:
  void run() override {
    for (size_t i = 0; i < tensors.size(); ++i) sums[i] = crc32(static_cast<const uint8_t*>(tensors[i].data_ptr()), tensors[i].nbytes());
  }
  napi_value result(Call& call) override { return make_array(call, sums.data(), sums.size()); }

  std::vector<at::Tensor> tensors;
  std::vector<double> sums;
};

class WriteJob final : public BackgroundJob {
 public:
  void run() override {
    int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) return fail("open");
    write_all(file);
    if (!failed_call && fsync(file) != 0) fail("fsync");
    if (close(file) != 0 && !failed_call) fail("close");
  }

  // undefined, or what failed: [errno, call]
  napi_value result(Call& call) override {
    napi_value value;
    if (!failed_call) {
      check(call, napi_get_undefined(call.env, &value));
      return value;
    }
    check(call, napi_create_array_with_length(call.env, 2, &value));
    check(call, napi_set_element(call.env, value, 0, make_number(call, error)));
    check(call, napi_set_element(call.env, value, 1, make_string(call, failed_call)));
    return value;
  }

  std::string path;
  std::vector<Part> parts;

 private:
  void fail(const char* call) {
    error = errno;
    failed_call = call;
  }

  void write_all(int file) {
    size_t written = 0, flushed = 0;
    for (const Part& part : parts) {
      const char* data = part.data();
      for (size_t left = part.size(); left > 0;) {
        ssize_t count = write(file, data, std::min(left, kCallBytes));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail("write");
        data += count;
        left -= static_cast<size_t>(count);
        written += static_cast<size_t>(count);
        if (written - flushed < kFlushBytes) continue;
#ifdef __linux__
        // Only a hint: what fails here fails in fsync.
        sync_file_range(file, static_cast<off_t>(flushed), static_cast<off_t>(written - flushed), SYNC_FILE_RANGE_WRITE);
#endif
        flushed = written;
      }
    }
  }

  int error = 0;
  const char* failed_call = nullptr;
};

// copyStorage(handle) -> a tensor of bytes with a copy of all memory behind a dense tensor on the CPU. No scope frees it.
napi_value copy_storage(Call& call) {
  auto args = arguments<1>(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "copy");
  if (tensor.layout() != at::kStrided || !tensor.device().is_cpu())
    throw Refused(Refusal::kType, "Cannot copy a storage: expected a dense tensor on the CPU, got " + describe_tensor(tensor));
  c10::InferenceMode usual(false);
  // Gradients that are known to be zero have no memory.
  const at::Tensor held = tensor._is_zerotensor() ? tensor.clone() : tensor.detach();
  const auto& memory = held.storage();
  const auto bytes = static_cast<int64_t>(memory.nbytes());
  at::Tensor copy = at::empty({bytes}, at::TensorOptions().dtype(at::kByte));
  if (bytes > 0) {
    const auto* from = static_cast<const char*>(static_cast<const void*>(memory.data()));
    auto* to = static_cast<char*>(copy.data_ptr());
    at::parallel_for(0, bytes, int64_t{1} << 22, [&](int64_t begin, int64_t end) { std::memcpy(to + begin, from + begin, static_cast<size_t>(end - begin)); });
  }
  double handle = call.self.tensors.insert(std::move(copy));
  call.self.tensors.keep(handle);
  return make_number(call, handle);
}

// checksums(handles) -> a promise of the CRC-32 of each tensor's bytes
napi_value checksums(Call& call) {
  auto args = arguments<1>(call);
  auto job = std::make_shared<ChecksumJob>();
  job->tensors = find_tensors(call, args[0], "compute checksums", "handles");
  for (const at::Tensor& tensor : job->tensors)
    if (!tensor.device().is_cpu() || !tensor.is_contiguous()) throw Refused(Refusal::kNative, "internal: checksums of what is no copy");
  job->sums.resize(job->tensors.size());
  return run_in_background(call, std::move(job));
}

// writeFile(path, parts) -> a promise of undefined when the new file is on the disk, or of [errno, call]. Parts are handles of tensors, or bytes,
// which are copied.
napi_value write_file(Call& call) {
  auto args = arguments<2>(call);
  auto job = std::make_shared<WriteJob>();
  job->path = read_string(call, args[0], "path");
  uint32_t count = 0;
  check(call, napi_get_array_length(call.env, args[1], &count));
  job->parts.resize(count);
  for (uint32_t i = 0; i < count; ++i) {
    napi_value value;
    check(call, napi_get_element(call.env, args[1], i, &value));
    napi_valuetype type;
    check(call, napi_typeof(call.env, value, &type));
    Part& part = job->parts[i];
    if (type == napi_number) {
      part.tensor = find_tensor(call, read_double(call, value, "part"), "write");
      if (!part.tensor.device().is_cpu() || !part.tensor.is_contiguous()) throw Refused(Refusal::kNative, "internal: a part that is no copy");
    } else {
      const Bytes bytes = read_bytes(call, value);
      part.bytes.assign(static_cast<const char*>(bytes.data), bytes.size);
    }
  }
  return run_in_background(call, std::move(job));
}

}  // namespace

void register_background_file(Registrar& add) {
  add("copyStorage", guard<copy_storage>);
  add("checksums", guard<checksums>);
  add("writeFile", guard<write_file>);
}

}  // namespace sconce
