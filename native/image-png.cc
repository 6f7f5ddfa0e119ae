// Decodes PNG. libpng reports errors by longjmp: the functions that it may leave so (`read_header`, `begin_rows`, `read_rows`) hold nothing that needs a destructor.
#include "image-png.h"

#include <cstring>

#include "image-orientation.h"

#ifdef SCONCE_HAS_PNG
#include <png.h>

#include <csetjmp>
#include <cstdio>
#endif

namespace sconce {

bool is_png(const EncodedImage& image) {
  static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  return image.size >= sizeof signature && std::memcmp(image.bytes, signature, sizeof signature) == 0;
}

#ifdef SCONCE_HAS_PNG

const char* png_version() { return png_get_libpng_ver(nullptr); }

namespace {

struct Reader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const uint8_t* at = nullptr;
  size_t left = 0;
  int num_passes = 1;
  char message[160] = "";

  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    if (png) png_destroy_read_struct(&png, &info, nullptr);
  }
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto* reader = static_cast<Reader*>(png_get_error_ptr(png));
  std::snprintf(reader->message, sizeof reader->message, "%s", message);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void give_bytes(png_structp png, png_bytep target, size_t count) {
  auto* reader = static_cast<Reader*>(png_get_io_ptr(png));
  if (count > reader->left) png_error(png, "a file that is cut short");
  std::memcpy(target, reader->at, count);
  reader->at += count;
  reader->left -= count;
}

// Chunks that change no pixel here. Some of them are compressed, and would be inflated for nothing.
const png_byte kIgnored[] = "iCCP\0iTXt\0tEXt\0zTXt\0sPLT\0sRGB\0gAMA\0cHRM\0hIST\0pCAL\0sCAL\0tIME\0pHYs\0oFFs\0bKGD\0sBIT";
static_assert(sizeof kIgnored == 16 * 5);

bool read_header(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_set_read_fn(reader.png, &reader, give_bytes);
  // Sizes are checked against the caller's limit when they are known.
  png_set_user_limits(reader.png, 0x7fffffff, 0x7fffffff);
  // A chunk with a wrong checksum is an error even where it could be left out: it may have said which pixels are transparent.
  png_set_crc_action(reader.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
#ifdef PNG_HANDLE_AS_UNKNOWN_SUPPORTED
  png_set_keep_unknown_chunks(reader.png, PNG_HANDLE_CHUNK_NEVER, kIgnored, 16);
#endif
  png_read_info(reader.png, reader.info);
  return true;
}

// Asks for 8 bits of red, green, blue and, where the picture has any and `with_alpha`, alpha.
bool begin_rows(Reader& reader, bool with_alpha) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_set_expand(reader.png);
  png_set_strip_16(reader.png);
  png_set_gray_to_rgb(reader.png);
  if (!with_alpha) png_set_strip_alpha(reader.png);
  reader.num_passes = png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  const int channels = png_get_channels(reader.png, reader.info);
  if (png_get_bit_depth(reader.png, reader.info) != 8 || channels < 3 || channels > 4) png_error(reader.png, "pixels of another kind than its header says");
  return true;
}

bool read_rows(Reader& reader, uint8_t* target, size_t stride) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  const png_uint_32 height = png_get_image_height(reader.png, reader.info);
  for (int pass = 0; pass < reader.num_passes; ++pass) {
    for (png_uint_32 y = 0; y < height; ++y) png_read_row(reader.png, target + y * stride, nullptr);
  }
  png_read_end(reader.png, reader.info);
  return true;
}

int find_orientation(Reader& reader) {
#ifdef PNG_eXIf_SUPPORTED
  png_uint_32 count = 0;
  png_bytep exif = nullptr;
  if (png_get_eXIf_1(reader.png, reader.info, &count, &exif)) return exif_orientation(exif, count);
#endif
  return 1;
}

[[noreturn]] void fail(const Reader& reader) { throw ImageError{ImageFault::kBroken, reader.message}; }

}  // namespace

DecodedPng decode_png(const EncodedImage& image, const AlphaRule& alpha, uint64_t max_pixels, ImageBuffer& target) {
  Reader reader;
  reader.at = image.bytes;
  reader.left = image.size;
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning);
  if (!reader.png) throw std::bad_alloc();
  reader.info = png_create_info_struct(reader.png);
  if (!reader.info) throw std::bad_alloc();
  if (!read_header(reader)) fail(reader);
  const uint64_t width = png_get_image_width(reader.png, reader.info);
  const uint64_t height = png_get_image_height(reader.png, reader.info);
  check_pixels(width, height, max_pixels);
  if (!begin_rows(reader, !alpha.is_ignored)) fail(reader);
  const bool has_alpha = png_get_channels(reader.png, reader.info) == 4;
  const size_t stride = png_get_rowbytes(reader.png, reader.info);
  uint8_t* pixels = target.reserve(stride * height);
  if (!read_rows(reader, pixels, stride)) fail(reader);
  if (has_alpha) flatten(pixels, static_cast<size_t>(width * height), alpha);
  return {{pixels, static_cast<int64_t>(width), static_cast<int64_t>(height)}, find_orientation(reader)};
}

#else

const char* png_version() { return nullptr; }

DecodedPng decode_png(const EncodedImage&, const AlphaRule&, uint64_t, ImageBuffer&) {
  throw ImageError{ImageFault::kFormat, "a PNG file, without libpng"};
}

#endif

}  // namespace sconce
