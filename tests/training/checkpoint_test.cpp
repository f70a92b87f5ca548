#include "training/checkpoint.h"

#include <gtest/gtest.h>

#include "support/error.h"
#include "tests/support/scratch_folder.h"
#include "tests/training/example_checkpoint.h"

namespace crossloom {
namespace {

TEST(Checkpoint, ReadsBackAsItWasWritten) {
  const ScratchFolder folder;
  const std::string path = folder.path("checkpoint.bin");
  write_checkpoint(path, example_checkpoint());
  EXPECT_EQ(read_checkpoint(path), example_checkpoint());
}

TEST(Checkpoint, IsReplacedByTheNext) {
  const ScratchFolder folder;
  const std::string path = folder.path("checkpoint.bin");
  Checkpoint checkpoint = example_checkpoint();
  write_checkpoint(path, checkpoint);
  checkpoint.num_steps = 43;
  write_checkpoint(path, checkpoint);
  EXPECT_EQ(read_checkpoint(path).num_steps, 43);
}

TEST(Checkpoint, FindsItsArrays) {
  EXPECT_EQ(example_checkpoint().array("weights").size(), 3U);
  EXPECT_THROW(static_cast<void>(example_checkpoint().array("others")), InternalError);
}

TEST(Checkpoint, OfTheSameRunIsAccepted) {
  EXPECT_NO_THROW(require_same_identity("c", example_checkpoint(), example_checkpoint().identity));
}

}  // namespace
}  // namespace crossloom
