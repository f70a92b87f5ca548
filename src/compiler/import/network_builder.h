#pragma once

#include <span>
#include <vector>

#include "compiler/import/layer_description.h"

namespace crossloom {

/// Joins the described layers to `image` (a network of the input layer alone, with its shape): resolves names, sorts
/// topologically (stable), settles the attributes that wait for shapes, infers and checks. `readers[entry]` says where a layer
/// stands. Throws UserError `source:line: layers[entry]...`. O(layers log layers + inputs).
[[nodiscard]] Network build_network(Network image, const std::vector<LayerDescription>& descriptions,
                                    std::span<const ConfigReader> readers);

}  // namespace crossloom
