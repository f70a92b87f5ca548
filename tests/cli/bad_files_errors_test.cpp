#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// Network and chip files that a user must fix: exit code 2 and the place on standard error.
namespace crossloom {
namespace {

using testing::IsEmpty;

/// The message about a network file with this text, without the path in front.
std::string network_error(const std::string& text) {
  const ScratchFolder scratch;
  const std::string path = scratch.file("net.yaml", text);
  const ProcessResult result = crossloom_process({"inspect", path});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  return replaced(result.err, "crossloom: error: " + path + ":", "");
}

/// The tiny network with one passage replaced.
std::string tiny_network_error(const std::string& from, const std::string& to) {
  return network_error(replaced(kTinyNetwork, from, to));
}

/// The message about the preset rnc-mnsim-128 with one passage replaced, without path and line in front.
std::string chip_error(const std::string& from, const std::string& to) {
  const ScratchFolder scratch;
  const std::string path = scratch.file("chip.yaml", chip_with(from, to));
  const ProcessResult result = crossloom_process({"compile", "lenet5", "--chip", path}, {.folder = scratch.path()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  const std::string message = replaced(result.err, "crossloom: error: " + path + ":", "");
  return message.substr(message.find(' ') + 1);
}

TEST(MissingFiles, AreNamed) {
  const ScratchFolder scratch;
  for (const char* command : {"inspect", "chips"}) {
    const ProcessResult missing = crossloom_process({command, scratch.path("none.yaml")});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_EQ(missing.err, "crossloom: error: " + scratch.path("none.yaml") + ": cannot be read: No such file or directory\n");
    const ProcessResult folder = crossloom_process({command, scratch.path()});
    EXPECT_EQ(folder.exit_code, 2);
    EXPECT_EQ(folder.err, "crossloom: error: " + scratch.path() + ": cannot be read: Is a directory\n");
  }
}

TEST(NetworkFileErrors, ATinyNetworkIsRightBeforeItIsBroken) {
  const ScratchFolder scratch;
  EXPECT_EQ(crossloom_process({"inspect", scratch.file("net.yaml", kTinyNetwork)}).exit_code, 0);
}

TEST(NetworkFileErrors, KeysAreKnownAndStandOnce) {
  EXPECT_EQ(tiny_network_error("padding: 1", "pading: 1"), "6: layers[0].pading: unknown key (did you mean padding?)\n");
  EXPECT_EQ(tiny_network_error("kernel: 3, padding", "kernal: 3, padding"),
            "6: layers[0].kernel: is missing, allowed: an integer from 1 to 1048576 (is kernal a misspelling?)\n");
  EXPECT_EQ(tiny_network_error("source:", "name: again\nsource:"), "2: name: repeated key, allowed once (first on line 1)\n");
  EXPECT_EQ(tiny_network_error("source: made up for tests\n", ""), "1: source: is missing, allowed: text\n");
}

TEST(NetworkFileErrors, SizesAreInRange) {
  const std::string allowed = ", allowed: an integer from 1 to 1048576\n";
  EXPECT_EQ(tiny_network_error("channels: 4", "channels: 0"), "6: layers[0].channels: 0" + allowed);
  EXPECT_EQ(tiny_network_error("channels: 4", "channels: .nan"), "6: layers[0].channels: .nan" + allowed);
  EXPECT_EQ(tiny_network_error("[2, 6, 6]", "[2, 0, 6]"), "3: input.shape[1]: 0" + allowed);
  EXPECT_EQ(tiny_network_error("[2, 6, 6]", "[99999999999999999999, 6, 6]"),
            "3: input.shape[0]: 99999999999999999999" + allowed);
  EXPECT_EQ(tiny_network_error("[2, 6, 6]", "[1048576, 1048576, 1048576]"),
            "3: input.shape: 1048576x1048576x1048576, allowed: at most 2147483648 values\n");
}

TEST(NetworkFileErrors, LayersFormAGraphWithoutCyclesAndLooseEnds) {
  EXPECT_EQ(tiny_network_error("channels: 4", "input: second, channels: 4"),
            "6: layers[0]: a cycle of layers: first reads second reads first\n");
  EXPECT_EQ(tiny_network_error("channels: 6", "input: fist, channels: 6"),
            "7: layers[1].input: fist is not a layer (did you mean first?)\n");
  EXPECT_EQ(tiny_network_error("type: linear", "input: first, type: linear"),
            "7: layers[1]: second: nothing reads its output, and the output of the network is classes\n");
}

TEST(NetworkFileErrors, CountsAreThoseDeclared) {
  EXPECT_EQ(tiny_network_error("parameters: 482", "parameters: 483"),
            "4: expected: parameters 483, but those of the layers are 482 (correct the one that is wrong)\n");
}

TEST(NetworkFileErrors, TextIsYaml) { EXPECT_EQ(network_error("layers: [\n"), "2: end of sequence flow not found\n"); }

TEST(ChipFileErrors, KeysAreKnownAndStandOnce) {
  const std::string missing = "crossbar.active_rows: is missing, allowed: an integer from 1 to 65536";
  EXPECT_EQ(chip_error("  active_rows: 128\n", ""), missing + "\n");
  EXPECT_EQ(chip_error("  active_rows: 128", "  activ_rows: 128"), missing + " (is activ_rows a misspelling?)\n");
  EXPECT_EQ(chip_error("  active_rows: 128", "  active_rows: 128\n  activ_rows: 128"),
            "crossbar.activ_rows: unknown key (did you mean active_rows?)\n");
  EXPECT_EQ(chip_error("  active_rows: 128", "  active_rows: 128\n  active_rows: 128"),
            "crossbar.active_rows: repeated key, allowed once (first on line 49)\n");
}

TEST(ChipFileErrors, ValuesAreInRange) {
  const std::string rows = ", allowed: an integer from 1 to 65536\n";
  EXPECT_EQ(chip_error("  rows: 128", "  rows: 0"), "crossbar.rows: 0" + rows);
  EXPECT_EQ(chip_error("  rows: 128", "  rows: 99999999999999999999"), "crossbar.rows: 99999999999999999999" + rows);
  EXPECT_EQ(chip_error("  active_rows: 128", "  active_rows: 129"),
            "crossbar.active_rows: 129, allowed: at most crossbar.rows = 128\n");
  const std::string read = ", allowed: a finite number from 0.001 to 1e+06\n";
  EXPECT_EQ(chip_error("  read_ns: 3.16000075", "  read_ns: .nan"), "crossbar.read_ns: .nan" + read);
  EXPECT_EQ(chip_error("  read_ns: 3.16000075", "  read_ns: -1"), "crossbar.read_ns: -1" + read);
}

}  // namespace
}  // namespace crossloom
