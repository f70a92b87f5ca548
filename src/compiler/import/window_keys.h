#pragma once

#include <string_view>

#include "compiler/import/layer_description.h"
#include "support/config_reader.h"

namespace crossloom {

/// Reads `kernel`, `stride`, `dilation`, `padding` and `ceil_mode` as convolution and pooling layers write them: one number for
/// both directions, or [vertical, horizontal]; padding also [top, left, bottom, right] or `same`. Throws UserError.
void read_convolution_window(ConfigReader& reader, LayerDescription& description);
void read_pooling_window(ConfigReader& reader, LayerDescription& description);
/// Pixels on the four sides of the image under `key`, in numbers, into the window's padding.
void read_margins(ConfigReader& reader, std::string_view key, WindowAttributes& window);

}  // namespace crossloom
