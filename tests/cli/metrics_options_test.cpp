#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// `--csv` and `--activity` of simulate and run.
namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Half of everything for the three layers of the tiny network: what a chip's averages stand for.
const std::string kActivity =
    "{\"schema\": \"crossloom/activity\", \"schema_version\": 1, \"crossloom_version\": \"0.1.0\", \"network\": \"tiny\",\n"
    "\"layers\": [\n"
    "{\"name\": \"first\", \"input_density_fraction\": 0.5, \"input_power_fraction\": 0.5, \"cell_level_fraction\": 0.5},\n"
    "{\"name\": \"second\", \"input_density_fraction\": 0.5, \"input_power_fraction\": 0.5, \"cell_level_fraction\": 0.5},\n"
    "{\"name\": \"classes\", \"input_density_fraction\": 0.5, \"input_power_fraction\": 0.5, \"cell_level_fraction\": 0.5}\n"
    "]}\n";

class MetricsOptionsTest : public testing::Test {
 protected:
  /// `run` of the tiny network with further options.
  [[nodiscard]] ProcessResult run(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments = {
        "run", scratch_.file("tiny.yaml", kTinyNetwork), "--chip", "rnc-mnsim-128", "--out", scratch_.path("out")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return crossloom_process(arguments);
  }
  [[nodiscard]] std::string activity_with(const std::string& from, const std::string& to) const {
    return scratch_.file("activity.json", replaced(kActivity, from, to));
  }
  /// The message about an activity file with one passage replaced, after its path.
  [[nodiscard]] std::string message_after(const std::string& from, const std::string& to) const {
    const std::string path = activity_with(from, to);
    const ProcessResult result = run({"--activity", path});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, StartsWith("crossloom: error: " + path));
    return replaced(result.err, "crossloom: error: " + path, "");
  }
  ScratchFolder scratch_;
};

TEST_F(MetricsOptionsTest, CsvHoldsTheStatisticsThatSimulateAndRunReport) {
  const std::string of_run = scratch_.path("run.csv");
  const std::string of_simulate = scratch_.path("simulate.csv");
  EXPECT_EQ(run({"--csv", of_run}).err, "");
  EXPECT_EQ(crossloom_process({"simulate", scratch_.path("out"), "--csv", of_simulate}).err, "");
  EXPECT_THAT(text_of(of_run), StartsWith("name,value\nnetwork,tiny\n"));
  EXPECT_THAT(text_of(of_run), HasSubstr("\nlayers[1].time_ns.busy,"));
  EXPECT_EQ(text_of(of_run), text_of(of_simulate));
}

TEST_F(MetricsOptionsTest, InstancesCsvIsTheSameFromSimulateAndRun) {
  const std::string of_run = scratch_.path("run.csv");
  const std::string of_simulate = scratch_.path("simulate.csv");
  EXPECT_EQ(run({"--instances-csv", of_run}).err, "");
  EXPECT_EQ(crossloom_process({"simulate", scratch_.path("out"), "--instances-csv", of_simulate}).err, "");
  EXPECT_THAT(text_of(of_run), StartsWith("kind,instance,busy_ns,input_data_ns,input_register_ns,output_buffer_ns,"));
  EXPECT_THAT(text_of(of_run), HasSubstr("\nIO port (input),IO port (input),"));
  EXPECT_EQ(text_of(of_run), text_of(of_simulate));
}

TEST_F(MetricsOptionsTest, CsvThatCannotBeWrittenIsAnError) {
  const ProcessResult result = run({"--csv", scratch_.path("none/run.csv")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith("crossloom: error: " + scratch_.path("none/run.csv")));
}

/// A statistic of a CSV file.
double statistic(const std::string& path, const std::string& name) {
  const std::string text = text_of(path);
  const std::size_t line = text.find('\n' + name + ',');
  if (line == std::string::npos) throw std::runtime_error(name + " is not in " + path);
  return std::stod(text.substr(line + name.size() + 2));
}

TEST_F(MetricsOptionsTest, ActivityOfHalfIsTheAverageOfTheChip) {
  const std::string with = scratch_.path("with.csv");
  const std::string without = scratch_.path("without.csv");
  EXPECT_EQ(run({"--csv", without}).exit_code, 0);
  EXPECT_EQ(run({"--csv", with, "--activity", activity_with("tiny", "tiny")}).err, "");
  EXPECT_THAT(text_of(without), HasSubstr("\nis_energy_value_dependent,false\n"));
  EXPECT_THAT(text_of(with), HasSubstr("\nis_energy_value_dependent,true\n"));
  for (const char* name : {"energy_pj.cell", "energy_pj.dac", "energy_pj.total"}) {
    EXPECT_DOUBLE_EQ(statistic(with, name), statistic(without, name)) << name;
  }
}

TEST_F(MetricsOptionsTest, ActivityThatIsNotThereIsNamed) {
  const std::string path = scratch_.path("none.json");
  const ProcessResult result = run({"--activity", path});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith("crossloom: error: " + path));
}

TEST_F(MetricsOptionsTest, ActivityOutOfRangeIsNamedWithItsPlace) {
  EXPECT_EQ(message_after("\"cell_level_fraction\": 0.5}\n]", "\"cell_level_fraction\": 1.5}\n]"),
            ":5: layers[2].cell_level_fraction: 1.5, allowed: a finite number from 0 to 1\n");
}

TEST_F(MetricsOptionsTest, ActivityOfAnotherNetworkOrLayerIsNamedWithItsPlace) {
  EXPECT_EQ(message_after("tiny", "large"), ":1: network: large, allowed: tiny, the simulated network\n");
  EXPECT_EQ(message_after("second", "secnod"),
            ":4: layers[1].name: secnod, allowed: each operation of kind crossbar once (did you mean second?)\n");
  EXPECT_EQ(message_after("second", "first"), ":4: layers[1].name: first, allowed: each operation of kind crossbar once\n");
}

TEST_F(MetricsOptionsTest, ActivityWithoutALayerIsRefused) {
  const std::string text = kActivity.substr(0, kActivity.find(",\n{\"name\": \"classes\"")) + "]}\n";
  const std::string path = scratch_.file("short.json", text);
  EXPECT_EQ(run({"--activity", path}).err,
            "crossloom: error: " + path + ":2: layers: classes is missing, allowed: every operation of kind crossbar\n");
}

}  // namespace
}  // namespace crossloom
