#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "simulator/engine/mesh.h"
#include "simulator/engine/run_observer.h"
#include "simulator/engine/run_plan.h"
#include "simulator/engine/run_record.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// A window and the step for which it takes a resource.
struct WindowUse {
  WindowStep step = WindowStep::kFetch;
  std::uint32_t source = 0;  ///< index into RunPlan::groups
  std::int64_t window = 0;   ///< of the copy, through all images; of the input: the row
};

/// The shared resources of a chip during a run. Each is taken from the first moment at which it is free; what that costs is
/// added to the record, and the observer, when there is one, is told.
class Machine {
 public:
  /// All but `observer`, which may be null, must outlive this.
  Machine(const ChipConfig& chip, const RunPlan& plan, RunRecord& record, RunObserver* observer)
      : plan_(plan), record_(record), observer_(observer), mesh_(chip) {
    if (observer_ == nullptr) return;
    mesh_.log_links();
    observer_->begin(plan, mesh_);
  }

  /// Takes a crossbar for the activations of a block; returns when they begin.
  TimeFs take_crossbar(const WindowUse& use, std::uint32_t crossbar, TimeFs now_fs, TimeFs hold_fs) {
    const TimeFs start_fs =
        take(record_.crossbars[crossbar], record_.timelines.crossbar, now_fs, hold_fs, record_.stalls.crossbar);
    observe(ResourceKind::kCrossbar, use, crossbar, start_fs, hold_fs);
    return start_fs;
  }

  /// Takes the vector or pooling unit of a tile; returns when.
  TimeFs take_unit(const WindowUse& use, OperationKind kind, std::uint32_t tile, TimeFs now_fs, TimeFs hold_fs) {
    TileRecord& resources = record_.tiles[tile];
    const bool is_pooling = kind == OperationKind::kPooling;
    const TimeFs start_fs =
        is_pooling ? take(resources.pooling_unit, record_.timelines.pooling_unit, now_fs, hold_fs, record_.stalls.pooling_unit)
                   : take(resources.vector_unit, record_.timelines.vector_unit, now_fs, hold_fs, record_.stalls.vector_unit);
    observe(is_pooling ? ResourceKind::kPoolingUnit : ResourceKind::kVectorUnit, use, tile, start_fs, hold_fs);
    return start_fs;
  }

  /// Takes the bus of a tile alone; returns when.
  TimeFs take_bus(const WindowUse& use, std::uint32_t tile, TimeFs now_fs, std::int64_t bits, TimeFs hold_fs) {
    const TimeFs start_fs =
        take(record_.tiles[tile].bus, record_.timelines.bus, now_fs, hold_fs, record_.stalls.buffer_and_bus);
    record_.events.bus_bits += bits;
    observe(ResourceKind::kBus, use, tile, start_fs, hold_fs);
    return start_fs;
  }

  /// Takes the memory port of a tile that is free first, and its bus, together; returns when. The data is through after
  /// `transfer_fs`.
  TimeFs take_port_and_bus(const WindowUse& use, std::uint32_t tile, TimeFs now_fs, const MemoryTransfer& transfer) {
    TileRecord& resources = record_.tiles[tile];
    std::uint32_t port = tile * plan_.num_memory_ports;
    for (std::uint32_t i = port + 1; i < (tile + 1) * plan_.num_memory_ports; ++i) {
      if (record_.ports[i].free_fs < record_.ports[port].free_fs) port = i;
    }
    const TimeFs start_fs = std::max({now_fs, record_.ports[port].free_fs, resources.bus.free_fs});
    record_.stalls.buffer_and_bus += start_fs - now_fs;
    take_part(record_.ports[port], record_.timelines.port, now_fs, start_fs, transfer.port_fs);
    take_part(resources.bus, record_.timelines.bus, now_fs, start_fs, transfer.bus_fs);
    record_.events.bus_bits += transfer.bits;
    record_.events.buffer_accesses += transfer.num_accesses;
    observe(ResourceKind::kMemoryPort, use, port, start_fs, transfer.port_fs);
    observe(ResourceKind::kBus, use, tile, start_fs, transfer.bus_fs);
    return start_fs;
  }

  [[nodiscard]] TimeFs transfer_fs(const MemoryTransfer& transfer) const {
    return plan_.buffer_access_fs + std::max(transfer.port_fs, transfer.bus_fs);
  }

