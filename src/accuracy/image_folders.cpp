#include "accuracy/image_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "accuracy/image_decoders.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

namespace fs = std::filesystem;

/// What lies in a folder, in alphabetical order.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) entries.push_back(it->path());
  if (error) throw UserError(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
  std::ranges::sort(entries);
  return entries;
}

struct ImageFile {
  fs::path path;
  std::size_t label = 0;
};

std::vector<std::string> class_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::path& entry : entries_of(folder)) {
    if (fs::is_directory(entry)) names.push_back(entry.filename().string());
  }
  return names;
}

/// The images of a set, one of each class in turn.
std::vector<ImageFile> files_in_turn(const fs::path& folder, const std::vector<std::string>& classes) {
  std::vector<std::vector<fs::path>> of_class(classes.size());
  std::size_t most = 0;
  for (const std::string& name : class_names(folder)) {
    const auto found = std::ranges::find(classes, name);
    if (found == classes.end()) {
      throw UserError(fmt::format("{}: a class that train has not", (folder / name).string()));
    }
    std::vector<fs::path>& paths = of_class[static_cast<std::size_t>(found - classes.begin())];
    for (const fs::path& entry : entries_of(folder / name)) {
      if (is_image_name(entry.filename().string())) paths.push_back(entry);
    }
    most = std::max(most, paths.size());
  }
  std::vector<ImageFile> files;
  for (std::size_t turn = 0; turn < most; ++turn) {
    for (std::size_t label = 0; label < classes.size(); ++label) {
      if (turn < of_class[label].size()) files.push_back({of_class[label][turn], label});
    }
  }
  if (files.empty()) throw UserError(folder.string() + ": has no images (.png, .jpg, .jpeg, .pgm, .ppm) in folders by class");
  return files;
}

bool all_are_grey(const std::vector<ImageFile>& files) {
  return std::ranges::all_of(files, [](const ImageFile& file) {
    const std::string path = file.path.string();
    return decode_image(read_text_file(path), path).num_channels == 1;
  });
}

}  // namespace

void append_image(const DecodedImage& image, const std::string& source_name, std::int64_t num_channels, ImageSet& images) {
  const TensorShape shape = {.channels = num_channels, .height = image.height, .width = image.width};
  if (images.size() == 0 && images.shape.num_values() == 0) images.shape = shape;
  if (shape != images.shape) {
    throw UserError(fmt::format("{}: {} x {} pixels, allowed: {} x {} as the images before it", source_name, shape.height,
                                shape.width, images.shape.height, images.shape.width));
  }
  const auto stride = static_cast<std::size_t>(image.num_channels);
  images.bytes.reserve(images.bytes.size() + static_cast<std::size_t>(shape.num_values()));
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(num_channels); ++channel) {
    for (std::size_t i = channel % stride; i < image.pixels.size(); i += stride) images.bytes.push_back(image.pixels[i]);
  }
}

ImageData load_image_folders(const std::string& folder) {
  const fs::path train = fs::path(folder) / "train";
  const fs::path test = fs::path(folder) / "test";
  constexpr std::size_t kMostClasses = 256;
  const std::vector<std::string> classes = class_names(train);
  if (classes.size() > kMostClasses) {
    throw UserError(fmt::format("{}: {} classes, allowed: at most {}", train.string(), classes.size(), kMostClasses));
  }
  const std::vector<ImageFile> train_files = files_in_turn(train, classes);
  const std::vector<ImageFile> test_files = files_in_turn(test, classes);
  const std::int64_t num_channels = all_are_grey(train_files) && all_are_grey(test_files) ? 1 : 3;
  ImageSet empty{
      .source = folder, .shape = {}, .num_classes = static_cast<std::int64_t>(classes.size()), .bytes = {}, .labels = {}};
  ImageData data{.train = empty, .test = empty};
  const auto append = [&](const std::vector<ImageFile>& files, ImageSet& images) {
    for (const ImageFile& file : files) {
      const std::string path = file.path.string();
      append_image(decode_image(read_text_file(path), path), path, num_channels, images);
      images.labels.push_back(static_cast<std::uint8_t>(file.label));
    }
  };
  append(train_files, data.train);
  data.test.shape = data.train.shape;
  append(test_files, data.test);
  return data;
}

}  // namespace crossloom
