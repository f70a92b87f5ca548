#include "compiler/import/onnx/window_attributes.h"

#include <fmt/format.h>

#include <utility>

#include "compiler/ir/same_padding.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Attribute of `count` integers.
std::vector<std::int64_t> sizes(const NodeTranslation& node, std::string_view attribute, std::size_t count,
                                std::vector<std::int64_t> otherwise) {
  std::vector<std::int64_t> found = node.integers(attribute).value_or(std::move(otherwise));
  if (found.size() != count) throw UserError(fmt::format("{} of {} numbers, allowed: {}", attribute, found.size(), count));
  return found;
}

void set_padding(const NodeTranslation& node, std::size_t num_spatial, WindowAttributes& window) {
  std::vector<std::int64_t> pads = sizes(node, "pads", 2 * num_spatial, std::vector<std::int64_t>(2 * num_spatial, 0));
  if (num_spatial == 1) pads = {0, pads[0], 0, pads[1]};
  window.pad_top = pads[0];
  window.pad_left = pads[1];
  window.pad_bottom = pads[2];
  window.pad_right = pads[3];
}

}  // namespace

WindowAttributes window_attributes(const NodeTranslation& node, std::size_t num_spatial, const TensorShape& input,
                                   const std::vector<std::int64_t>& kernel) {
  const auto vertical_first = [&](std::vector<std::int64_t> found) {
    if (num_spatial == 1) found.insert(found.begin(), 1);
    return found;
  };
  const std::vector<std::int64_t> ones(num_spatial, 1);
  const auto extents = vertical_first(sizes(node, "kernel_shape", num_spatial, kernel));
  const auto strides = vertical_first(sizes(node, "strides", num_spatial, ones));
  const auto dilations = vertical_first(sizes(node, "dilations", num_spatial, ones));
  WindowAttributes window{.kernel_height = extents[0],
                          .kernel_width = extents[1],
                          .stride_height = strides[0],
                          .stride_width = strides[1],
                          .dilation_height = dilations[0],
                          .dilation_width = dilations[1]};
  window.ceil_mode = node.integer("ceil_mode", 0) != 0;

  const std::string auto_pad = node.text("auto_pad", "NOTSET");
  if (auto_pad == "NOTSET" || auto_pad.empty()) {
    set_padding(node, num_spatial, window);
  } else if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER") {
    // Before the padding is known; the layer's own check comes after it.
    check_attributes({.name = node.name(), .kind = LayerKind::kMaxPool, .window = window});
    window = with_same_padding(window, input);
    if (auto_pad == "SAME_LOWER") {
      std::swap(window.pad_top, window.pad_bottom);
      std::swap(window.pad_left, window.pad_right);
    }
  } else if (auto_pad != "VALID") {
    throw UserError("auto_pad " + auto_pad + " is not one of NOTSET, SAME_UPPER, SAME_LOWER, VALID");
  }
  return window;
}

}  // namespace crossloom
