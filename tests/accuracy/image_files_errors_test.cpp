#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "accuracy/cifar10.h"
#include "accuracy/idx_files.h"
#include "accuracy/load_images.h"
#include "support/error.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Cifar10Errors, TruncatedRecordIsNamedByItsOffset) {
  ImageSet images;
  EXPECT_THAT([&] { append_cifar10(std::string(3073 + 100, '\0'), "batch.bin", images); },
              ThrowsMessage<UserError>(AllOf(HasSubstr("batch.bin: offset 3073"), HasSubstr("100 of a record's 3073"))));
  EXPECT_THROW(append_cifar10("", "batch.bin", images), UserError);
}

TEST(Cifar10Errors, LabelOutOfRangeIsNamedByItsOffset) {
  ImageSet images;
  const std::string bytes = std::string(3073, '\0') + '\x0a' + std::string(3072, '\0');
  EXPECT_THAT([&] { append_cifar10(bytes, "batch.bin", images); },
              ThrowsMessage<UserError>(HasSubstr("batch.bin: offset 3073: label 10, allowed: 0 to 9")));
}

TEST(IdxErrors, OtherFilesAreRefused) {
  const std::string header("\0\0\x08\x01\0\0\0\x03", 8);
  EXPECT_THAT([&] { return parse_idx(header + "ab", "labels"); }, ThrowsMessage<UserError>(HasSubstr("2 values, allowed: 3")));
  EXPECT_THAT([] { return parse_idx("hello", "labels"); }, ThrowsMessage<UserError>(HasSubstr("labels: offset 0")));
  EXPECT_THAT([] { return parse_idx(std::string("\0\0\x0d\x01\0\0\0\x01", 8), "labels"); },
              ThrowsMessage<UserError>(HasSubstr("element type 13")));
  EXPECT_THAT([] { return parse_idx(std::string("\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff", 12), "images"); },
              ThrowsMessage<UserError>(HasSubstr("extent 4294967295")));
}

TEST(IdxErrors, DamagedGzip) {
  EXPECT_THAT([] { return gunzipped("\x1f\x8b damaged", "images.gz"); },
              ThrowsMessage<UserError>(HasSubstr("images.gz: a damaged or truncated gzip file")));
}

TEST(LoadImagesErrors, FolderWithoutImages) {
  const ScratchFolder folder;
  EXPECT_THAT([&] { return load_images(folder.path(), 1, 0); }, ThrowsMessage<UserError>(HasSubstr("has neither")));
  EXPECT_THAT([&] { return load_images(folder.path("none"), 1, 0); }, ThrowsMessage<UserError>(HasSubstr("is no folder")));
}

}  // namespace
}  // namespace crossloom
