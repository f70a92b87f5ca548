#pragma once

#include "compiler/import/layer_description.h"
#include "support/config_reader.h"

namespace crossloom {

/// Reads `kernel`, `stride`, `dilation`, `padding` and `ceil_mode` as convolution and pooling layers write them: one number for
/// both directions, or [vertical, horizontal]; padding also [top, left, bottom, right] or `same`. Throws UserError.
void read_convolution_window(ConfigReader& reader, LayerDescription& description);
void read_pooling_window(ConfigReader& reader, LayerDescription& description);
/// `padding` of a pad layer, in numbers.
void read_padding(ConfigReader& reader, WindowAttributes& window);

}  // namespace crossloom
