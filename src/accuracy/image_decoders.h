#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

struct DecodedImage {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t num_channels = 0;          ///< 1 grey; 3 red, green, blue
  std::vector<std::uint8_t> pixels = {};  ///< row by row, a pixel's channels side by side
};

/// Whether a file name ends as those of images do that `decode_image` knows: .png, .jpg, .jpeg, .pgm, .ppm.
[[nodiscard]] bool is_image_name(std::string_view file_name);

/// Decodes a PNG (ISO/IEC 15948; transparent pixels lie on black), a JPEG (ITU-T T.81), or a binary PGM or PPM of bytes
/// (netpbm), as the first bytes say. Throws UserError naming the source: none of these, damaged, more than 4096 x 4096 pixels.
[[nodiscard]] DecodedImage decode_image(std::string_view bytes, const std::string& source_name);

}  // namespace crossloom
