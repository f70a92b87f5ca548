#pragma once

#include <string>
#include <string_view>

#include "accuracy/image_set.h"

namespace crossloom {

/// Appends the records of a CIFAR-10 file in its binary layout (Krizhevsky, "Learning multiple layers of features from tiny
/// images", 2009): a label byte, then 3072 bytes, the red, green and blue planes of 32 x 32. Any number of records. Throws
/// UserError naming file and offset: an empty file, a size that is no multiple of 3073, a label above 9.
void append_cifar10(std::string_view bytes, const std::string& source_name, ImageSet& images);

/// Reads data_batch_*.bin (to calibrate on) and test_batch.bin of a folder. Throws UserError when there is no test_batch.bin,
/// no data_batch_*.bin, or a file that append_cifar10 refuses.
[[nodiscard]] ImageData load_cifar10(const std::string& folder);

}  // namespace crossloom