  /// Takes a direction of the IO port, and the DRAM when there is one, together; returns when.
  TimeFs take_io(const WindowUse& use, ResourceKind direction, TimeFs now_fs, const PortTransfer& transfer) {
    const bool is_in = direction == ResourceKind::kIoIn;
    ResourceUse& io = is_in ? record_.io_in : record_.io_out;
    const bool has_dram = transfer.dram_bits > 0;
    const TimeFs io_ready_fs = std::max(now_fs, io.free_fs);
    const TimeFs start_fs = has_dram ? std::max(io_ready_fs, record_.dram.free_fs) : io_ready_fs;
    record_.stalls.io += io_ready_fs - now_fs;
    record_.stalls.dram += start_fs - io_ready_fs;
    if (has_dram) {
      take_part(record_.dram, record_.timelines.dram, now_fs, start_fs, transfer.dram_fs);
      record_.events.dram_bits += transfer.dram_bits;
      observe(ResourceKind::kDram, use, 0, start_fs, transfer.dram_fs);
    }
    take_part(io, is_in ? record_.timelines.io_in : record_.timelines.io_out, now_fs, start_fs, transfer.io_fs);
    observe(direction, use, 0, start_fs, transfer.io_fs);
    return start_fs;
  }

  /// Takes the port of the global buffer that is free first; returns when the data is through.
  TimeFs use_global_buffer(const WindowUse& use, TimeFs now_fs, const MemoryTransfer& transfer) {
    std::vector<ResourceUse>& ports = record_.global_buffer_ports;
    const auto port = std::ranges::min_element(ports, {}, &ResourceUse::free_fs);
    const TimeFs start_fs =
        take(*port, record_.timelines.global_buffer, now_fs, transfer.port_fs, record_.stalls.global_buffer);
    record_.events.global_buffer_accesses += transfer.num_accesses;
    observe(ResourceKind::kGlobalBufferPort, use, static_cast<std::uint32_t>(port - ports.begin()), start_fs, transfer.port_fs);
    return start_fs + plan_.global_buffer.access_fs + transfer.port_fs;
  }

  /// Sends a message over the mesh (Mesh::send).
  void send(const WindowUse& use, std::int64_t source, std::span<const std::int64_t> destinations, std::int64_t num_flits,
            TimeFs now_fs, std::vector<TimeFs>& arrivals_fs) {
    record_.stalls.noc += mesh_.send(source, destinations, num_flits, now_fs, arrivals_fs);
    if (observer_ == nullptr) return;
    for (const LinkEntry& entry : mesh_.last_links()) {
      observe(ResourceKind::kLink, use, entry.link, entry.head_fs, entry.hold_fs);
    }
  }

  /// Follows the use with which a window takes in its inputs.
  void note_fetched(const ChunkId& last_input) const {
    if (observer_ != nullptr) observer_->fetched(last_input);
  }

  [[nodiscard]] const Mesh& mesh() const { return mesh_; }

 private:
  TimeFs take(ResourceUse& resource, BusyTimeline& timeline, TimeFs now_fs, TimeFs hold_fs, TimeSumFs& stall_fs) const {
    const TimeFs start_fs = std::max(now_fs, resource.free_fs);
    stall_fs += start_fs - now_fs;
    resource.idle_fs += start_fs - resource.free_fs;
    timeline.add(start_fs, hold_fs);
    resource.free_fs = start_fs + hold_fs;
    resource.busy_fs += hold_fs;
    return start_fs;
  }

  /// Takes one of two parts that start together.
  void take_part(ResourceUse& part, BusyTimeline& timeline, TimeFs now_fs, TimeFs start_fs, TimeFs hold_fs) const {
    const TimeFs wanted_fs = std::max(now_fs, part.free_fs);
    part.idle_fs += wanted_fs - part.free_fs;
    part.blocked_fs += start_fs - wanted_fs;
    part.free_fs = start_fs + hold_fs;
    part.busy_fs += hold_fs;
    timeline.add(start_fs, hold_fs);
  }

  void observe(ResourceKind resource, const WindowUse& use, std::uint32_t instance, TimeFs start_fs, TimeFs hold_fs) const {
    if (observer_ == nullptr) return;
    observer_->taken({.resource = resource,
                      .step = use.step,
                      .instance = instance,
                      .source = use.source,
                      .copy = plan_.groups[use.source].copy,
                      .chunk = chunk_of(use),
                      .start_fs = start_fs,
                      .hold_fs = hold_fs});
  }

  /// The chunk that a window makes, or helps to make.
  [[nodiscard]] ChunkId chunk_of(const WindowUse& use) const {
    const CopyPlan& copy = plan_.copies[plan_.groups[use.source].copy];
    const OperationPlan& operation = plan_.operations[copy.operation];
    if (operation.kind == OperationKind::kInput) return {.operation = copy.operation, .number = use.window};
    const std::int64_t window = copy.first_window + use.window % copy.num_windows * copy.window_step;
    return {.operation = copy.operation,
            .number = use.window / copy.num_windows * operation.num_chunks + window / operation.windows_per_chunk};
  }

  const RunPlan& plan_;
  RunRecord& record_;
  RunObserver* observer_;
  Mesh mesh_;
};

}  // namespace crossloom
