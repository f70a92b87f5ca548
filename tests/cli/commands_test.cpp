#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// Every command's happy path.
namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::vector<std::string> kAllFiles = {"blocks.csv",   "layers.csv",  "metrics.json",
                                            "program.json", "report.html", "tilemap.json"};

/// Runs lenet5 on a chip into a folder with further options.
ProcessResult run_lenet5(const std::string& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"run", "lenet5", "--chip", "rnc-mnsim-128", "--out", folder};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return crossloom_process(arguments);
}

/// The value of a member of a JSON object; fails loudly when it is not there.
const Document& member(const Document& object, const std::string& key) {
  for (const auto& [name, value] : object.members) {
    if (name == key) return value;
  }
  throw std::logic_error("no member " + key);
}

TEST(Models, ListsTheBuiltInNetworksWithTheirCounts) {
  const ProcessResult result = crossloom_process({"models"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("squeezenet1_1"));
  EXPECT_THAT(result.out, HasSubstr("1,235,496"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Chips, ListsThePresets) {
  const ProcessResult result = crossloom_process({"chips"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("isaac-ce"));
  EXPECT_THAT(result.out, HasSubstr("128 x 128"));
}

TEST(Chips, ShowsEveryValueOfOneWithItsOverrides) {
  const ProcessResult result = crossloom_process({"chips", "rnc-mnsim-128", "--set", "adc.columns_per_adc=64"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("adc.columns_per_adc"));
  EXPECT_THAT(result.out, HasSubstr("whole chip"));
  const Document chip =
      parse_json(crossloom_process({"chips", "rnc-mnsim-128", "--set", "adc.columns_per_adc=64", "--json"}).out, "chip");
  EXPECT_EQ(member(member(member(chip, "chip"), "adc"), "columns_per_adc").scalar, "64");
}

TEST(Inspect, ShowsShapesCountsAndMatrices) {
  const ScratchFolder scratch;
  const std::string path = scratch.file("tiny.yaml", kTinyNetwork);
  const ProcessResult result = crossloom_process({"inspect", path});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out,
            "tiny (made up for tests)\n"
            "\n"
            "layer    kind         output  parameters   MACs  matrix  mapping\n"
            "input    input         2x6x6           -      -       -  -\n"
            "first    convolution   4x6x6          72  2,592  18 x 4  im2col\n"
            "second   convolution   6x4x4         216  3,456  36 x 6  im2col\n"
            "classes  linear        2x1x1         194    192  96 x 2  im2col\n"
            "total                                482  6,240\n");
}

TEST(Export, WritesAFileThatReadsBack) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("lenet5.onnx");
  const ProcessResult result = crossloom_process({"export", "lenet5", path});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("weights: none"));
  EXPECT_EQ(crossloom_process({"inspect", path}).out, crossloom_process({"inspect", "lenet5"}).out);
}

TEST(Export, WritesInitialWeightsOfASeed) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("lenet5.onnx");
  const ProcessResult result = crossloom_process({"export", "lenet5", path, "--initial-weights", "7"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("weights: initial"));
  ASSERT_EQ(crossloom_process({"export", "lenet5", scratch.path("same.onnx"), "--initial-weights", "7"}).exit_code, 0);
  EXPECT_EQ(text_of(path), text_of(scratch.path("same.onnx")));
}

TEST(Export, TakesAnotherInputShape) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("small.onnx");
  ASSERT_EQ(crossloom_process({"export", "squeezenet1_1", path, "--input", "1x3x64x64"}).exit_code, 0);
  EXPECT_EQ(crossloom_process({"inspect", path}).out,
            crossloom_process({"inspect", "squeezenet1_1", "--input", "1x3x64x64"}).out);
}

TEST(Inspect, TakesAnotherInputShape) {
  const Document network =
      parse_json(crossloom_process({"inspect", "squeezenet1_1", "--input", "1x3x64x64", "--json"}).out, "n");
  EXPECT_EQ(member(network, "num_parameters").scalar, "1235496");
  const Document& shape = member(network, "input_shape");
  ASSERT_EQ(shape.items.size(), 3U);
  EXPECT_EQ(shape.items[1].scalar, "64");
}

TEST(Compile, WritesItsFilesAndNamesTheLowerBound) {
  const ScratchFolder scratch;
  const std::string folder = scratch.path("out/deep");
  const ProcessResult result = crossloom_process({"compile", "lenet5", "--chip", "rnc-mnsim-128", "--out", folder});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("crossbar_lower_bound"));
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(text_of(folder + "/tilemap.json").substr(0, 1), "{");
  EXPECT_THAT(text_of(folder + "/layers.csv"), StartsWith("layer,rows,cols,"));
  EXPECT_THAT(text_of(folder + "/blocks.csv"), StartsWith("crossbar,tile,layer,"));
}

