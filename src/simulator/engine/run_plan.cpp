#include "simulator/engine/run_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "simulator/hardware/chip_geometry.h"
#include "simulator/program/accumulation.h"
#include "simulator/program/accumulation_tree.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {

namespace {

/// Numbers of the chip that are in use, made dense.
class DenseIndex {
 public:
  std::uint32_t operator()(std::int64_t number) {
    const auto [at, is_new] = index_.try_emplace(number, static_cast<std::uint32_t>(numbers_.size()));
    if (is_new) numbers_.push_back(number);
    return at->second;
  }
  [[nodiscard]] std::vector<std::int64_t> take() { return std::move(numbers_); }

 private:
  std::map<std::int64_t, std::uint32_t> index_;
  std::vector<std::int64_t> numbers_;
};

class Planner {
 public:
  explicit Planner(const PlacedProgram& program) : program_(program), chip_(program.chip), block_timings_(program.chip) {}

  RunPlan run() {
    plan_.buffer_access_fs = cycles_to_fs(chip_.tile.buffer.access_cycles, chip_.clock.digital_hz);
    plan_.vector_latency_fs = cycles_to_fs(chip_.tile.vector_unit.latency_cycles, chip_.clock.digital_hz);
    plan_.pooling_latency_fs = cycles_to_fs(chip_.tile.pooling_unit.latency_cycles, chip_.clock.digital_hz);
    plan_.num_input_buffers = chip_.input_register.num_buffers;
    plan_.num_memory_ports = static_cast<std::uint32_t>(chip_.tile.buffer.num_ports);
    plan_.read_latency_fs = read_latency_fs(chip_);
    for (const Operation& operation : program_.operations) add_operation(operation);
    plan_global_buffer();
    add_inboxes();
    mark_needed_chunks();
    plan_.tiles = tile_index_.take();
    plan_.crossbars = crossbar_index_.take();
    check_durations();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] std::int64_t io_endpoint() const { return num_tiles(chip_); }
  [[nodiscard]] static bool is_io(OperationKind kind) {
    return kind == OperationKind::kInput || kind == OperationKind::kOutput;
  }

  void add_operation(const Operation& operation) {
    OperationPlan plan;
    plan.name = operation.name;
    plan.kind = operation.kind;
    const bool is_input = operation.kind == OperationKind::kInput;
    const std::int64_t pixel_bits = checked_mul(operation.output_channels, chip_.arithmetic.activation_bits, "bits of a pixel");
    plan.num_chunks = is_input ? operation.output_height : operation.num_windows();
    plan.chunk_bits = is_input ? checked_mul(pixel_bits, operation.output_width, "bits of an image row") : pixel_bits;
    plan.chunk_flits = ceil_div(plan.chunk_bits, chip_.noc.flit_bits);
    if (is_io(operation.kind)) plan.port = port_transfer(chip_, plan.chunk_bits);
    plan.num_macs = operation.num_macs;
    plan.windows_per_chunk = num_accumulated_pixels(operation);
    plan.write = transfer(pixel_bits);
    plan.first_copy = static_cast<std::uint32_t>(plan_.copies.size());
    plan.num_copies = static_cast<std::uint32_t>(operation.copies.size());
    plan_.operations.push_back(plan);
    for (const CopyRecord& copy : operation.copies) add_copy(operation, copy);
  }

