#include "tests/simulator/reference/reference_simulator.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/engine/buffer_sizing.h"
#include "simulator/program/verify_program.h"
#include "support/error.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/engine/random_programs.h"

namespace crossloom {
namespace {

TEST(ReferenceSimulator, AgreesWithTheHandComputedWindow) {
  // one_window_test.cpp adds the steps up.
  const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  EXPECT_EQ(run_reference(test.program, 1).image_end_fs, (std::vector<TimeFs>{53'500'000}));
}

TEST(ReferenceSimulator, AgreesWithTheEngineToTheFemtosecond) {
  RandomStream random(21, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 400; ++trial) {
    const TestProgram test = random_program(random);
    ASSERT_EQ(verify_program(test.program), std::vector<std::string>{}) << "trial " << trial;
    const std::int64_t batch = 1 + trial % 3;
    const RunPlan plan = plan_run(test.program);
    // Every use of every resource is compared where that is cheap enough: in one program of four.
    const bool is_logged = trial % 4 == 0;
    EventLogger logger;
    const RunRecord record = run_engine(test.program.chip, plan, batch, {}, is_logged ? &logger : nullptr);
    const ReferenceRun reference = run_reference(test.program, batch, {}, is_logged ? UseLog::kWritten : UseLog::kNone);
    ASSERT_EQ(record.image_end_fs, reference.image_end_fs) << "trial " << trial;
    for (std::size_t i = 0; i < plan.crossbars.size(); ++i) {
      EXPECT_EQ(record.crossbars[i].busy_fs, reference.crossbar_busy_fs[static_cast<std::size_t>(plan.crossbars[i])]);
    }
    EXPECT_TRUE(logger.log() == reference.log) << "trial " << trial;
  }
}

/// Row parts, and column parts of some, on up to ten tiles, whose sums meet on the way home.
TEST(ReferenceSimulator, AgreesWithTheEngineOnAccumulationTreesPortsAndBanks) {
  RandomStream random(24, {.purpose = RandomPurpose::kTest});
  const auto pick = [&random](std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(most - least + 1)));
  };
  int num_trees = 0;
  for (int trial = 0; trial < 150; ++trial) {
    ChipConfig chip = random_chip(random);
    chip.tile.accumulation = trial % 5 == 0 ? Accumulation::kHomeTile : Accumulation::kTree;
    chip.noc.mesh_rows = 5;
    chip.noc.mesh_cols = 10;
    chip.noc.tiles_per_router = 1;
    chip.tile.num_crossbars = pick(1, 2);
    chip.tile.buffer.num_ports = pick(1, 3);
    chip.tile.buffer.num_banks = pick(1, 4);
    chip.tile.buffer.bank_cycles = pick(1, 5);
    const TestProgram test =
        chain_program(chip, {.channels = pick(20, 96), .height = 3, .width = 3},
                      {{.output_channels = pick(1, 40), .num_copies = pick(1, 2)}, {.output_channels = pick(1, 12)}});
    ASSERT_EQ(verify_program(test.program), std::vector<std::string>{}) << "trial " << trial;
    const std::int64_t batch = pick(1, 2);
    const RunPlan plan = plan_run(test.program);
    EventLogger logger;
    const RunRecord record = run_engine(chip, plan, batch, {}, &logger);
    const ReferenceRun reference = run_reference(test.program, batch, {}, UseLog::kWritten);
    ASSERT_EQ(record.image_end_fs, reference.image_end_fs) << "trial " << trial;
    ASSERT_TRUE(logger.log() == reference.log) << "trial " << trial;
    num_trees += std::any_of(plan.groups.begin(), plan.groups.end(),
                             [](const GroupPlan& group) { return group.parent != GroupPlan::kHomeTile; })
                     ? 1
                     : 0;
  }
  EXPECT_GE(num_trees, 50);
}

