#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "accuracy/image_set.h"
#include "nas/space/search_space.h"

namespace crossloom {

/// A trained supernet: shared numbers of a space (SharedLayout), and what they were trained on.
struct Supernet {
  std::string space;                 ///< identity: supernet_space
  std::string data;                  ///< hash of the training images (images_hash)
  double validation_fraction = 0.0;  ///< of the training images, held out (split_images)
  std::int64_t seed = 0;             ///< of that split
  std::int64_t num_epochs = 0;
  PixelNormalization normalization;
  std::vector<float> values;
  friend bool operator==(const Supernet&, const Supernet&) = default;
};

inline constexpr std::string_view kSupernetFile = "supernet.bin";

/// Name of a space and hash of its networks, each value of each gene.
[[nodiscard]] std::string supernet_space(const SearchSpace& space);

/// Hash of its values.
[[nodiscard]] std::string values_hash(const Supernet& supernet);

/// Writes a supernet as a sealed file (training/binary_file.h), its values in 16 bits each. Throws UserError.
void write_supernet(const std::string& path, const Supernet& supernet);

/// Reads the supernet of a space. Throws UserError `path: ...` for a file that is missing, cut short, damaged, of another
/// version or another space.
[[nodiscard]] Supernet read_supernet(const std::string& path, const SearchSpace& space);

}  // namespace crossloom
