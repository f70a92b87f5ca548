#include "accuracy/image_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "accuracy/load_images.h"
#include "support/error.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// A PNG of one row of pixels.
std::string png_row(const std::vector<std::uint8_t>& values, std::size_t num_channels) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(values.size() / num_channels);
  image.height = 1;
  image.format = num_channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, values.data(), 0, nullptr) == 0) {
    throw std::runtime_error("png_row: libpng does not write");
  }
  bytes.resize(size);
  return bytes;
}

class ImageFolders : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(scratch_.path(name)).parent_path());
    static_cast<void>(scratch_.file(name, bytes));
  }
  [[nodiscard]] std::string message() const {
    try {
      static_cast<void>(load_images(scratch_.path(), 1, 0));
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  ScratchFolder scratch_;
};

TEST_F(ImageFolders, ClassesAreTheFoldersInOrderAndTestImagesTakeTurns) {
  for (const char* name : {"train/cat/1.png", "train/ant/1.png", "test/cat/b.png", "test/cat/a.png", "test/ant/z.png"}) {
    const auto value = static_cast<std::uint8_t>(name[name[1] == 'r' ? 10 : 9]);
    write(name, png_row({value, 7}, 1));
  }
  write("test/cat/notes.txt", "no image");
  const ImageData data = load_images(scratch_.path(), 1, 0);
  EXPECT_EQ(data.train.shape, (TensorShape{1, 1, 2}));
  EXPECT_EQ(data.train.num_classes, 2);
  EXPECT_EQ(data.train.labels, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(data.test.labels, (std::vector<std::uint8_t>{0, 1, 1}));
  EXPECT_EQ(data.test.bytes, (std::vector<std::uint8_t>{'z', 7, 'a', 7, 'b', 7}));
}

TEST_F(ImageFolders, OneColouredImageMakesThreeChannels) {
  write("train/a/1.png", png_row({9, 8}, 1));
  write("test/a/1.png", png_row({1, 2, 3, 4, 5, 6}, 3));
  const ImageData data = load_images(scratch_.path(), 1, 0);
  EXPECT_EQ(data.test.bytes, (std::vector<std::uint8_t>{1, 4, 2, 5, 3, 6}));  // channel by channel
  EXPECT_EQ(data.train.bytes, (std::vector<std::uint8_t>{9, 8, 9, 8, 9, 8}));
}

TEST_F(ImageFolders, ErrorsNameTheFile) {
  write("train/a/1.png", png_row({1, 2}, 1));
  write("test/a/1.png", "\x89PNG but not really");
  EXPECT_THAT(message(), HasSubstr(scratch_.path("test/a/1.png") + ": no readable PNG image: "));
  write("test/a/1.png", png_row({1, 2}, 1).substr(0, 50));
  EXPECT_THAT(message(), HasSubstr(scratch_.path("test/a/1.png") + ": no readable PNG image: "));
  write("test/a/1.png", png_row({1, 2, 3}, 1));
  EXPECT_EQ(message(), scratch_.path("test/a/1.png") + ": 1 x 3 pixels, allowed: 1 x 2 as the images before it");
  write("test/b/1.png", png_row({1, 2}, 1));
  EXPECT_EQ(message(), scratch_.path("test/b") + ": a class that train has not");
  std::filesystem::remove_all(scratch_.path("test"));
  std::filesystem::create_directory(scratch_.path("test"));
  EXPECT_EQ(message(), scratch_.path("test") + ": has no .png images in folders by class");
}

}  // namespace
}  // namespace crossloom
