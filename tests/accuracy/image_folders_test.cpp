#include "accuracy/image_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <turbojpeg.h>

#include <filesystem>
#include <memory>
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

/// A JPEG of 8 x 8 pixels of one colour.
std::string jpeg_of(std::uint8_t red, std::uint8_t green, std::uint8_t blue, TJSAMP sampling) {
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 64; ++i) pixels.insert(pixels.end(), {red, green, blue});
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  unsigned char* encoded = nullptr;
  unsigned long size = 0;
  const int error = tjCompress2(encoder.get(), pixels.data(), 8, 0, 8, TJPF_RGB, &encoded, &size, sampling, 100, 0);
  std::string bytes(encoded, encoded + size);
  tjFree(encoded);
  if (error != 0) throw std::runtime_error("jpeg_of: libjpeg-turbo does not write");
  return bytes;
}

TEST(DecodeImage, ReadsJpegInColourAndGrey) {
  const DecodedImage coloured = decode_image(jpeg_of(200, 100, 50, TJSAMP_444), "a.jpg");
  ASSERT_EQ(coloured.num_channels, 3);
  EXPECT_NEAR(coloured.pixels[0], 200, 2);
  EXPECT_NEAR(coloured.pixels[1], 100, 2);
  EXPECT_NEAR(coloured.pixels[2], 50, 2);
  const DecodedImage grey = decode_image(jpeg_of(80, 80, 80, TJSAMP_GRAY), "b.jpg");
  EXPECT_EQ(grey.num_channels, 1);
  EXPECT_EQ(grey.height * grey.width, 64);
  EXPECT_NEAR(grey.pixels[63], 80, 1);
}

TEST(DecodeImage, ReadsPgmAndPpmWithCommentsAndStretchesTheirRange) {
  const DecodedImage grey = decode_image(std::string("P5 # made up\n2 1\n# more\n51\n\0\x33", 29), "a.pgm");
  EXPECT_EQ(grey.num_channels, 1);
  EXPECT_EQ(grey.pixels, (std::vector<std::uint8_t>{0, 255}));
  const DecodedImage coloured = decode_image("P6\n1 2\n255\nabcdef", "b.ppm");
  EXPECT_EQ(coloured.height, 2);
  EXPECT_EQ(coloured.pixels, (std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}));
}

TEST(DecodeImageErrors, NameTheSource) {
  const auto message = [](const std::string& bytes) {
    try {
      static_cast<void>(decode_image(bytes, "x"));
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message("P6\n1 2\n255\nabc"), "x: 3 values, allowed: 6 as its header says");
  EXPECT_EQ(message("P5\n1 2"), "x: largest value -1, allowed: 1 to 255");
  EXPECT_EQ(message("P5\n1 2 65535\nabcd"), "x: largest value 65535, allowed: 1 to 255");
  EXPECT_EQ(message("P5\n99999 99999 255\n"), "x: 99999 x 99999 pixels, allowed: 1 to 16777216 in all");
  EXPECT_THAT(message(jpeg_of(1, 2, 3, TJSAMP_444).substr(0, 200)), HasSubstr("x: no readable JPEG image: "));
}

TEST_F(ImageFolders, ErrorsNameTheFile) {
  write("train/a/1.png", png_row({1, 2}, 1));
  write("test/a/1.png", "\x89PNG but not really");
  EXPECT_THAT(message(), HasSubstr(scratch_.path("test/a/1.png") + ": no readable PNG image: "));
  write("test/a/1.png", "no image at all");
  EXPECT_EQ(message(), scratch_.path("test/a/1.png") + ": no image, allowed: PNG, JPEG, binary PGM and PPM");
  write("test/a/1.png", png_row({1, 2}, 1).substr(0, 50));
  EXPECT_THAT(message(), HasSubstr(scratch_.path("test/a/1.png") + ": no readable PNG image: "));
  write("test/a/1.png", png_row({1, 2, 3}, 1));
  EXPECT_EQ(message(), scratch_.path("test/a/1.png") + ": 1 x 3 pixels, allowed: 1 x 2 as the images before it");
  write("test/b/1.png", png_row({1, 2}, 1));
  EXPECT_EQ(message(), scratch_.path("test/b") + ": a class that train has not");
  std::filesystem::remove_all(scratch_.path("test"));
  std::filesystem::create_directory(scratch_.path("test"));
  EXPECT_EQ(message(), scratch_.path("test") + ": has no images (.png, .jpg, .jpeg, .pgm, .ppm) in folders by class");
}

}  // namespace
}  // namespace crossloom
