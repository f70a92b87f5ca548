#include "accuracy/cifar10.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr TensorShape kShape = {.channels = 3, .height = 32, .width = 32};
constexpr std::int64_t kNumClasses = 10;
constexpr std::size_t kRecordBytes = 3073;

ImageSet empty_set(const std::string& source) {
  return {.source = source, .shape = kShape, .num_classes = kNumClasses, .bytes = {}, .labels = {}};
}

std::vector<std::string> training_files(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with("data_batch_") && name.ends_with(".bin")) paths.push_back(it->path().string());
  }
  if (error) throw UserError(fmt::format("{}: cannot be read: {}", folder, error.message()));
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

void append_cifar10(std::string_view bytes, const std::string& source_name, ImageSet& images) {
  if (bytes.empty() || bytes.size() % kRecordBytes != 0) {
    throw UserError(fmt::format("{}: offset {}: {} of a record's {} bytes, allowed: whole records, at least one", source_name,
                                bytes.size() - bytes.size() % kRecordBytes, bytes.size() % kRecordBytes, kRecordBytes));
  }
  for (std::size_t offset = 0; offset < bytes.size(); offset += kRecordBytes) {
    const auto label = static_cast<std::uint8_t>(bytes[offset]);
    if (label >= kNumClasses) {
      throw UserError(fmt::format("{}: offset {}: label {}, allowed: 0 to {}", source_name, offset, label, kNumClasses - 1));
    }
    images.labels.push_back(label);
    const std::string_view image = bytes.substr(offset + 1, kRecordBytes - 1);
    images.bytes.insert(images.bytes.end(), image.begin(), image.end());
  }
}

ImageData load_cifar10(const std::string& folder) {
  ImageData data{.train = empty_set(folder), .test = empty_set(folder)};
  const std::vector<std::string> paths = training_files(folder);
  if (paths.empty()) throw UserError(fmt::format("{}: has no data_batch_*.bin, needed to calibrate on", folder));
  for (const std::string& path : paths) append_cifar10(read_text_file(path), path, data.train);
  const std::string test_path = (std::filesystem::path(folder) / "test_batch.bin").string();
  append_cifar10(read_text_file(test_path), test_path, data.test);
  return data;
}

}  // namespace crossloom
