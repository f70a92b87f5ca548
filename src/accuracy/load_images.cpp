#include "accuracy/load_images.h"

#include <filesystem>

#include "accuracy/cifar10.h"
#include "accuracy/idx_files.h"
#include "accuracy/image_folders.h"
#include "accuracy/synthetic_images.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Enough to see the range of each tensor.
constexpr std::int64_t kNumSyntheticTrain = 256;

bool holds(const std::string& folder, const char* name) {
  return std::filesystem::exists(std::filesystem::path(folder) / name);
}

}  // namespace

ImageData load_images(const std::string& name_or_folder, std::int64_t num_synthetic, std::uint64_t seed) {
  if (name_or_folder == "synthetic") return synthetic_images(kNumSyntheticTrain, num_synthetic, seed);
  if (!std::filesystem::is_directory(name_or_folder)) {
    throw UserError("--data: " + name_or_folder + " is no folder, allowed: a folder of images, or synthetic");
  }
  if (holds(name_or_folder, "test_batch.bin")) return load_cifar10(name_or_folder);
  if (holds(name_or_folder, "t10k-images-idx3-ubyte") || holds(name_or_folder, "t10k-images-idx3-ubyte.gz")) {
    return load_idx(name_or_folder);
  }
  if (holds(name_or_folder, "train") && holds(name_or_folder, "test")) return load_image_folders(name_or_folder);
  throw UserError("--data: " + name_or_folder +
                  " has neither test_batch.bin (CIFAR-10, binary), t10k-images-idx3-ubyte (MNIST, IDX) nor train and test "
                  "(folders of PNG images by class)");
}

}  // namespace crossloom
