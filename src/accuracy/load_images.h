#pragma once

#include <cstdint>
#include <string>

#include "accuracy/image_set.h"

namespace crossloom {

/// `synthetic`, or a folder with the files of CIFAR-10 in binary, of MNIST in IDX, or of PNG images by class. `num_synthetic`
/// test images are made up. Throws UserError, also for a folder that holds none of them.
[[nodiscard]] ImageData load_images(const std::string& name_or_folder, std::int64_t num_synthetic, std::uint64_t seed);

}  // namespace crossloom
