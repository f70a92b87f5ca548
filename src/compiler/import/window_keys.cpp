#include "compiler/import/window_keys.h"

#include <algorithm>

namespace crossloom {
namespace {

struct Pair {
  std::int64_t vertical = 1;
  std::int64_t horizontal = 1;
};

constexpr IntegerRange kSize{1, kMaxExtent};
constexpr IntegerRange kPadding{0, kMaxExtent};

/// The value under `key`, or nullptr.
const Document* value_of(const ConfigReader& reader, std::string_view key) {
  const auto& members = reader.node().members;
  const auto member = std::ranges::find(members, key, [](const auto& entry) -> const std::string& { return entry.first; });
  return member == members.end() ? nullptr : &member->second;
}

bool is_list(const ConfigReader& reader, std::string_view key) {
  const Document* value = value_of(reader, key);
  return value != nullptr && value->kind == Document::Kind::kSequence;
}

Pair read_pair(ConfigReader& reader, std::string_view key) {
  if (!is_list(reader, key)) {
    const std::int64_t size = reader.integer(key, kSize);
    return {size, size};
  }
  const std::vector<std::int64_t> sizes = reader.integers(key, kSize);
  if (sizes.size() != 2)
    reader.fail(key, "a list of " + std::to_string(sizes.size()) + ", allowed: an integer or [vertical, horizontal]");
  return {sizes[0], sizes[1]};
}

void read_kernel(ConfigReader& reader, WindowAttributes& window) {
  const Pair kernel = read_pair(reader, "kernel");
  window.kernel_height = kernel.vertical;
  window.kernel_width = kernel.horizontal;
}

void read_stride(ConfigReader& reader, WindowAttributes& window) {
  const Pair stride = read_pair(reader, "stride");
  window.stride_height = stride.vertical;
  window.stride_width = stride.horizontal;
}

/// `padding` of a sliding window; absent means none.
void read_window_padding(ConfigReader& reader, LayerDescription& description) {
  if (!reader.has("padding")) return;
  const Document* value = value_of(reader, "padding");
  description.has_same_padding = value->kind == Document::Kind::kScalar && value->scalar == "same";
  if (!description.has_same_padding) read_margins(reader, "padding", description.layer.window);
}

}  // namespace

void read_margins(ConfigReader& reader, std::string_view key, WindowAttributes& window) {
  std::vector<std::int64_t> pads =
      is_list(reader, key) ? reader.integers(key, kPadding) : std::vector{reader.integer(key, kPadding)};
  if (pads.size() == 1 && !is_list(reader, key)) pads.push_back(pads[0]);
  if (pads.size() == 2) pads.insert(pads.end(), {pads[0], pads[1]});
  if (pads.size() != 4) {
    reader.fail(key, "a list of " + std::to_string(pads.size()) +
                         ", allowed: an integer, [vertical, horizontal] or [top, left, bottom, right]");
  }
  window.pad_top = pads[0];
  window.pad_left = pads[1];
  window.pad_bottom = pads[2];
  window.pad_right = pads[3];
}

void read_convolution_window(ConfigReader& reader, LayerDescription& description) {
  WindowAttributes& window = description.layer.window;
  read_kernel(reader, window);
  if (reader.has("stride")) read_stride(reader, window);
  if (reader.has("dilation")) {
    const Pair dilation = read_pair(reader, "dilation");
    window.dilation_height = dilation.vertical;
    window.dilation_width = dilation.horizontal;
  }
  read_window_padding(reader, description);
}

void read_pooling_window(ConfigReader& reader, LayerDescription& description) {
  read_kernel(reader, description.layer.window);
  // Required: without it PyTorch and Keras step by the kernel, ONNX by one pixel.
  read_stride(reader, description.layer.window);
  read_window_padding(reader, description);
  if (reader.has("ceil_mode")) description.layer.window.ceil_mode = reader.boolean("ceil_mode");
}

}  // namespace crossloom