  /// Rows of the image wait in the global buffer; output pixels only pass through it.
  void plan_global_buffer() {
    if (!chip_.global_buffer) return;
    const BufferConfig& buffer = *chip_.global_buffer;
    const auto transfer_of = [&](std::int64_t bits) {
      return MemoryTransfer{.bits = bits,
                            .num_accesses = ceil_div(bits, buffer.port_bits),
                            .port_fs = memory_port_fs(buffer, chip_.clock.digital_hz, bits),
                            .bus_fs = 0};
    };
    const std::int64_t row_bytes = ceil_div(plan_.operations.front().chunk_bits, 8);
    plan_.global_buffer = {.num_ports = static_cast<std::uint32_t>(buffer.num_ports),
                           .num_rows = buffer.capacity_bytes / row_bytes,
                           .access_fs = cycles_to_fs(buffer.access_cycles, chip_.clock.digital_hz),
                           .row = transfer_of(plan_.operations.front().chunk_bits),
                           .pixel = transfer_of(plan_.operations.back().chunk_bits)};
    if (plan_.global_buffer.num_rows >= 1) return;
    throw DoesNotFitError("simulation: global_buffer.capacity_bytes: " + std::to_string(buffer.capacity_bytes) +
                          ", allowed for this network: at least " + std::to_string(row_bytes) + ", a row of its image");
  }

  [[nodiscard]] MemoryTransfer transfer(std::int64_t bits) const {
    return {.bits = bits,
            .num_accesses = ceil_div(bits, chip_.tile.buffer.port_bits),
            .port_fs = port_fs(chip_, bits),
            .bus_fs = bus_fs(chip_, bits)};
  }

  [[nodiscard]] TimeFs unit_fs(OperationKind kind, std::int64_t num_operations) const {
    const bool is_pooling = kind == OperationKind::kPooling;
    const std::int64_t lanes = is_pooling ? chip_.tile.pooling_unit.lanes : chip_.tile.vector_unit.lanes;
    return cycles_to_fs(ceil_div(num_operations, lanes), chip_.clock.digital_hz);
  }

  void add_copy(const Operation& operation, const CopyRecord& record) {
    CopyPlan copy;
    copy.operation = static_cast<std::uint32_t>(plan_.operations.size() - 1);
    copy.home_endpoint = is_io(operation.kind) ? io_endpoint() : record.home_tile;
    copy.home_tile = tile_index_(copy.home_endpoint);
    copy.first_window = record.first_window;
    copy.window_step = record.window_step;
    copy.num_windows = record.num_windows * plan_.operations.back().windows_per_chunk;
    copy.first_group = static_cast<std::uint32_t>(plan_.groups.size());
    std::map<std::int64_t, std::vector<const BlockRecord*>> blocks_by_tile;
    for (const BlockRecord& block : record.blocks) {
      blocks_by_tile[tile_of_crossbar(chip_, block.crossbar)].push_back(&block);
    }
    if (blocks_by_tile.empty()) blocks_by_tile[copy.home_endpoint] = {};
    copy.num_groups = static_cast<std::uint32_t>(blocks_by_tile.size());
    copy.num_unit_operations = operation.num_unit_operations / plan_.operations.back().windows_per_chunk;
    plan_.copies.push_back(copy);
    for (const auto& [endpoint, blocks] : blocks_by_tile) add_group(operation, endpoint, blocks);
    if (operation.kind == OperationKind::kCrossbar) plan_sums(blocks_by_tile);
    CopyPlan& planned = plan_.copies.back();
    planned.unit_fs = unit_fs(operation.kind, planned.num_unit_operations);
  }

  /// Where the partial sums of the copy added last are added up.
  void plan_sums(const std::map<std::int64_t, std::vector<const BlockRecord*>>& blocks_by_tile) {
    CopyPlan& copy = plan_.copies.back();
    std::vector<TileSums> tiles;
    for (const auto& [tile, blocks] : blocks_by_tile) {
      TileSums& sums = tiles.emplace_back();
      sums.tile = tile;
      for (const BlockRecord* block : blocks) {
        sums.outputs.push_back({.first = block->first_output, .end = block->first_output + block->cols});
      }
    }
    const std::vector<AccumulationStep> steps = accumulation_steps(chip_, copy.home_endpoint, tiles);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      GroupPlan& group = plan_.groups[copy.first_group + i];
      const AccumulationStep& step = steps[i];
      if (step.parent == AccumulationStep::kHome) {
        ++copy.num_deliveries;
      } else {
        group.parent = copy.first_group + static_cast<std::uint32_t>(step.parent);
      }
      if (group.endpoint == copy.home_endpoint) continue;
      const std::int64_t bits = checked_mul(step.num_sums, chip_.arithmetic.accumulator_bits, "bits of partial sums");
      group.result_flits = ceil_div(bits, chip_.noc.flit_bits);
      if (!step.adds()) continue;
      group.num_deliveries = static_cast<std::uint32_t>(step.num_children + 1);
      group.num_additions = step.num_additions;
      group.addition_fs = unit_fs(OperationKind::kCrossbar, step.num_additions);
      copy.num_unit_operations -= step.num_additions;
    }
    if (copy.num_unit_operations < 0) throw InternalError("plan_run: more additions of partial sums than unit operations");
  }

