// Pictures for JavaScript: a batch is made on the pool's threads and comes back through a promise.
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <atomic>
#include <cmath>
#include <mutex>
#include <system_error>

#include "addon.h"
#include "convert.h"
#include "errors.h"
#include "image-jpeg.h"
#include "image-png.h"
#include "image-sample.h"
#include "work-pool.h"

namespace sconce {
namespace {

// The way from the pool's threads to one JavaScript thread. It may close while pictures are being made.
struct Port {
  Environment* self;
  napi_threadsafe_function function = nullptr;
  size_t num_pending = 0;  // batches under way; the JavaScript thread's alone
  std::mutex mutex;
  std::atomic<bool> is_closed{false};
};

struct Failure {
  size_t slot;
  ImageFault fault;
  std::string got;
};

const char* fault_name(ImageFault fault) {
  switch (fault) {
    case ImageFault::kRead: return "read";
    case ImageFault::kFormat: return "format";
    case ImageFault::kBroken: return "broken";
    case ImageFault::kTooLarge: return "large";
    case ImageFault::kTooSmall: return "small";
    case ImageFault::kMemory: return "memory";
  }
  return "broken";
}

class ImageBatch final : public PoolJob, public std::enable_shared_from_this<ImageBatch> {
 public:
  ImageBatch(size_t count, std::shared_ptr<Port> port_) : PoolJob(count), port(std::move(port_)), sources(count), seeds(count), tensors(count) {}

  void run(size_t piece) noexcept override {
    if (port->is_closed) return;
    try {
      make_sample(sources[piece], plan, seeds[piece], [&](int64_t height, int64_t width) { return place_of(piece, height, width); });
    } catch (const ImageError& error) {
      note(piece, error.fault, error.got);
    } catch (const std::bad_alloc&) {
      note(piece, ImageFault::kMemory, "none");
    } catch (const std::exception& error) {
      note(piece, ImageFault::kMemory, first_line(error));
    }
  }

  void finish() noexcept override {
    std::lock_guard<std::mutex> lock(port->mutex);
    if (port->is_closed) return;
    auto* held = new std::shared_ptr<ImageBatch>(shared_from_this());
    if (napi_call_threadsafe_function(port->function, held, napi_tsfn_nonblocking) != napi_ok) delete held;
  }

  std::shared_ptr<Port> port;
  ImagePlan plan{};
  std::vector<ImageSource> sources;
  std::vector<uint64_t> seeds;
  at::Tensor batch;              // where all results have one size
  std::vector<int64_t> slots;    // rows of `batch`
  std::vector<at::Tensor> tensors;  // else
  std::vector<Failure> failures;
  napi_deferred deferred = nullptr;

 private:
  void* place_of(size_t piece, int64_t height, int64_t width) {
    if (batch.defined()) {
      const size_t row = static_cast<size_t>(3 * height * width) * batch.element_size();
      return static_cast<char*>(batch.data_ptr()) + row * static_cast<size_t>(slots[piece]);
    }
    tensors[piece] = at::empty({3, height, width}, at::TensorOptions().dtype(plan.is_float ? at::kFloat : at::kByte));
    return tensors[piece].data_ptr();
  }

  void note(size_t piece, ImageFault fault, const std::string& got) {
    std::lock_guard<std::mutex> lock(mutex_);
    failures.push_back({piece, fault, got});
  }

