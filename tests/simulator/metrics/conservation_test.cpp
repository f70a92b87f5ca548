#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "simulator/engine/engine.h"
#include "simulator/engine/run_plan.h"
#include "simulator/hardware/chip_budget.h"
#include "simulator/metrics/metrics_fields.h"
#include "simulator/metrics/verify_metrics.h"
#include "simulator/program/verify_program.h"
#include "simulator/simulate.h"
#include "tests/simulator/engine/random_programs.h"
#include "tests/simulator/reference/event_log.h"

/// What must hold whatever the network and the chip, on 500 random ones of both.
namespace crossloom {
namespace {

constexpr int kNumPrograms = 500;

/// Every second chip has random ones of all parts.
PlacedProgram random_machine_program(RandomStream& random) {
  PlacedProgram program = random_program(random).program;
  if (random.next_below(2) == 0) add_random_parts(program.chip, random);
  return program;
}

/// Energies of one event, all different, so that no two counts can be mixed up.
void set_costs(ChipConfig& chip) {
  chip.cell.read_energy_pj = 0.5;
  double energy_pj = 1.0;
  for (ComponentCost* cost :
       {&chip.dac.cost, &chip.adc.cost, &chip.sample_hold.cost, &chip.shift_add.cost, &chip.input_register.cost,
        &chip.output_register.cost, &chip.tile.buffer.cost, &chip.tile.bus.cost, &chip.tile.vector_unit.cost,
        &chip.tile.pooling_unit.cost, &chip.noc.cost, &chip.io.cost}) {
    *cost = {.energy_pj = energy_pj, .static_power_mw = 0.25, .area_um2 = 8.0 * energy_pj};
    energy_pj += 1.0;
  }
  if (chip.global_buffer) chip.global_buffer->cost = {.energy_pj = 13.0, .static_power_mw = 0.25, .area_um2 = 104.0};
  if (chip.dram) chip.dram->cost = {.energy_pj = 14.0, .static_power_mw = 0.25, .area_um2 = 112.0};
}

bool is_io(const Operation& operation) {
  return operation.kind == OperationKind::kInput || operation.kind == OperationKind::kOutput;
}

/// What the program asks for, over a batch, counted without running it.
EventCounts expected_events(const PlacedProgram& program, std::int64_t batch) {
  const RunPlan plan = plan_run(program);
  EventCounts events;
  for (const GroupPlan& group : plan.groups) {
    const std::int64_t windows = batch * plan.copies[group.copy].num_windows;
    if (!is_io(program.operations[group.operation])) events.bus_bits += windows * (group.fetch.bits + group.result_bits);
    for (std::uint32_t i = group.first_block; i < group.first_block + group.num_blocks; ++i) {
      events.activations += windows * plan.blocks[i].num_activations;
      events.conversions += windows * plan.blocks[i].timing.events.conversions;
      events.row_drives += windows * plan.blocks[i].timing.events.row_drives;
      events.cell_reads += windows * plan.blocks[i].timing.events.cell_reads;
    }
  }
  for (std::size_t i = 0; i < program.operations.size(); ++i) {
    const Operation& operation = program.operations[i];
    const OperationPlan& planned = plan.operations[i];
    const std::int64_t windows = batch * operation.num_windows();
    events.windows += windows;
    events.macs += windows * operation.num_macs;
    if (is_io(operation)) {
      const std::int64_t chunks = batch * planned.num_chunks;
      events.io_bits += chunks * planned.chunk_bits;
      if (program.chip.dram) {
        const std::int64_t burst_bits = program.chip.dram->burst_bits;
        events.dram_bits += chunks * ((planned.chunk_bits + burst_bits - 1) / burst_bits) * burst_bits;
      }
      if (program.chip.global_buffer) {
        const std::int64_t port_bits = program.chip.global_buffer->port_bits;
        events.global_buffer_accesses += 2 * chunks * ((planned.chunk_bits + port_bits - 1) / port_bits);
      }
    } else {
      events.bus_bits += windows * planned.write.bits;
    }
    if (operation.kind == OperationKind::kPooling) events.pooling_operations += windows * operation.num_unit_operations;
    if (operation.kind == OperationKind::kVector || operation.kind == OperationKind::kCrossbar) {
      events.vector_operations += windows * operation.num_unit_operations;
    }
  }
  return events;
}

double dynamic_energy_pj(const EventCounts& events) {
  const std::int64_t by_cost[] = {events.row_drives,
                                  events.conversions,
                                  events.column_samples,
                                  events.shift_adds,
                                  events.input_register_bytes,
                                  events.output_register_bytes,
                                  events.buffer_accesses,
                                  events.bus_bits,
                                  events.vector_operations,
                                  events.pooling_operations,
                                  events.noc_flit_hops,
                                  events.io_bits,
                                  events.global_buffer_accesses,
                                  events.dram_bits};
  double energy_pj = 0.5 * static_cast<double>(events.cell_reads);
  double cost_pj = 1.0;
  for (const std::int64_t count : by_cost) {
    energy_pj += cost_pj * static_cast<double>(count);
    cost_pj += 1.0;
  }
  return energy_pj;
}

TEST(Conservation, EveryEventOfTheProgramHappensAndNoOther) {
  RandomStream random(31, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < kNumPrograms; ++trial) {
    const PlacedProgram program = random_machine_program(random);
    const std::int64_t batch = 1 + trial % 3;
    const EventCounts events = simulate(program, {.batch = batch}).events;
    const EventCounts expected = expected_events(program, batch);
    EXPECT_EQ(events.windows, expected.windows) << "trial " << trial;
    EXPECT_EQ(events.activations, expected.activations) << "trial " << trial;
    EXPECT_EQ(events.macs, expected.macs) << "trial " << trial;
    EXPECT_EQ(events.conversions, expected.conversions) << "trial " << trial;
    EXPECT_EQ(events.row_drives, expected.row_drives) << "trial " << trial;
    EXPECT_EQ(events.cell_reads, expected.cell_reads) << "trial " << trial;
    EXPECT_EQ(events.bus_bits, expected.bus_bits) << "trial " << trial;
    EXPECT_EQ(events.io_bits, expected.io_bits) << "trial " << trial;
    EXPECT_EQ(events.global_buffer_accesses, expected.global_buffer_accesses) << "trial " << trial;
    EXPECT_EQ(events.dram_bits, expected.dram_bits) << "trial " << trial;
    EXPECT_EQ(events.vector_operations, expected.vector_operations) << "trial " << trial;
    EXPECT_EQ(events.pooling_operations, expected.pooling_operations) << "trial " << trial;
  }
}

TEST(Conservation, EnergyIsThatOfTheEventsAndOfStaticPower) {
  RandomStream random(32, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < kNumPrograms; ++trial) {
    PlacedProgram program = random_machine_program(random);
    set_costs(program.chip);
    const RunMetrics metrics = simulate(program, {.batch = 1 + trial % 2});
    const double static_pj = total(chip_budget(program.chip)).static_power_mw * metrics.makespan_ns;
    const double expected = dynamic_energy_pj(metrics.events) + static_pj;
    EXPECT_NEAR(metrics.energy_pj.total, expected, 1e-9 * expected) << "trial " << trial;
    EXPECT_NEAR(metrics.area_um2.total, total(chip_budget(program.chip)).area_um2, 1e-9 * metrics.area_um2.total);
  }
}

TEST(Conservation, FiguresFitTheProgramAndEachOther) {
  RandomStream random(33, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < kNumPrograms; ++trial) {
    const PlacedProgram program = random_machine_program(random);
    const RunMetrics metrics = simulate(program, {.batch = 1 + trial % 3});
    // The bounds of latency and makespan are among what verify_metrics looks at.
    EXPECT_EQ(verify_metrics(metrics, program), std::vector<std::string>{}) << "trial " << trial;
    for (const ResourceMetrics& resource : metrics.resources) {
      EXPECT_LE(resource.utilization_fraction, 1.0) << "trial " << trial << ' ' << resource.busiest;
    }
  }
}

/// A chip with more of one thing.
struct Doubling {
  std::string name;
  void (*apply)(ChipConfig&);
};

const Doubling kDoublings[] = {
    {"digital clock", [](ChipConfig& chip) { chip.clock.digital_hz *= 2; }},
    {"conversion rate", [](ChipConfig& chip) { chip.adc.samples_per_s *= 2; }},
    {"memory port", [](ChipConfig& chip) { chip.tile.buffer.port_bits *= 2; }},
    {"bus", [](ChipConfig& chip) { chip.tile.bus.width_bits *= 2; }},
    {"vector unit", [](ChipConfig& chip) { chip.tile.vector_unit.lanes *= 2; }},
    {"pooling unit", [](ChipConfig& chip) { chip.tile.pooling_unit.lanes *= 2; }},
    {"flits", [](ChipConfig& chip) { chip.noc.flit_bits *= 2; }},
    {"NoC clock", [](ChipConfig& chip) { chip.noc.clock_hz *= 2; }},
    {"IO port", [](ChipConfig& chip) { chip.io.bits_per_s *= 2; }},
    {"input registers", [](ChipConfig& chip) { chip.input_register.num_buffers = 2; }},
    {"memory ports", [](ChipConfig& chip) { chip.tile.buffer.num_ports *= 2; }},
    {"memory banks", [](ChipConfig& chip) { chip.tile.buffer.num_banks *= 2; }},
    {"global buffer",
     [](ChipConfig& chip) {
       if (chip.global_buffer) chip.global_buffer->capacity_bytes *= 2;
     }},
    {"global buffer ports",
     [](ChipConfig& chip) {
       if (chip.global_buffer) chip.global_buffer->num_ports *= 2;
     }},
    {"DRAM",
     [](ChipConfig& chip) {
       if (chip.dram) chip.dram->bits_per_s *= 2;
     }},
};

// Requests are served in the order of arrival, so that an earlier arrival at one resource can push another request behind it:
// the anomaly of list schedules (Graham, SIAM J. Appl. Math. 1969). docs/model.md says how large it gets.
constexpr double kLargestSlowdown = 0.20;
constexpr int kMostSlower = 100;  // of 5000

EventLog log_of(const PlacedProgram& program) {
  EventLogger logger;
  (void)run_engine(program.chip, plan_run(program), 2, {}, &logger);
  return logger.log();
}

/// The groups, windows and steps that each resource serves, in its order.
std::map<std::string, std::vector<std::string>> service_orders(const EventLog& log) {
  std::map<std::string, std::vector<std::string>> orders;
  for (const LoggedUse& use : log) {
    orders[use.resource].push_back(std::to_string(use.source) + ' ' + std::to_string(use.number) + ' ' + use.step);
  }
  return orders;
}

/// The first resource that serves its windows in another order in `after` than in `before`; empty when there is none.
std::string overtaking(const PlacedProgram& before, const PlacedProgram& after) {
  const auto orders = service_orders(log_of(before));
  for (const auto& [resource, order] : service_orders(log_of(after))) {
    if (orders.at(resource) != order) return resource;
  }
  return "";
}

TEST(Conservation, MoreOfAnythingNeverSlowsByMoreThanTheAnomalyOfListSchedules) {
  RandomStream random(34, {.purpose = RandomPurpose::kTest});
  double worst = 0.0;
  int slower = 0;
  int runs = 0;
  for (int trial = 0; trial < kNumPrograms; ++trial) {
    const PlacedProgram program = random_machine_program(random);
    const double makespan_ns = simulate(program, {.batch = 2}).makespan_ns;
    for (const Doubling& doubling : kDoublings) {
      PlacedProgram faster = program;
      doubling.apply(faster.chip);
      if (faster.chip == program.chip) continue;
      ++runs;
      const double slowdown = simulate(faster, {.batch = 2}).makespan_ns / makespan_ns - 1.0;
      EXPECT_LE(slowdown, kLargestSlowdown) << "trial " << trial << ", twice the " << doubling.name;
      worst = std::max(worst, slowdown);
      if (slowdown <= 0.0) continue;
      ++slower;
      // Were every resource to serve its windows in the order of before, no time could be later: each start is a maximum of
      // sums of durations, none of which has grown. So a slower run is explained by a request that overtook another one.
      const std::string resource = overtaking(program, faster);
      EXPECT_NE(resource, "") << "trial " << trial << ", twice the " << doubling.name << ": slower for no reason";
      RecordProperty("trial_" + std::to_string(trial) + "_twice_the_" + doubling.name,
                     std::to_string(slowdown) + ", as windows overtake each other at " + resource);
    }
  }
  RecordProperty("worst_slowdown", std::to_string(worst));
  RecordProperty("slower_runs", slower);
  RecordProperty("runs", runs);
  EXPECT_LE(slower, kMostSlower) << "of " << runs;
}

}  // namespace
}  // namespace crossloom