TEST(ReferenceSimulator, AgreesWithTheEngineOnGlobalBuffersDramAndAllElse) {
  RandomStream random(25, {.purpose = RandomPurpose::kTest});
  int num_buffers = 0;
  int num_drams = 0;
  int num_held_up = 0;
  for (int trial = 0; trial < 320; ++trial) {
    TestProgram test = random_program(random);
    add_random_parts(test.program.chip, random);
    ASSERT_EQ(verify_program(test.program), std::vector<std::string>{}) << "trial " << trial;
    const std::int64_t batch = 1 + trial % 3;
    RunPlan plan = plan_run(test.program);
    LineCapacities capacities;
    if (trial % 2 == 1) {
      bound_line_buffers_uniformly(6 + static_cast<std::int64_t>(random.next_below(20)), plan);
      for (const InboxPlan& inbox : plan.inboxes) {
        if (!inbox.is_at_io_port) capacities[{inbox.producer, inbox.endpoint}] = inbox.capacity_chunks;
      }
    }
    if (!explain_deadlock(plan).empty()) continue;
    const bool is_logged = trial % 4 <= 1;
    EventLogger logger;
    const RunRecord record = run_engine(test.program.chip, plan, batch, {}, is_logged ? &logger : nullptr);
    const ReferenceRun reference = run_reference(test.program, batch, capacities, is_logged ? UseLog::kWritten : UseLog::kNone);
    ASSERT_EQ(record.image_end_fs, reference.image_end_fs) << "trial " << trial;
    ASSERT_TRUE(logger.log() == reference.log) << "trial " << trial;
    num_buffers += test.program.chip.global_buffer ? 1 : 0;
    num_drams += test.program.chip.dram ? 1 : 0;
    num_held_up += record.stalls.output_buffer > 0 && test.program.chip.global_buffer ? 1 : 0;
  }
  EXPECT_GE(num_buffers, 120);
  EXPECT_GE(num_drams, 120);
  EXPECT_GE(num_held_up, 15);
}

TEST(ReferenceSimulator, AgreesWithTheEngineOnGlobalPooling) {
  RandomStream random(23, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 100; ++trial) {
    const ChipConfig chip = random_chip(random);
    const auto size = static_cast<std::int64_t>(2 + random.next_below(5));
    const auto channels = static_cast<std::int64_t>(1 + random.next_below(8));
    const TestProgram test = chain_program(chip, {.channels = 2, .height = size, .width = size},
                                           {{.output_channels = channels, .num_copies = 2},
                                            {.kind = OperationKind::kPooling, .kernel = size},
                                            {.output_channels = 3}});
    const std::int64_t batch = 1 + trial % 3;
    RunPlan plan = plan_run(test.program);
    ASSERT_EQ(plan.operations.at(2).windows_per_chunk, size * size);
    ASSERT_EQ(run_engine(chip, plan, batch).image_end_fs, run_reference(test.program, batch).image_end_fs) << "trial " << trial;
    // One pixel at a time is enough room everywhere but for the rows of the image.
    bound_line_buffers_uniformly(1, plan);
    LineCapacities capacities;
    for (const InboxPlan& inbox : plan.inboxes) {
      if (!inbox.is_at_io_port) capacities[{inbox.producer, inbox.endpoint}] = 1;
    }
    ASSERT_EQ(explain_deadlock(plan), "") << "trial " << trial;
    ASSERT_EQ(run_engine(chip, plan, batch).image_end_fs, run_reference(test.program, batch, capacities).image_end_fs)
        << "trial " << trial;
  }
}

TEST(ReferenceSimulator, AgreesWithTheEngineOnLineBuffersAndDeadlocks) {
  RandomStream random(22, {.purpose = RandomPurpose::kTest});
  int num_stuck = 0;
  int num_held_up = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const TestProgram test = random_program(random);
    const std::int64_t batch = 1 + trial % 3;
    RunPlan plan = plan_run(test.program);
    bound_line_buffers_uniformly(1 + static_cast<std::int64_t>(random.next_below(40)), plan);
    LineCapacities capacities;
    for (const InboxPlan& inbox : plan.inboxes) {
      if (!inbox.is_at_io_port) capacities[{inbox.producer, inbox.endpoint}] = inbox.capacity_chunks;
    }
    const ReferenceRun reference = run_reference(test.program, batch, capacities);
    ASSERT_EQ(reference.is_stuck, !explain_deadlock(plan).empty()) << "trial " << trial;
    if (reference.is_stuck) {
      ++num_stuck;
      EXPECT_THROW((void)run_engine(test.program.chip, plan, batch), UserError) << "trial " << trial;
      continue;
    }
    const RunRecord record = run_engine(test.program.chip, plan, batch);
    ASSERT_EQ(record.image_end_fs, reference.image_end_fs) << "trial " << trial;
    num_held_up += record.stalls.output_buffer > 0 ? 1 : 0;
  }
  // The comparison is worth something: many programs are held up, some for ever.
  EXPECT_GE(num_stuck, 20);
  EXPECT_GE(num_held_up, 100);
}

}  // namespace
}  // namespace crossloom
