#pragma once

#include <cstdint>
#include <string>

#include "accuracy/image_decoders.h"
#include "accuracy/image_set.h"

namespace crossloom {

/// Appends an image in CHW order, with `num_channels` channels; a grey one has three equal ones where colour is asked for.
/// Throws UserError naming the source when it is of another size than images.shape; the first image of a set without shape sets
/// it.
void append_image(const DecodedImage& image, const std::string& source_name, std::int64_t num_channels, ImageSet& images);

/// Reads a folder of images by class: train/<class>/* and test/<class>/*, those files that decode_image knows by name. Classes
/// are the folders of train in alphabetical order, at most 256, and images those of each in alphabetical order; of the test
/// images one of each class in turn, so that the first ones are of all classes. Images have one channel when all are grey.
/// Throws UserError: a folder of test that train has not, a class without training images, images of different sizes.
[[nodiscard]] ImageData load_image_folders(const std::string& folder);

}  // namespace crossloom
