// Sizes and places as torchvision's transforms compute them, and the random draws.
#include "image-geometry.h"

#include <algorithm>
#include <cmath>

#include "image-random.h"

namespace sconce {
namespace {

int64_t rounded(double value) { return static_cast<int64_t>(std::nearbyint(value)); }  // halves to even, as Python's round

void fit_canvas(const ImagePlan& plan, Geometry& geometry) {
  const int64_t width = geometry.canvas_width, height = geometry.canvas_height;
  switch (plan.fit) {
    case Fit::kNone: return;
    case Fit::kExact:
      geometry.canvas_width = plan.fit_width;
      geometry.canvas_height = plan.fit_height;
      return;
    case Fit::kShorterEdge: {
      const int64_t shorter = plan.fit_height;
      const int64_t longer = static_cast<int64_t>(static_cast<double>(shorter * std::max(width, height)) / static_cast<double>(std::min(width, height)));
      geometry.canvas_width = width <= height ? shorter : longer;
      geometry.canvas_height = width <= height ? longer : shorter;
      return;
    }
    case Fit::kInside: {
      const double scale = std::min(static_cast<double>(plan.fit_width) / static_cast<double>(width),
                                    static_cast<double>(plan.fit_height) / static_cast<double>(height));
      geometry.canvas_width = std::max<int64_t>(static_cast<int64_t>(std::round(static_cast<double>(width) * scale)), 1);
      geometry.canvas_height = std::max<int64_t>(static_cast<int64_t>(std::round(static_cast<double>(height) * scale)), 1);
      return;
    }
  }
}

// The part that RandomResizedCrop draws: ten tries, then the largest in the middle whose proportions are allowed.
Window draw_part(const ImagePlan& plan, int64_t width, int64_t height, SampleRandom& random) {
  const double area = static_cast<double>(width) * static_cast<double>(height);
  const double low = std::log(plan.ratio[0]), high = std::log(plan.ratio[1]);
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double target = area * random.between(plan.scale[0], plan.scale[1]);
    const double ratio = std::exp(random.between(low, high));
    const int64_t part_width = rounded(std::sqrt(target * ratio)), part_height = rounded(std::sqrt(target / ratio));
    if (part_width < 1 || part_width > width || part_height < 1 || part_height > height) continue;
    const int64_t top = random.below(static_cast<uint32_t>(height - part_height + 1));
    const int64_t left = random.below(static_cast<uint32_t>(width - part_width + 1));
    return {left, top, left + part_width, top + part_height};
  }
  const double proportions = static_cast<double>(width) / static_cast<double>(height);
  int64_t part_width = width, part_height = height;
  if (proportions < plan.ratio[0]) part_height = std::min(rounded(static_cast<double>(width) / plan.ratio[0]), height);
  else if (proportions > plan.ratio[1]) part_width = std::min(rounded(static_cast<double>(height) * plan.ratio[1]), width);
  part_width = std::max<int64_t>(part_width, 1);
  part_height = std::max<int64_t>(part_height, 1);
  const int64_t left = (width - part_width) / 2, top = (height - part_height) / 2;
  return {left, top, left + part_width, top + part_height};
}

}  // namespace

Geometry place(const ImagePlan& plan, int64_t width, int64_t height, uint64_t seed) {
  SampleRandom random(seed);
  Geometry geometry{{0, 0, width, height}, width, height, 0, 0, width, height, false};
  fit_canvas(plan, geometry);
  // A sliver of a picture can become longer than memory: one of 65535 x 1 at 224 for its shorter edge.
  check_pixels(static_cast<uint64_t>(geometry.canvas_width), static_cast<uint64_t>(geometry.canvas_height), plan.max_pixels);
  if (plan.has_fixed_size()) {
    geometry.width = plan.fixed_width();
    geometry.height = plan.fixed_height();
  } else {
    geometry.width = geometry.canvas_width;
    geometry.height = geometry.canvas_height;
  }
  const int64_t spare_width = geometry.canvas_width + 2 * plan.padding - geometry.width;
  const int64_t spare_height = geometry.canvas_height + 2 * plan.padding - geometry.height;
  if ((plan.crop == Crop::kCentre || plan.crop == Crop::kRandom) && (spare_width < 0 || spare_height < 0)) {
    throw ImageError{ImageFault::kTooSmall, std::to_string(geometry.canvas_height + 2 * plan.padding) + " x " +
                                                std::to_string(geometry.canvas_width + 2 * plan.padding)};
  }
  switch (plan.crop) {
    case Crop::kNone:  // in the middle where it is fitted inside, else all of it
      geometry.left = -((geometry.width - geometry.canvas_width) / 2);
      geometry.top = -((geometry.height - geometry.canvas_height) / 2);
      break;
    case Crop::kCentre:
      geometry.left = rounded(static_cast<double>(spare_width) / 2);
      geometry.top = rounded(static_cast<double>(spare_height) / 2);
      break;
    case Crop::kRandom:
      geometry.top = random.below(static_cast<uint32_t>(spare_height + 1)) - plan.padding;
      geometry.left = random.below(static_cast<uint32_t>(spare_width + 1)) - plan.padding;
      break;
    case Crop::kRandomResized:
      geometry.part = draw_part(plan, width, height, random);
      geometry.canvas_width = geometry.width;
      geometry.canvas_height = geometry.height;
      break;
  }
  geometry.is_flipped = plan.flip > 0 && random.uniform() < plan.flip;
  return geometry;
}

}  // namespace sconce
