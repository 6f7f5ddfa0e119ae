// What files need of memory: tensors' bytes seen from JavaScript without a copy, files mapped into memory, and a fast CRC-32.
#include "file-memory.h"

#include <ATen/ops/from_blob.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "addon.h"
#include "checksum.h"
#include "convert.h"
#include "errors.h"

namespace sconce {
namespace {

// An ArrayBuffer over memory that a tensor holds; it goes with the buffer.
napi_value make_view(Call& call, const at::Tensor& tensor, void* data, size_t bytes) {
  napi_value buffer;
  if (bytes == 0) {
    check(call, napi_create_arraybuffer(call.env, 0, nullptr, &buffer));
    return buffer;
  }
  // Node lets go of what it is given where it makes no buffer, too.
  napi_status made = napi_create_external_arraybuffer(
      call.env, data, bytes, [](napi_env, void*, void* hint) { delete static_cast<at::Tensor*>(hint); }, new at::Tensor(tensor), &buffer);
  if (made != napi_ok) refuse_buffer(call, bytes);
  return buffer;
}

// viewStorage(handle) -> an ArrayBuffer over all memory behind a tensor, no copy. Who asks detaches it before anything can resize the storage.
napi_value view_storage(Call& call) {
  auto args = arguments<1>(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "view");
  if (tensor.layout() != at::kStrided || !tensor.device().is_cpu()) {
    throw Refused(Refusal::kType, "Cannot view a storage: expected a dense tensor on the CPU, got " + describe_tensor(tensor));
  }
  // Gradients that are known to be zero have no memory.
  at::Tensor held = tensor._is_zerotensor() ? tensor.clone() : tensor.detach();
  const auto& memory = held.storage();
  size_t bytes = memory.nbytes();
  return make_view(call, held, bytes ? const_cast<void*>(static_cast<const void*>(memory.data())) : nullptr, bytes);
}

// detachBuffer(buffer): JavaScript lets go of the memory now instead of when it is collected.
napi_value detach_buffer(Call& call) {
  auto args = arguments<1>(call);
  check(call, napi_detach_arraybuffer(call.env, args[0]));
  return nullptr;
}

[[noreturn]] void fail_to_map(const std::string& path) {
  throw Refused(Refusal::kType, "Cannot map \"" + path + "\": expected a file of the given size, got " + std::strerror(errno));
}

// mapFile(path, bytes) -> a tensor of the file's bytes as memory. What is written to it stays in this process.
napi_value map_file(Call& call) {
  auto args = arguments<2>(call);
  std::string path = read_string(call, args[0], "path");
  auto bytes = static_cast<size_t>(read_int(call, args[1], "bytes"));
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_to_map(path);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  int error = errno;
  close(file);
  errno = error;
  if (memory == MAP_FAILED) fail_to_map(path);
  at::Tensor tensor = at::from_blob(
      memory, {static_cast<int64_t>(bytes)}, [bytes](void* data) { munmap(data, bytes); }, at::TensorOptions().dtype(at::kByte));
  return make_number(call, call.self.tensors.insert(std::move(tensor)));
}

// The memory of a part of a tensor of bytes. The reference to the tensor holds until the table changes.
std::pair<const at::Tensor&, char*> find_part(Call& call, napi_value handle, int64_t offset, int64_t bytes) {
  const at::Tensor& whole = find_tensor(call, read_double(call, handle, "handle"), "slice");
  int64_t held_bytes = static_cast<int64_t>(whole.nbytes());
  if (offset < 0 || bytes < 0 || offset > held_bytes || bytes > held_bytes - offset) {
    throw Refused(Refusal::kRange, "Cannot slice memory: expected bytes within " + std::to_string(held_bytes) + ", got " + std::to_string(bytes) +
                                       " at " + std::to_string(offset));
  }
  return {whole, static_cast<char*>(whole.data_ptr()) + offset};
}

// copyMemory(handle, offset, bytes) -> an ArrayBuffer with a copy of a part.
napi_value copy_memory(Call& call) {
  auto args = arguments<3>(call);
  int64_t bytes = read_int(call, args[2], "bytes");
  auto [whole, data] = find_part(call, args[0], read_int(call, args[1], "offset"), bytes);
  return make_array_buffer(call, bytes ? data : nullptr, static_cast<size_t>(bytes));
}

// sliceMemory(handle, offset, bytes) -> a tensor of bytes whose storage is this part of another's memory, which it keeps alive.
napi_value slice_memory(Call& call) {
  auto args = arguments<3>(call);
  int64_t bytes = read_int(call, args[2], "bytes");
  auto [whole, data] = find_part(call, args[0], read_int(call, args[1], "offset"), bytes);
  at::Tensor part = at::from_blob(
      data, {bytes}, [held = at::Tensor(whole)](void*) {}, at::TensorOptions().dtype(at::kByte));
  return make_number(call, call.self.tensors.insert(std::move(part)));
}

napi_value has_fast_checksum(Call& call) {
  return make_bool(call, has_fast_crc32());
}

// checksum(bytes, before): the CRC-32 of bytes behind others whose CRC is `before`; only where hasFastChecksum().
napi_value checksum(Call& call) {
  auto args = arguments<2>(call);
  Bytes bytes = read_bytes(call, args[0]);
  auto before = static_cast<uint32_t>(read_double(call, args[1], "before"));
  if (!has_fast_crc32()) throw Refused(Refusal::kType, "Cannot compute a checksum: expected a processor with carry-less multiplication, got another");
  return make_number(call, fast_crc32(before, static_cast<const uint8_t*>(bytes.data), bytes.size));
}

}  // namespace

void refuse_buffer(Call& call, size_t bytes) {
  napi_value error;
  napi_get_and_clear_last_exception(call.env, &error);
  throw Refused(Refusal::kRange, "Cannot give JavaScript memory: expected at most 4 GiB in one piece on Node 20, got " + std::to_string(bytes) +
                                     " bytes; use Node 22 or newer, or several tensors");
}

void register_file_memory(Registrar& add) {
  add("viewStorage", guard<view_storage>);
  add("detachBuffer", guard<detach_buffer>);
  add("mapFile", guard<map_file>);
  add("copyMemory", guard<copy_memory>);
  add("sliceMemory", guard<slice_memory>);
  add("hasFastChecksum", guard<has_fast_checksum>);
  add("checksum", guard<checksum>);
}

}  // namespace sconce
