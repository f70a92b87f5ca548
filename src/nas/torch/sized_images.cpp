#include "nas/torch/sized_images.h"

#include <fmt/format.h>

#include "support/error.h"
#include "training/resized_images.h"

namespace crossloom {

SizedImages::SizedImages(const SearchSpace& space, const ImageSet& images) : original_(&images) {
  const std::int64_t num_classes = space.head[static_cast<std::size_t>(classifier_of(space))].num_output_channels;
  if (num_classes != images.num_classes) {
    throw UserError(fmt::format("classes: {}, those of {} are {}", num_classes, images.source, images.num_classes));
  }
  for (const TensorShape& shape : space.input_shapes) {
    if (shape.channels != images.shape.channels) {
      throw UserError(fmt::format("input: images of {} channels, those of {} have {}", shape.channels, images.source,
                                  images.shape.channels));
    }
    if (shape != images.shape)
      resized_.emplace(std::pair(shape.height, shape.width), resized(images, shape.height, shape.width));
  }
}

const ImageSet& SizedImages::of(const TensorShape& shape) const {
  return shape == original_->shape ? *original_ : resized_.at({shape.height, shape.width});
}

}  // namespace crossloom
