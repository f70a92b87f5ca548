#include "accuracy/idx_files.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::size_t kExtentBytes = 4;
constexpr std::uint8_t kUnsignedBytes = 0x08;

std::uint8_t byte_at(std::string_view bytes, std::size_t offset) { return static_cast<std::uint8_t>(bytes[offset]); }

std::int64_t extent_at(std::string_view bytes, std::size_t offset) {
  constexpr std::int64_t kByte = 256;
  std::int64_t extent = 0;
  for (std::size_t i = 0; i < kExtentBytes; ++i) extent = extent * kByte + byte_at(bytes, offset + i);
  return extent;
}

/// The file of this name, plain or compressed.
std::string read_plain_or_gz(const std::string& folder, const std::string& name, std::string& path) {
  path = (std::filesystem::path(folder) / name).string();
  if (!std::filesystem::exists(path) && std::filesystem::exists(path + ".gz")) path += ".gz";
  return gunzipped(read_text_file(path), path);
}

ImageSet load_set(const std::string& folder, const std::string& prefix) {
  std::string image_path;
  std::string label_path;
  IdxBytes images = parse_idx(read_plain_or_gz(folder, prefix + "-images-idx3-ubyte", image_path), image_path);
  IdxBytes labels = parse_idx(read_plain_or_gz(folder, prefix + "-labels-idx1-ubyte", label_path), label_path);
  if (images.extents.size() != 3 || labels.extents.size() != 1) {
    throw UserError(fmt::format("{}: {} extents, allowed: 3 of images, 1 of labels",
                                images.extents.size() != 3 ? image_path : label_path,
                                images.extents.size() != 3 ? images.extents.size() : labels.extents.size()));
  }
  if (images.extents[0] != labels.extents[0]) {
    throw UserError(fmt::format("{}: {} labels, allowed: {}, the images of {}", label_path, labels.extents[0],
                                images.extents[0], image_path));
  }
  if (images.values.empty()) throw UserError(image_path + ": has no images");
  const std::uint8_t most = *std::ranges::max_element(labels.values);
  return {.source = folder,
          .shape = {.channels = 1, .height = images.extents[1], .width = images.extents[2]},
          .num_classes = std::int64_t{most} + 1,
          .bytes = std::move(images.values),
          .labels = std::move(labels.values)};
}

}  // namespace

IdxBytes parse_idx(std::string_view bytes, const std::string& source_name) {
  constexpr std::size_t kMagicBytes = 4;
  if (bytes.size() < kMagicBytes || byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0) {
    throw UserError(source_name + ": offset 0: does not begin like an IDX file (two zero bytes)");
  }
  if (byte_at(bytes, 2) != kUnsignedBytes) {
    throw UserError(fmt::format("{}: offset 2: element type {}, allowed: 8, unsigned bytes", source_name, byte_at(bytes, 2)));
  }
  const std::size_t num_extents = byte_at(bytes, 3);
  constexpr std::size_t kMostExtents = 4;
  const std::size_t header = kMagicBytes + num_extents * kExtentBytes;
  if (num_extents == 0 || num_extents > kMostExtents || bytes.size() < header) {
    throw UserError(
        fmt::format("{}: offset 3: {} extents, allowed: 1 to {}, all there", source_name, num_extents, kMostExtents));
  }
  IdxBytes result;
  std::int64_t count = 1;
  constexpr std::int64_t kMostValues = std::int64_t{1} << 30;
  for (std::size_t i = 0; i < num_extents; ++i) {
    const std::size_t offset = kMagicBytes + i * kExtentBytes;
    result.extents.push_back(extent_at(bytes, offset));
    if (result.extents.back() == 0 || result.extents.back() > kMostValues / count) {
      throw UserError(fmt::format("{}: offset {}: extent {}, allowed: at least 1, at most {} values in all", source_name,
                                  offset, result.extents.back(), kMostValues));
    }
    count *= result.extents.back();
  }
  if (static_cast<std::int64_t>(bytes.size() - header) != count) {
    throw UserError(fmt::format("{}: offset {}: {} values, allowed: {} as its extents say", source_name, header,
                                bytes.size() - header, count));
  }
  result.values.assign(bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.end());
  return result;
}

std::string gunzipped(std::string_view bytes, const std::string& source_name) {
  constexpr std::string_view kMagic = "\x1f\x8b";
  if (!bytes.starts_with(kMagic)) return std::string(bytes);
  constexpr int kGzipWindow = 16 + MAX_WBITS;  // zlib: 16 asks for the gzip format
  constexpr std::size_t kMostBytes = std::size_t{1} << 30;
  constexpr std::size_t kPiece = 65'536;
  z_stream stream = {};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw InternalError("gunzipped: zlib does not start");
  // zlib's interface takes a pointer to bytes it does not change.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string result;
  std::array<char, kPiece> piece = {};
  int status = Z_OK;
  while (status == Z_OK && result.size() <= kMostBytes) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());  // NOLINT
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    result.append(piece.data(), piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result.size() > kMostBytes) throw UserError(source_name + ": more than 1 GiB when decompressed");
  if (status != Z_STREAM_END) throw UserError(source_name + ": a damaged or truncated gzip file");
  return result;
}

ImageData load_idx(const std::string& folder) {
  ImageData data{.train = load_set(folder, "train"), .test = load_set(folder, "t10k")};
  if (data.test.shape != data.train.shape) {
    throw UserError(fmt::format("{}: test images of {} x {}, training images of {} x {}, allowed: one size", folder,
                                data.test.shape.height, data.test.shape.width, data.train.shape.height,
                                data.train.shape.width));
  }
  if (data.test.num_classes > data.train.num_classes) {
    throw UserError(fmt::format("{}: test label {}, allowed: 0 to {}, the labels of the training images", folder,
                                data.test.num_classes - 1, data.train.num_classes - 1));
  }
  data.test.num_classes = data.train.num_classes;
  return data;
}

}  // namespace crossloom
