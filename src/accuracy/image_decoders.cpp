#include "accuracy/image_decoders.h"

#include <fmt/format.h>
#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <memory>

#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMostPixels = 4096 * 4096;

void require_size(std::int64_t height, std::int64_t width, const std::string& source_name) {
  if (height > 0 && width > 0 && height <= kMostPixels / width) return;
  throw UserError(fmt::format("{}: {} x {} pixels, allowed: 1 to {} in all", source_name, height, width, kMostPixels));
}

DecodedImage decode_png(std::string_view bytes, const std::string& source_name) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, void (*)(png_image*)> frees(&image, png_image_free);
  const auto refuse = [&] { throw UserError(source_name + ": no readable PNG image: " + std::string(image.message)); };
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) refuse();
  require_size(image.height, image.width, source_name);
  const bool is_grey = (image.format & PNG_FORMAT_FLAG_COLOR) == 0;
  image.format = is_grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  DecodedImage result{.height = image.height, .width = image.width, .num_channels = is_grey ? 1 : 3};
  result.pixels.resize(PNG_IMAGE_SIZE(image));
  const png_color black = {0, 0, 0};
  if (png_image_finish_read(&image, &black, result.pixels.data(), 0, nullptr) == 0) refuse();
  return result;
}

DecodedImage decode_jpeg(std::string_view bytes, const std::string& source_name) {
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
  if (!decoder) throw InternalError("decode_jpeg: no decoder");
  const auto refuse = [&] {
    throw UserError(source_name + ": no readable JPEG image: " + std::string(tjGetErrorStr2(decoder.get())));
  };
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(decoder.get(), data, bytes.size(), &width, &height, &subsampling, &colours) != 0) refuse();
  require_size(height, width, source_name);
  const bool is_grey = colours == TJCS_GRAY;
  DecodedImage result{.height = height, .width = width, .num_channels = is_grey ? 1 : 3};
  result.pixels.resize(static_cast<std::size_t>(height * std::int64_t{width} * result.num_channels));
  if (tjDecompress2(decoder.get(), data, bytes.size(), result.pixels.data(), width, 0, height, is_grey ? TJPF_GRAY : TJPF_RGB,
                    TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING) != 0) {
    refuse();
  }
  return result;
}

/// The next number of a netpbm header, behind spaces and comments; -1 when there is none.
std::int64_t next_number(std::string_view bytes, std::size_t& place) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (place < bytes.size() && (is_space(bytes[place]) || bytes[place] == '#')) {
    place = bytes[place] == '#' ? std::min(bytes.find('\n', place), bytes.size()) : place + 1;
  }
  std::int64_t number = -1;
  for (; place < bytes.size() && bytes[place] >= '0' && bytes[place] <= '9' && number < kMost; ++place) {
    number = std::max<std::int64_t>(number, 0) * 10 + (bytes[place] - '0');
  }
  return number;
}

DecodedImage decode_netpbm(std::string_view bytes, const std::string& source_name) {
  constexpr std::int64_t kByte = 255;
  std::size_t place = 2;
  const std::int64_t width = next_number(bytes, place);
  const std::int64_t height = next_number(bytes, place);
  const std::int64_t largest = next_number(bytes, place);
  require_size(height, width, source_name);
  if (largest < 1 || largest > kByte) {
    throw UserError(fmt::format("{}: largest value {}, allowed: 1 to {}", source_name, largest, kByte));
  }
  DecodedImage result{.height = height, .width = width, .num_channels = bytes[1] == '5' ? 1 : 3};
  const std::int64_t count = height * width * result.num_channels;
  const auto left =
      static_cast<std::int64_t>(bytes.size()) - static_cast<std::int64_t>(place) - 1;  // one space behind the header
  if (left < count) {
    throw UserError(
        fmt::format("{}: {} values, allowed: {} as its header says", source_name, std::max<std::int64_t>(left, 0), count));
  }
  result.pixels.reserve(static_cast<std::size_t>(count));
  for (const char c : bytes.substr(place + 1, static_cast<std::size_t>(count))) {
    const std::int64_t value = std::min<std::int64_t>(static_cast<unsigned char>(c), largest);
    result.pixels.push_back(static_cast<std::uint8_t>((value * kByte + largest / 2) / largest));
  }
  return result;
}

}  // namespace

bool is_image_name(std::string_view file_name) {
  constexpr std::array<std::string_view, 5> kEndings = {".png", ".jpg", ".jpeg", ".pgm", ".ppm"};
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return file_name.ends_with(ending); });
}

DecodedImage decode_image(std::string_view bytes, const std::string& source_name) {
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes, source_name);
  if (bytes.starts_with("\xFF\xD8")) return decode_jpeg(bytes, source_name);
  if (bytes.starts_with("P5") || bytes.starts_with("P6")) return decode_netpbm(bytes, source_name);
  throw UserError(source_name + ": no image, allowed: PNG, JPEG, binary PGM and PPM");
}

}  // namespace crossloom