  void add_group(const Operation& operation, std::int64_t endpoint, const std::vector<const BlockRecord*>& blocks) {
    const CopyPlan& copy = plan_.copies.back();
    GroupPlan group;
    group.operation = copy.operation;
    group.copy = static_cast<std::uint32_t>(plan_.copies.size() - 1);
    group.tile = tile_index_(endpoint);
    group.endpoint = endpoint;
    const std::int64_t windows_per_chunk = plan_.operations.back().windows_per_chunk;
    group.output_width = windows_per_chunk > 1 ? operation.inputs.front().num_cols : operation.output_width;
    group.first_block = static_cast<std::uint32_t>(plan_.blocks.size());
    group.num_blocks = static_cast<std::uint32_t>(blocks.size());
    std::int64_t values = blocks.empty() ? operation.num_input_values / windows_per_chunk : 0;
    std::int64_t results = 0;
    std::set<std::int64_t> parts;
    for (const BlockRecord* block : blocks) {
      if (parts.insert(block->input_part).second) values += block->num_input_values;
      results += block->cols;
      plan_.blocks.push_back({.crossbar = crossbar_index_(block->crossbar),
                              .num_activations = block->num_activations,
                              .timing = block_timings_.of(*block, operation.has_signed_inputs)});
    }
    group.fetch = transfer(checked_mul(values, chip_.arithmetic.activation_bits, "bits of a window"));
    group.result_bits = checked_mul(results, chip_.arithmetic.accumulator_bits, "bits of partial sums");
    group.result_bus_fs = bus_fs(chip_, group.result_bits);
    plan_.groups.push_back(std::move(group));
  }

  /// One inbox for each pair of a producer and a tile that needs its pixels, in the order of producers, then consumers.
  void add_inboxes() {
    std::vector<std::vector<std::pair<std::uint32_t, const OperationInput*>>> readers(program_.operations.size());
    for (std::uint32_t index = 0; index < plan_.groups.size(); ++index) {
      for (const OperationInput& input : program_.operations[plan_.groups[index].operation].inputs) {
        readers[static_cast<std::size_t>(input.operation)].emplace_back(index, &input);
      }
    }
    for (std::size_t producer = 0; producer < program_.operations.size(); ++producer) {
      OperationPlan& plan = plan_.operations[producer];
      plan.first_inbox = static_cast<std::uint32_t>(plan_.inboxes.size());
      std::map<std::int64_t, std::uint32_t> by_endpoint;
      for (const auto& [group, input] : readers[producer]) add_read(group, *input, by_endpoint);
      plan.num_inboxes = static_cast<std::uint32_t>(plan_.inboxes.size()) - plan.first_inbox;
    }
  }

