#pragma once

#include <string>
#include <string_view>

#include "accuracy/image_set.h"

namespace crossloom {

/// Appends a PNG image (ISO/IEC 15948) in CHW order, with `num_channels` channels: 1 grey, 3 red, green, blue; transparent
/// pixels lie on black. Throws UserError naming the source: no PNG, damaged, or of another size than images.shape; the first
/// image of a set without shape sets it.
void append_png(std::string_view bytes, const std::string& source_name, std::int64_t num_channels, ImageSet& images);

/// Reads a folder of images by class: train/<class>/*.png and test/<class>/*.png. Classes are the folders of train in
/// alphabetical order, at most 256, and images those of each in alphabetical order; of the test images one of each class in
/// turn, so that the first ones are of all classes. Images have one channel when all are grey. Throws UserError: a folder of
/// test that train has not, a class without training images, images of different sizes.
[[nodiscard]] ImageData load_image_folders(const std::string& folder);

}  // namespace crossloom
