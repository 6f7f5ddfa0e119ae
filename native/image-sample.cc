// Read, decode, turn upright, resize what is needed, and spread into planes.
#include "image-sample.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "image-jpeg.h"
#include "image-orientation.h"
#include "image-png.h"

namespace sconce {
namespace {

// Kept by a thread from picture to picture, up to this size each.
constexpr size_t kKeptBytes = size_t{16} << 20;
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 31;

struct Scratch {
  ImageBuffer file, pixels, turned, rows, resized, ink;
  void trim() {
    for (ImageBuffer* buffer : {&file, &pixels, &turned, &rows, &resized, &ink}) buffer->trim(kKeptBytes);
  }
};

struct File {
  int descriptor;
  ~File() {
    if (descriptor >= 0) close(descriptor);
  }
};

[[noreturn]] void fail_to_read() { throw ImageError{ImageFault::kRead, std::strerror(errno)}; }

EncodedImage read_file(const std::string& path, ImageBuffer& target) {
  // A pipe without a writer must not hold a thread.
  File file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat facts;
  if (file.descriptor < 0 || fstat(file.descriptor, &facts) != 0) fail_to_read();
  if (!S_ISREG(facts.st_mode)) throw ImageError{ImageFault::kRead, S_ISDIR(facts.st_mode) ? "a folder" : "no regular file"};
  const auto size = static_cast<uint64_t>(facts.st_size);
  if (size > kMaxFileBytes) throw ImageError{ImageFault::kRead, "one of " + std::to_string(size) + " bytes"};
  uint8_t* bytes = target.reserve(size);
  size_t filled = 0;
  while (filled < size) {
    const ssize_t count = read(file.descriptor, bytes + filled, size - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_to_read();
    if (count == 0) break;  // it has become shorter: the decoder will say so
    filled += static_cast<size_t>(count);
  }
  return {bytes, filled};
}

// By how much the decoder may divide a part's size and still give at least the canvas.
int decoder_scale(const Geometry& geometry) {
  int scale = 8;
  while (scale > 1 && (geometry.part.width() < geometry.canvas_width * scale || geometry.part.height() < geometry.canvas_height * scale)) scale /= 2;
  return scale;
}

class Sampler {
 public:
  Sampler(const ImagePlan& plan, uint64_t seed, Scratch& scratch) : plan_(plan), seed_(seed), scratch_(scratch) {}

  // Decodes, and fixes `geometry` and `pixels`.
  void decode(const ImageSource& source) {
    if (source.width != 0) return take_pixels(source);
    const EncodedImage image = source.path.empty()
                                   ? EncodedImage{reinterpret_cast<const uint8_t*>(source.bytes.data()), source.bytes.size()}
                                   : read_file(source.path, scratch_.file);
    if (image.size == 0) throw ImageError{ImageFault::kBroken, "an empty file"};
    if (is_png(image)) return take_png(image);
    if (is_jpeg(image)) return take_jpeg(image);
    throw ImageError{ImageFault::kFormat, "another format"};
  }

  void write(const std::function<void*(int64_t, int64_t)>& allocate) {
    void* memory = allocate(geometry_.height, geometry_.width);
    const Window seen{std::max<int64_t>(geometry_.left, 0), std::max<int64_t>(geometry_.top, 0),
                      std::min(geometry_.left + geometry_.width, geometry_.canvas_width),
                      std::min(geometry_.top + geometry_.height, geometry_.canvas_height)};
    const bool is_seen = seen.width() > 0 && seen.height() > 0;  // padding can be wider than the crop
    const Pixels pixels = is_seen ? resize(seen) : Pixels{nullptr, 0, 0};
    if (plan_.is_float) spread(static_cast<float*>(memory), float_levels(), pixels, seen);
    else spread(static_cast<uint8_t*>(memory), byte_levels(), pixels, seen);
  }

 private:
  void take_pixels(const ImageSource& source) {
    check_pixels(static_cast<uint64_t>(source.width), static_cast<uint64_t>(source.height), plan_.max_pixels);
    const auto count = static_cast<size_t>(source.width * source.height);
    uint8_t* pixels = scratch_.pixels.reserve(count * 4);
    std::memcpy(pixels, source.bytes.data(), count * 4);
    flatten(pixels, count, plan_.alpha);
    pixels_ = {pixels, source.width, source.height};
    geometry_ = place(plan_, pixels_.width, pixels_.height, seed_);
  }

  void take_png(const EncodedImage& image) {
    const DecodedPng png = decode_png(image, plan_.alpha, plan_.max_pixels, scratch_.pixels);
    pixels_ = plan_.keeps_orientation ? png.pixels : turn_upright(png.pixels, png.orientation, scratch_.turned);
    geometry_ = place(plan_, pixels_.width, pixels_.height, seed_);
  }

  // The geometry is that of the picture in its full size, whatever the decoder makes of it: the draws are the same.
  void take_jpeg(const EncodedImage& image) {
    const int orientation = plan_.keeps_orientation ? 1 : jpeg_orientation(image);
    int scale = 1;
    auto choose_scale = [&](int64_t width, int64_t height) {
      geometry_ = swaps_edges(orientation) ? place(plan_, height, width, seed_) : place(plan_, width, height, seed_);
      if (plan_.scales_in_decoder) scale = decoder_scale(geometry_);
      return scale;
    };
    pixels_ = turn_upright(decode_jpeg(image, plan_.max_pixels, choose_scale, scratch_.pixels, scratch_.ink), orientation, scratch_.turned);
    shrink_ = scale;
  }

  // The part of the canvas that is seen.
  Pixels resize(const Window& seen) {
    const Window& part = geometry_.part;
    if (shrink_ == 1) {
      const Pixels cut{pixels_.data + (part.top * pixels_.width + part.left) * 3, pixels_.width, part.height()};
      return cut_and_resize(cut, part.width(), seen);
    }
    const double shrink = shrink_;
    const Box box{static_cast<double>(part.left) / shrink, static_cast<double>(part.top) / shrink,
                  std::min(static_cast<double>(part.right) / shrink, static_cast<double>(pixels_.width)),
                  std::min(static_cast<double>(part.bottom) / shrink, static_cast<double>(pixels_.height))};
    return resample(pixels_, box, geometry_.canvas_width, geometry_.canvas_height, seen, plan_.filter, scratch_.rows, scratch_.resized);
  }

  // `cut` has the rows of the part, each of which goes on beyond it.
  Pixels cut_and_resize(const Pixels& cut, int64_t width, const Window& seen) {
    const size_t stride = static_cast<size_t>(cut.width) * 3, narrow = static_cast<size_t>(width) * 3;
    if (width == cut.width) {
      const Box box{0, 0, static_cast<double>(width), static_cast<double>(cut.height)};
      return resample(cut, box, geometry_.canvas_width, geometry_.canvas_height, seen, plan_.filter, scratch_.rows, scratch_.resized);
    }
    // What lies beside the part must not be mixed into it.
    uint8_t* to = pixels_.data;
    for (int64_t y = 0; y < cut.height; ++y) std::memmove(to + static_cast<size_t>(y) * narrow, cut.data + static_cast<size_t>(y) * stride, narrow);
    const Pixels whole{to, width, cut.height};
    const Box box{0, 0, static_cast<double>(width), static_cast<double>(cut.height)};
    return resample(whole, box, geometry_.canvas_width, geometry_.canvas_height, seen, plan_.filter, scratch_.rows, scratch_.resized);
  }

  template <class T>
  struct Levels {
    T of[3][256];
  };

  // v times 1/255, less the mean, by the deviation, each step in float32: the numbers of torchvision's v2.ToDtype(scale=True) and Normalize.
  const Levels<float>& float_levels() const {
    static thread_local Levels<float> levels;
    for (int channel = 0; channel < 3; ++channel) {
      for (int level = 0; level < 256; ++level) {
        levels.of[channel][level] = (static_cast<float>(level) * static_cast<float>(1.0 / 255) - plan_.mean[channel]) / plan_.std[channel];
      }
    }
    return levels;
  }
  static const Levels<uint8_t>& byte_levels() {
    static const Levels<uint8_t> levels = [] {
      Levels<uint8_t> all;
      for (auto& channel : all.of) {
        for (int level = 0; level < 256; ++level) channel[level] = static_cast<uint8_t>(level);
      }
      return all;
    }();
    return levels;
  }

  template <class T>
  void spread(T* target, const Levels<T>& levels, const Pixels& pixels, const Window& seen) const {
    const int64_t width = geometry_.width, height = geometry_.height;
    const int64_t left = seen.left - geometry_.left, top = seen.top - geometry_.top;  // of the seen part in the result
    for (int channel = 0; channel < 3; ++channel) {
      const T* level = levels.of[channel];
      T* plane = target + channel * width * height;
      if (pixels.width != width || pixels.height != height) std::fill(plane, plane + width * height, level[plan_.fill[channel]]);
      for (int64_t y = 0; y < pixels.height; ++y) {
        const uint8_t* in = pixels.data + y * pixels.width * 3 + channel;
        T* out = plane + (top + y) * width;
        if (geometry_.is_flipped) {
          out += width - 1 - left;
          for (int64_t x = 0; x < pixels.width; ++x) out[-x] = level[in[x * 3]];
        } else {
          out += left;
          for (int64_t x = 0; x < pixels.width; ++x) out[x] = level[in[x * 3]];
        }
      }
    }
  }

  const ImagePlan& plan_;
  const uint64_t seed_;
  Scratch& scratch_;
  Geometry geometry_{};
  Pixels pixels_{};
  int shrink_ = 1;
};

}  // namespace

void make_sample(const ImageSource& source, const ImagePlan& plan, uint64_t seed, const std::function<void*(int64_t, int64_t)>& allocate) {
  static thread_local Scratch scratch;
  struct Trim {
    ~Trim() { scratch.trim(); }
  } trim;
  Sampler sampler(plan, seed, scratch);
  sampler.decode(source);
  sampler.write(allocate);
}

}  // namespace sconce
