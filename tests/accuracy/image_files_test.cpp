#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <string>

#include "accuracy/cifar10.h"
#include "accuracy/idx_files.h"
#include "accuracy/load_images.h"
#include "accuracy/synthetic_images.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

std::string record(char label) { return label + std::string(3072, '\x40'); }

std::string idx(const std::string& extents, const std::string& values) {
  return std::string("\0\0\x08", 3) + static_cast<char>(extents.size()) + [&] {
    std::string text;
    for (const char extent : extents) text += std::string(3, '\0') + extent;
    return text;
  }() + values;
}

TEST(Cifar10, TakesAnyNumberOfFilesAndRecords) {
  const ScratchFolder folder;
  std::ofstream(folder.path("data_batch_2.bin")) << record(2);
  std::ofstream(folder.path("data_batch_1.bin")) << record(9) << record(0);
  std::ofstream(folder.path("test_batch.bin")) << record(4);
  const ImageData data = load_images(folder.path(), 1, 0);
  EXPECT_EQ(data.train.labels, (std::vector<std::uint8_t>{9, 0, 2}));
  EXPECT_EQ(data.test.labels, (std::vector<std::uint8_t>{4}));
  EXPECT_EQ(data.test.image(0).size(), 3072U);
}

TEST(IdxFiles, ReadsPlainAndCompressed) {
  const ScratchFolder folder;
  const std::string images = idx("\x02\x02\x01", "abcd");
  const std::string labels = idx("\x02", std::string("\x00\x01", 2));
  for (const std::string prefix : {"train", "t10k"}) {
    std::ofstream(folder.path(prefix + "-labels-idx1-ubyte")) << labels;
    gzFile file = gzopen(folder.path(prefix + "-images-idx3-ubyte.gz").c_str(), "wb");
    gzwrite(file, images.data(), static_cast<unsigned>(images.size()));
    gzclose(file);
  }
  const ImageData data = load_images(folder.path(), 1, 0);
  EXPECT_EQ(data.train.shape, (TensorShape{1, 2, 1}));
  EXPECT_EQ(data.train.num_classes, 2);
  EXPECT_EQ(data.test.bytes, (std::vector<std::uint8_t>{'a', 'b', 'c', 'd'}));
}

TEST(ImageSet, NormalizesEachChannel) {
  const ImageSet images{.source = "test", .shape = {2, 1, 2}, .num_classes = 1, .bytes = {0, 255, 51, 102}, .labels = {0}};
  const std::vector<double> values = normalized_image(images, 0, {.scale = 1.0, .mean = {0.5, 0.2}, .deviation = {0.5, 0.1}});
  ASSERT_EQ(values.size(), 4U);
  EXPECT_NEAR(values[0], -1.0, 1e-12);
  EXPECT_NEAR(values[1], 1.0, 1e-12);
  EXPECT_NEAR(values[2], 0.0, 1e-12);
  EXPECT_NEAR(values[3], 2.0, 1e-12);
}

TEST(SyntheticImages, DependOnTheSeedAlone) {
  EXPECT_EQ(synthetic_images(3, 5, 1), synthetic_images(3, 5, 1));
  EXPECT_NE(synthetic_images(3, 5, 1).test, synthetic_images(3, 5, 2).test);
  EXPECT_EQ(synthetic_images(3, 5, 1).test.labels, (std::vector<std::uint8_t>{0, 1, 2, 3, 4}));
}

/// Nearest class mean in a fixed linear feature space, the linear classifier of equal covariances (Fisher, 1936).
TEST(SyntheticImages, AreHiddenFromClassMeans) {
  const ImageData data = synthetic_images(400, 200, 1);
  const auto size = static_cast<std::size_t>(data.train.shape.num_values());
  std::vector<std::vector<double>> means(10, std::vector<double>(size, 0.0));
  for (std::int64_t i = 0; i < data.train.size(); ++i) {
    for (std::size_t p = 0; p < size; ++p)
      means[data.train.labels[static_cast<std::size_t>(i)]][p] += data.train.image(i)[p] / 40.0;
  }
  int num_right = 0;
  for (std::int64_t i = 0; i < data.test.size(); ++i) {
    std::size_t nearest = 0;
    double least = 1e300;
    for (std::size_t label = 0; label < means.size(); ++label) {
      double distance = 0.0;
      for (std::size_t p = 0; p < size; ++p) {
        const double difference = data.test.image(i)[p] - means[label][p];
        distance += difference * difference;
      }
      if (distance < least) nearest = label;
      least = std::min(least, distance);
    }
    num_right += nearest == data.test.labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  EXPECT_LT(num_right, 0.6 * 200);
}

}  // namespace
}  // namespace crossloom