TEST(Compile, WritesToOutNetworkChipByDefault) {
  const ScratchFolder scratch;
  const ProcessResult result = crossloom_process({"compile", "lenet5", "--chip", "rnc-mnsim-128"}, {.folder = scratch.path()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(text_of(scratch.path("out/lenet5-rnc-mnsim-128/program.json")).empty());
}

TEST(Compile, TakesTheResultsOfAnEarlierCompilationAway) {
  const ScratchFolder scratch;
  ASSERT_EQ(run_lenet5(scratch.path()).exit_code, 0);
  EXPECT_EQ(scratch.names(), kAllFiles);
  const ProcessResult again =
      crossloom_process({"compile", "lenet5", "--chip", "rnc-mnsim-128", "--crossbars", "1.5x", "--out", scratch.path()});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(scratch.names(), ElementsAre("blocks.csv", "layers.csv", "program.json", "tilemap.json"));
}

TEST(Run, GivesTheBytesOfCompileSimulateAndReport) {
  const ScratchFolder scratch;
  ASSERT_EQ(run_lenet5(scratch.path("run"), {"--batch", "3"}).exit_code, 0);
  ASSERT_EQ(crossloom_process({"compile", "lenet5", "--chip", "rnc-mnsim-128", "--out", scratch.path("two")}).exit_code, 0);
  ASSERT_EQ(crossloom_process({"simulate", scratch.path("two"), "--batch", "3"}).exit_code, 0);
  ASSERT_EQ(crossloom_process({"report", scratch.path("two")}).exit_code, 0);
  for (const std::string& file : kAllFiles) {
    EXPECT_EQ(text_of(scratch.path("run/" + file)), text_of(scratch.path("two/" + file))) << file;
  }
}

TEST(Run, PrintsMetricsJsonAsItsOneDocument) {
  const ScratchFolder scratch;
  const ProcessResult result = run_lenet5(scratch.path(), {"--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, text_of(scratch.path("metrics.json")));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Run, GivesTheSameBytesTwiceAndOnAnyNumberOfThreads) {
  const ScratchFolder scratch;
  const std::vector<std::string> arguments = {"run", "lenet5", "--chip", "isaac-ce", "--crossbars", "1.5x", "--json", "--out"};
  std::vector<std::string> outputs;
  for (const char* threads : {"1", "1", "8"}) {
    const std::string folder = scratch.path("run" + std::to_string(outputs.size()));
    std::vector<std::string> words = arguments;
    words.push_back(folder);
    const ProcessResult result = crossloom_process(words, {.environment = {{"OMP_NUM_THREADS", threads}}});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    outputs.push_back(result.out + text_of(folder + "/tilemap.json") + text_of(folder + "/program.json"));
  }
  EXPECT_EQ(outputs[0], outputs[1]);
  EXPECT_EQ(outputs[0], outputs[2]);
}

TEST(Run, IsSilentWhenQuiet) {
  const ScratchFolder scratch;
  const ProcessResult result = run_lenet5(scratch.path(), {"--quiet"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Run, ShowsEveryLayerWhenVerbose) {
  const ScratchFolder scratch;
  EXPECT_THAT(run_lenet5(scratch.path(), {"--verbose"}).out, HasSubstr("stalls_ns"));
  EXPECT_THAT(run_lenet5(scratch.path()).out, Not(HasSubstr("stalls_ns")));
}

TEST(Verify, FindsNothingWrongWithWhatRunWrote) {
  const ScratchFolder scratch;
  for (const char* chip : {"rnc-mnsim-128", "isaac-ce"}) {
    ASSERT_EQ(crossloom_process({"run", "lenet5", "--chip", chip, "--out", scratch.path()}).exit_code, 0);
    const ProcessResult result = crossloom_process({"verify", scratch.path()});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("ok      tilemap.json: the blocks of every copy rebuild its weight matrix exactly\n"));
    EXPECT_THAT(result.out, HasSubstr("ok      metrics.json: agrees with the program and with itself\n"));
    EXPECT_THAT(result.out, Not(HasSubstr("failed")));
    const Document report = parse_json(crossloom_process({"verify", scratch.path(), "--json"}).out, "report");
    EXPECT_EQ(member(report, "ok").scalar, "true");
    EXPECT_THAT(member(report, "findings").items, IsEmpty());
  }
}

TEST(Docs, PrintsWhatTheDocsFolderHolds) {
  const std::string docs = std::string(CROSSLOOM_SOURCE_FOLDER) + "/docs/";
  EXPECT_EQ(crossloom_process({"docs", "metrics"}).out, text_of(docs + "metrics.md"));
  EXPECT_EQ(crossloom_process({"docs", "program-schema"}).out, text_of(docs + "schema/program.schema.json"));
  EXPECT_THAT(text_of(docs + "chips.md"), HasSubstr(crossloom_process({"docs", "chip-keys"}).out));
}

TEST(EveryCommand, PrintsOneJsonDocument) {
  const ScratchFolder scratch;
  ASSERT_EQ(run_lenet5(scratch.path("done")).exit_code, 0);
  const std::vector<std::vector<std::string>> commands = {
      {"models"},
      {"chips"},
      {"chips", "isaac-ce"},
      {"inspect", "lenet5"},
      {"export", "lenet5", scratch.path("lenet5.onnx")},
      {"compile", "lenet5", "--chip", "rnc-mnsim-128", "--out", scratch.path("compile")},
      {"run", "lenet5", "--chip", "rnc-mnsim-128", "--out", scratch.path("run")},
      {"simulate", scratch.path("done")},
      {"verify", scratch.path("done")},
      {"docs"},
      {"docs", "metrics"}};
  for (std::vector<std::string> command : commands) {
    command.emplace_back("--json");
    const ProcessResult result = crossloom_process(command);
    EXPECT_EQ(result.exit_code, 0) << command.front() << result.err;
    EXPECT_NO_THROW(static_cast<void>(parse_json(result.out, command.front()))) << result.out;
    EXPECT_THAT(result.err, IsEmpty());
  }
}

TEST(EveryCommand, HasHelp) {
  for (const char* command : {"models", "chips", "inspect", "export", "compile", "simulate", "run", "verify", "docs"}) {
    const ProcessResult result = crossloom_process({command, "--help"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, HasSubstr(std::string("crossloom ") + command));
    EXPECT_THAT(result.out, HasSubstr("--json"));
  }
}

TEST(Help, ListsTheCommandsAndTheExitStatus) {
  const ProcessResult result = crossloom_process({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("simulate"));
  EXPECT_THAT(result.out, HasSubstr("Exit status"));
}

TEST(Version, IsTheProjects) {
  const ProcessResult result = crossloom_process({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "crossloom 0.1.0\n");
}

}  // namespace
}  // namespace crossloom
