// Decodes JPEG. libjpeg reports errors by longjmp: the functions that it may leave so (`read_header`, `begin_rows`, `read_rows`) hold nothing that needs a destructor.
#include "image-jpeg.h"

#ifdef SCONCE_HAS_JPEG
#include <cstdio>
// These two need stdio's types before them.
#include <jpeglib.h>
#include <jerror.h>

#include <csetjmp>
#define SCONCE_TEXT_(x) #x
#define SCONCE_TEXT(x) SCONCE_TEXT_(x)
#endif

namespace sconce {

bool is_jpeg(const EncodedImage& image) {
  return image.size >= 3 && image.bytes[0] == 0xff && image.bytes[1] == 0xd8 && image.bytes[2] == 0xff;
}

#ifdef SCONCE_HAS_JPEG

const char* jpeg_version() { return SCONCE_TEXT(LIBJPEG_TURBO_VERSION); }

namespace {

// A progressive file of a few bytes can ask for thousands of passes over all pixels. Encoders write about ten.
constexpr int kMaxScans = 100;
constexpr uint64_t kMaxScannedPixels = uint64_t{1} << 31;

struct Reader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX > 160 ? JMSG_LENGTH_MAX : 160] = "";

  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { jpeg_destroy_decompress(&jpeg); }  // does nothing for one that was never made
};

Reader& reader_of(j_common_ptr jpeg) { return *static_cast<Reader*>(jpeg->client_data); }

[[noreturn]] void give_up(j_common_ptr jpeg) {
  Reader& reader = reader_of(jpeg);
  if (jpeg->err->msg_code == JWRN_JPEG_EOF) std::snprintf(reader.message, sizeof reader.message, "a file that is cut short");
  else jpeg->err->format_message(jpeg, reader.message);
  longjmp(reader.jump, 1);
}

// Bytes that make no sense in the middle are passed over, as every viewer does; a file that ends early is not whole.
void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  if (jpeg->err->msg_code == JWRN_JPEG_EOF) give_up(jpeg);
  ++jpeg->err->num_warnings;
}

void on_progress(j_common_ptr common) {
  auto* jpeg = reinterpret_cast<j_decompress_ptr>(common);
  const int scan = jpeg->input_scan_number;
  const uint64_t pixels = uint64_t{jpeg->image_width} * jpeg->image_height;
  if (scan <= kMaxScans && (scan <= 16 || scan * pixels <= kMaxScannedPixels)) return;
  Reader& reader = reader_of(common);
  std::snprintf(reader.message, sizeof reader.message, "one with more than %d scans", scan - 1);
  longjmp(reader.jump, 1);
}

bool read_header(Reader& reader, const EncodedImage& image) {
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.errors.error_exit = give_up;
  reader.errors.emit_message = on_message;
  if (setjmp(reader.jump)) return false;
  jpeg_create_decompress(&reader.jpeg);
  reader.jpeg.client_data = &reader;
  reader.progress.progress_monitor = on_progress;
  reader.jpeg.progress = &reader.progress;
  jpeg_mem_src(&reader.jpeg, image.bytes, static_cast<unsigned long>(image.size));
  jpeg_read_header(&reader.jpeg, TRUE);
  return true;
}

bool begin_rows(Reader& reader, int scale) {
  if (setjmp(reader.jump)) return false;
  auto& jpeg = reader.jpeg;
  const bool is_inked = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = is_inked ? JCS_CMYK : JCS_RGB;
  jpeg.dct_method = JDCT_ISLOW;
  jpeg.scale_num = 1;
  jpeg.scale_denom = static_cast<unsigned>(scale);
  jpeg_start_decompress(&jpeg);
  return true;
}

uint8_t times(uint32_t a, uint32_t b) {  // a * b / 255, rounded
  uint32_t product = a * b + 128;
  return static_cast<uint8_t>((product + (product >> 8)) >> 8);
}

// Ink as Adobe writes it, 255 for none. What is printed over each other is multiplied.
void to_light(const uint8_t* ink, uint8_t* light, size_t count) {
  for (size_t i = 0; i < count; ++i, ink += 4, light += 3) {
    for (int channel = 0; channel < 3; ++channel) light[channel] = static_cast<uint8_t>(ink[3] - times(255u - ink[channel], ink[3]));
  }
}

bool read_rows(Reader& reader, uint8_t* target, uint8_t* ink) {
  if (setjmp(reader.jump)) return false;
  auto& jpeg = reader.jpeg;
  const size_t stride = size_t{jpeg.output_width} * 3;
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW line = ink ? ink : target + jpeg.output_scanline * stride;
    const size_t y = jpeg.output_scanline;
    jpeg_read_scanlines(&jpeg, &line, 1);
    if (ink) to_light(ink, target + y * stride, jpeg.output_width);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

[[noreturn]] void fail(const Reader& reader) { throw ImageError{ImageFault::kBroken, reader.message}; }

}  // namespace

Pixels decode_jpeg(const EncodedImage& image, uint64_t max_pixels, const std::function<int(int64_t, int64_t)>& choose_scale, ImageBuffer& target,
                   ImageBuffer& row) {
  Reader reader;
  reader.jpeg.client_data = &reader;
  if (!read_header(reader, image)) fail(reader);
  const auto& jpeg = reader.jpeg;
  check_pixels(jpeg.image_width, jpeg.image_height, max_pixels);
  if (!begin_rows(reader, choose_scale(jpeg.image_width, jpeg.image_height))) fail(reader);
  const size_t width = jpeg.output_width, height = jpeg.output_height;
  uint8_t* pixels = target.reserve(width * height * 3);
  uint8_t* ink = jpeg.out_color_space == JCS_CMYK ? row.reserve(width * 4) : nullptr;
  if (!read_rows(reader, pixels, ink)) fail(reader);
  return {pixels, static_cast<int64_t>(width), static_cast<int64_t>(height)};
}

#else

const char* jpeg_version() { return nullptr; }

Pixels decode_jpeg(const EncodedImage&, uint64_t, const std::function<int(int64_t, int64_t)>&, ImageBuffer&, ImageBuffer&) {
  throw ImageError{ImageFault::kFormat, "a JPEG file, without libjpeg-turbo"};
}

#endif

}  // namespace sconce
