#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "simulator/engine/engine.h"
#include "simulator/engine/run_plan.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/random_programs.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/simulator/reference/reference_simulator.h"

/// Programs whose every use of every resource is fixed by a hash in tests/golden/event_logs.txt. The hashes are those of the
/// reference simulator, whose logs this test works out again: neither it nor the engine may change without the file.
namespace crossloom {
namespace {

struct GoldenProgram {
  std::string name;
  PlacedProgram program;
  std::int64_t batch = 1;
};

ChipConfig pipelined_chip() {
  ChipConfig chip = test_chip();
  chip.crossbar.phase_overlap = PhaseOverlap::kPipelined;
  chip.crossbar.active_rows = 6;
  chip.adc.columns_per_adc = 5;
  chip.input_register.num_buffers = 2;
  return chip;
}

ChipConfig chip_with_memories() {
  ChipConfig chip = pipelined_chip();
  chip.tile.accumulation = Accumulation::kTree;
  chip.global_buffer = BufferConfig{
      .capacity_bytes = 30, .num_ports = 2, .port_bits = 8, .num_banks = 2, .bank_cycles = 3, .access_cycles = 4, .cost = {}};
  chip.dram = DramConfig{.bits_per_s = 3'000'000'000, .latency_ns = 25.0, .burst_bits = 64, .cost = {}};
  return chip;
}

std::vector<GoldenProgram> golden_programs() {
  RandomStream random(61, {.purpose = RandomPurpose::kTest});
  std::vector<GoldenProgram> programs = {
      {"one-window", single_crossbar_program(test_chip(), {.channels = 4}, 3).program},
      {"row-parts-on-two-tiles",
       chain_program(test_chip(), {.channels = 80, .height = 2, .width = 2}, {{.output_channels = 12}}).program, 2},
      {"copies-and-pooling",
       chain_program(pipelined_chip(), {.channels = 2, .height = 8, .width = 8},
                     {{.output_channels = 6, .kernel = 3, .padding = 1, .num_copies = 3},
                      {.kind = OperationKind::kPooling, .kernel = 2, .stride = 2},
                      {.output_channels = 20}})
           .program,
       3},
      {"depthwise",
       chain_program(pipelined_chip(), {.channels = 4, .height = 5, .width = 5},
                     {{.output_channels = 8, .num_groups = 4, .num_copies = 2}, {.kind = OperationKind::kVector}})
           .program,
       2},
      {"global-pooling",
       chain_program(
           test_chip(), {.channels = 3, .height = 4, .width = 4},
           {{.output_channels = 5, .num_copies = 2}, {.kind = OperationKind::kPooling, .kernel = 4}, {.output_channels = 3}})
           .program,
       2},
      {"global-buffer-and-dram",
       chain_program(chip_with_memories(), {.channels = 4, .height = 5, .width = 5},
                     {{.output_channels = 6, .kernel = 3, .padding = 1, .num_copies = 2}, {.output_channels = 3}})
           .program,
       2}};
  for (const char* name : {"random-1", "random-2", "random-3"}) programs.push_back({name, random_program(random).program, 2});
  return programs;
}

/// Name -> hash, from the lines `name hash` of the file.
std::map<std::string, std::string> stored_hashes() {
  std::ifstream file(CROSSLOOM_GOLDEN_FOLDER "/event_logs.txt");
  std::map<std::string, std::string> hashes;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string name;
    words >> name >> hashes[name];
  }
  return hashes;
}

std::string hex(std::uint64_t value) {
  std::ostringstream text;
  text << std::hex << value;
  return text.str();
}

TEST(GoldenPrograms, HaveTheStoredEventLogsInBothSimulators) {
  std::map<std::string, std::string> reference_hashes;
  for (const GoldenProgram& golden : golden_programs()) {
    const ReferenceRun reference = run_reference(golden.program, golden.batch, {}, UseLog::kWritten);
    reference_hashes[golden.name] = hex(hash_of(reference.log));
    EventLogger logger;
    (void)run_engine(golden.program.chip, plan_run(golden.program), golden.batch, {}, &logger);
    EXPECT_EQ(hex(hash_of(logger.log())), reference_hashes[golden.name]) << golden.name;
  }
  EXPECT_EQ(stored_hashes(), reference_hashes);
}

TEST(EventLog, HashIsThatOfFnv1a) {
  EXPECT_EQ(hash_of({}), 0xcbf29ce484222325);  // the offset basis
  // FNV-1a of "0 a b 0 0 0 0\n", worked out with Python from the definition.
  EXPECT_EQ(hash_of({{.resource = "a", .step = "b"}}), 0xab6ecc82252720f0);
}

}  // namespace
}  // namespace crossloom
