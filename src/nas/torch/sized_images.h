#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "accuracy/image_set.h"
#include "nas/space/search_space.h"

namespace crossloom {

/// Images in every size that the networks of a space take.
class SizedImages {
 public:
  /// `images` must outlive it. Throws UserError when they have other channels or classes than the networks.
  SizedImages(const SearchSpace& space, const ImageSet& images);

  [[nodiscard]] const ImageSet& of(const TensorShape& shape) const;
  [[nodiscard]] const ImageSet& original() const { return *original_; }

 private:
  const ImageSet* original_;
  std::map<std::pair<std::int64_t, std::int64_t>, ImageSet> resized_;  ///< by height and width
};

}  // namespace crossloom
