#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/ir/network.h"
#include "support/config_reader.h"

namespace crossloom {

/// Name that layers of a network file use for the image.
inline constexpr std::string_view kInputName = "input";

/// A layer as a network file describes it: inputs by name, and attributes that wait for the shapes of earlier layers.
struct LayerDescription {
  Layer layer;  ///< without `inputs`; `num_output_channels` is 1 as long as it waits
  std::vector<std::string> input_names;
  std::size_t entry = 0;           ///< index in the file's list of layers; the parts of a squeeze_excite share one
  bool has_same_padding = false;   ///< `padding: same`
  bool is_depthwise = false;       ///< as many groups and output channels as input channels
  bool restores_channels = false;  ///< as many output channels as the layer it reads has input channels
};

/// Reads one element of the list of layers and refuses unknown keys. `previous` is the layer whose output is the input when
/// none is named. A squeeze_excite becomes four layers, the last of which bears its name. Throws UserError.
[[nodiscard]] std::vector<LayerDescription> read_layer(ConfigReader& reader, std::size_t entry, const std::string& previous);

}  // namespace crossloom