  std::mutex mutex_;
};

napi_value make_result(Call& call, ImageBatch& done) {
  napi_value result, handles, failures;
  check(call, napi_create_array_with_length(call.env, 2, &result));
  check(call, napi_create_array(call.env, &handles));
  for (size_t i = 0; i < done.tensors.size(); ++i) {
    if (!done.tensors[i].defined()) continue;
    check(call, napi_set_element(call.env, handles, static_cast<uint32_t>(i), make_number(call, call.self.tensors.insert(std::move(done.tensors[i])))));
  }
  if (done.batch.defined()) check(call, napi_set_element(call.env, handles, 0, make_number(call, call.self.tensors.insert(std::move(done.batch)))));
  check(call, napi_create_array(call.env, &failures));
  for (size_t i = 0; i < done.failures.size(); ++i) {
    const Failure& failure = done.failures[i];
    napi_value entry;
    check(call, napi_create_array_with_length(call.env, 3, &entry));
    check(call, napi_set_element(call.env, entry, 0, make_number(call, static_cast<double>(failure.slot))));
    check(call, napi_set_element(call.env, entry, 1, make_string(call, fault_name(failure.fault))));
    check(call, napi_set_element(call.env, entry, 2, make_string(call, failure.got)));
    check(call, napi_set_element(call.env, failures, static_cast<uint32_t>(i), entry));
  }
  check(call, napi_set_element(call.env, result, 0, handles));
  check(call, napi_set_element(call.env, result, 1, failures));
  return result;
}

// On the JavaScript thread: settles the promise.
void deliver(napi_env env, napi_value, void*, void* data) {
  std::unique_ptr<std::shared_ptr<ImageBatch>> held(static_cast<std::shared_ptr<ImageBatch>*>(data));
  if (!env) return;  // the environment is closing
  ImageBatch& done = **held;
  if (--done.port->num_pending == 0) napi_unref_threadsafe_function(env, done.port->function);
  Call call{env, nullptr, *done.port->self, "images"};
  try {
    napi_resolve_deferred(env, done.deferred, make_result(call, done));
    return;
  } catch (...) {
    raise_current(call);
  }
  napi_value error;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_reject_deferred(env, done.deferred, error);
}

void close_port(void* data) {
  std::unique_ptr<std::shared_ptr<Port>> held(static_cast<std::shared_ptr<Port>*>(data));
  Port& port = **held;
  std::lock_guard<std::mutex> lock(port.mutex);
  port.is_closed = true;
  napi_release_threadsafe_function(port.function, napi_tsfn_abort);
}

std::shared_ptr<Port> port_of(Call& call) {
  if (call.self.image_port) return std::static_pointer_cast<Port>(call.self.image_port);
  auto port = std::make_shared<Port>();
  port->self = &call.self;
  napi_value name = make_string(call, "sconce images");
  check(call, napi_create_threadsafe_function(call.env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, deliver, &port->function));
  check(call, napi_unref_threadsafe_function(call.env, port->function));
  // Behind the function's own hook, so that it runs before it.
  check(call, napi_add_env_cleanup_hook(call.env, close_port, new std::shared_ptr<Port>(port)));
  call.self.image_port = port;
  return port;
}

ImagePlan read_plan(Call& call, napi_value value) {
  const std::vector<double> n = read_doubles(call, value, "plan");
  if (n.size() != 31) throw Refused(Refusal::kNative, "internal: a plan of " + std::to_string(n.size()) + " numbers");
  auto whole = [&](size_t at) { return static_cast<int64_t>(n[at]); };
  auto byte = [&](size_t at) { return static_cast<uint8_t>(n[at]); };
  ImagePlan plan{};
  plan.is_float = n[0] != 0;
  plan.max_pixels = static_cast<uint64_t>(n[1]);
  plan.alpha = {n[2] != 0, {byte(3), byte(4), byte(5)}};
  plan.keeps_orientation = n[6] != 0;
  plan.scales_in_decoder = n[7] != 0;
  plan.fit = static_cast<Fit>(whole(8));
  plan.fit_height = whole(9);
  plan.fit_width = whole(10);
  plan.filter = static_cast<Filter>(whole(11));
  plan.crop = static_cast<Crop>(whole(12));
  plan.crop_height = whole(13);
  plan.crop_width = whole(14);
  plan.padding = whole(15);
  for (size_t i = 0; i < 3; ++i) {
    plan.fill[i] = byte(16 + i);
    plan.mean[i] = static_cast<float>(n[24 + i]);
    plan.std[i] = static_cast<float>(n[27 + i]);
  }
  for (size_t i = 0; i < 2; ++i) {
    plan.scale[i] = n[19 + i];
    plan.ratio[i] = n[21 + i];
  }
  plan.flip = n[23];
  if (n[30] != static_cast<double>(plan.has_fixed_size())) throw Refused(Refusal::kNative, "internal: a plan that disagrees about its result's size");
  return plan;
}

// A path, a file's bytes, or pixels where sizes say so. Bytes are copied: nothing stops JavaScript from changing or moving them meanwhile.
void read_source(Call& call, napi_value value, const std::vector<int64_t>& sizes, size_t slot, ImageSource& source) {
  napi_valuetype type;
  check(call, napi_typeof(call.env, value, &type));
  if (type == napi_string) {
    source.path = read_string(call, value, "path");
    if (source.path.empty()) throw Refused(Refusal::kType, "Cannot decode an image: expected a path, got \"\"");
    if (source.path.find('\0') != std::string::npos) throw Refused(Refusal::kType, "Cannot decode an image: expected a path, got one with a NUL character");
    return;
  }
  const Bytes bytes = read_bytes(call, value);
  source.bytes.assign(static_cast<const char*>(bytes.data), bytes.size);
  if (sizes.empty()) return;
  source.width = sizes[2 * slot];
  source.height = sizes[2 * slot + 1];
  if (source.width < 0 || source.height < 0 || source.width > 0x7fffffff || source.height > 0x7fffffff ||
      (source.width != 0 && source.bytes.size() != static_cast<uint64_t>(source.width) * static_cast<uint64_t>(source.height) * 4)) {
    throw Refused(Refusal::kNative, "internal: pixels of another size");
  }
}

// images(sources, sizes, seeds, plan, into, slots) -> a promise of [handles, failures]: one tensor [n, 3, h, w] as the only handle where the plan
// fixes the size, else one [3, h, w] a picture. With `into`, pictures go into the rows `slots` of that tensor, and there is no handle.
napi_value images(Call& call) {
  auto args = arguments<6>(call);
  uint32_t count = 0;
  check(call, napi_get_array_length(call.env, args[0], &count));
  if (count == 0) throw Refused(Refusal::kRange, "Cannot decode images: expected at least one, got none");
  auto port = port_of(call);
  auto job = std::make_shared<ImageBatch>(count, port);
  job->plan = read_plan(call, args[3]);
  const std::vector<int64_t> sizes = is_absent(call, args[1]) ? std::vector<int64_t>{} : read_ints(call, args[1], "sizes");
  const std::vector<double> seeds = read_doubles(call, args[2], "seeds");
  if (seeds.size() != count || (!sizes.empty() && sizes.size() != 2 * count)) throw Refused(Refusal::kNative, "internal: lists of other lengths");
  for (uint32_t i = 0; i < count; ++i) {
    napi_value source;
    check(call, napi_get_element(call.env, args[0], i, &source));
    read_source(call, source, sizes, i, job->sources[i]);
    job->seeds[i] = static_cast<uint64_t>(seeds[i]);
  }
  // What is made here is for everyone, whatever mode this thread is in.
  c10::InferenceMode usual(false);
  const ImagePlan& plan = job->plan;
  at::Tensor into;
  if (plan.has_fixed_size()) {
    const auto options = at::TensorOptions().dtype(plan.is_float ? at::kFloat : at::kByte);
    const bool is_given = !is_absent(call, args[4]);
    into = is_given ? find_tensor(call, read_double(call, args[4], "into"), "decode images")
                    : at::empty({count, 3, plan.fixed_height(), plan.fixed_width()}, options);
    if (is_given) job->slots = read_ints(call, args[5], "slots");
    else
      for (uint32_t i = 0; i < count; ++i) job->slots.push_back(i);
    const bool fits = into.dim() == 4 && into.size(1) == 3 && into.size(2) == plan.fixed_height() && into.size(3) == plan.fixed_width() &&
                      into.is_contiguous() && into.scalar_type() == options.dtype().toScalarType() && into.device().is_cpu() && job->slots.size() == count;
    for (int64_t slot : job->slots)
      if (!fits || slot < 0 || slot >= into.size(0)) throw Refused(Refusal::kNative, "internal: pictures for another tensor");
    job->batch = into;
  }
  napi_value promise;
  check(call, napi_create_promise(call.env, &job->deferred, &promise));
  if (port->num_pending++ == 0) napi_ref_threadsafe_function(call.env, port->function);
  try {
    submit(job);
  } catch (const std::system_error& error) {
    if (--port->num_pending == 0) napi_unref_threadsafe_function(call.env, port->function);
    throw;
  }
  return promise;
}

// imageLibraries() -> versions of libpng and libjpeg-turbo, "" for one that is not linked
napi_value image_libraries(Call& call) {
  napi_value pair;
  check(call, napi_create_array_with_length(call.env, 2, &pair));
  const char* versions[] = {png_version(), jpeg_version()};
  for (uint32_t i = 0; i < 2; ++i) check(call, napi_set_element(call.env, pair, i, make_string(call, versions[i] ? versions[i] : "")));
  return pair;
}

}  // namespace

void register_images(Registrar& add) {
  add("images", guard<images>);
  add("imageLibraries", guard<image_libraries>);
}

}  // namespace sconce