  void add_read(std::uint32_t group_index, const OperationInput& input, std::map<std::int64_t, std::uint32_t>& by_endpoint) {
    GroupPlan& group = plan_.groups[group_index];
    const auto producer = static_cast<std::uint32_t>(input.operation);
    const auto next = static_cast<std::uint32_t>(plan_.inboxes.size());
    const auto [at, is_new] = by_endpoint.try_emplace(group.endpoint, next);
    if (is_new) {
      const auto num_chunks = static_cast<std::size_t>(plan_.operations[producer].num_chunks);
      plan_.inboxes.push_back({.producer = producer,
                               .endpoint = group.endpoint,
                               .is_needed = std::vector<std::uint8_t>(num_chunks, 0),
                               .num_readers = 0,
                               .is_at_io_port = group.endpoint == io_endpoint(),
                               .capacity_chunks = 0,
                               .needed_before = {}});
    }
    const Operation& source = program_.operations[producer];
    group.reads.push_back({.inbox = at->second,
                           .reader = plan_.inboxes[at->second].num_readers,
                           .pixels = plan_.operations[group.operation].windows_per_chunk > 1 ? pixel_of_window(input) : input,
                           .producer_height = source.output_height,
                           .producer_width = source.output_width,
                           .is_row_chunked = source.kind == OperationKind::kInput});
    ++plan_.inboxes[at->second].num_readers;
  }

  void mark_needed_chunks() {
    for (const GroupPlan& group : plan_.groups) {
      const CopyPlan& copy = plan_.copies[group.copy];
      for (const ReadPlan& read : group.reads) {
        std::vector<std::uint8_t>& is_needed = plan_.inboxes[read.inbox].is_needed;
        for (std::int64_t k = 0; k < copy.num_windows; ++k) {
          const std::int64_t window = copy.first_window + k * copy.window_step;
          for_each_needed_chunk(read, window / group.output_width, window % group.output_width, [&](std::int64_t chunk) {
            is_needed[static_cast<std::size_t>(chunk)] = 1;
            return true;
          });
        }
      }
    }
  }

  /// No single step may last longer than a second: the engine adds steps up in 64 bits.
  void check_durations() const {
    constexpr const char* kUnitOrPort = "a window in a digital unit or at the IO port";
    for (const BlockPlan& block : plan_.blocks) check_duration(block.timing.latency_fs, "a window of a block");
    for (const GroupPlan& group : plan_.groups) {
      check_duration(std::max(group.fetch.port_fs, group.fetch.bus_fs), "a fetch from the tile memory");
      check_duration(std::max(group.result_bus_fs, group.addition_fs), "a transfer or addition of partial sums");
    }
    check_duration(std::max(plan_.global_buffer.row.port_fs, plan_.global_buffer.pixel.port_fs),
                   "a row or pixel in the global buffer");
    for (const CopyPlan& copy : plan_.copies) check_duration(copy.unit_fs, kUnitOrPort);
    for (const OperationPlan& operation : plan_.operations) {
      check_duration(operation.port.interval_fs(), kUnitOrPort);
      check_duration(std::max(operation.write.port_fs, operation.write.bus_fs), "a write to the tile memory");
      check_duration(cycles_to_fs(operation.chunk_flits, chip_.noc.clock_hz), "a message on the NoC");
    }
  }

  static void check_duration(TimeFs duration_fs, const char* what) {
    if (duration_fs <= kFsPerSecond) return;
    throw UserError(std::string("simulation: ") + what + " takes longer than a second: the chip is too slow to simulate");
  }

  const PlacedProgram& program_;
  const ChipConfig& chip_;
  BlockTimings block_timings_;
  RunPlan plan_;
  DenseIndex tile_index_;
  DenseIndex crossbar_index_;
};

}  // namespace

TimeFs port_fs(const ChipConfig& chip, std::int64_t bits) {
  return memory_port_fs(chip.tile.buffer, chip.clock.digital_hz, bits);
}

TimeFs bus_fs(const ChipConfig& chip, std::int64_t bits) {
  return cycles_to_fs(ceil_div(bits, chip.tile.bus.width_bits), chip.clock.digital_hz);
}

std::string global_buffer_port_name(std::uint32_t port, std::uint32_t num_ports) {
  return num_ports == 1 ? "global buffer port" : "global buffer port " + std::to_string(port);
}

std::string memory_port_name(std::uint32_t port, std::uint32_t num_memory_ports) {
  return num_memory_ports == 1 ? "memory port" : "memory port " + std::to_string(port % num_memory_ports);
}

RunPlan plan_run(const PlacedProgram& program) { return Planner(program).run(); }

}  // namespace crossloom
