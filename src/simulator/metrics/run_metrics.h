#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/engine/time_shares.h"
#include "support/fields.h"

/// Everything a simulation reports, as one struct walked by one visit_fields: JSON, equality and documentation all walk it.
namespace crossloom {

/// A figure of each hardware component; the unit is that of the member that holds it. `total` is the sum of the others in the
/// order of the fields.
struct ComponentFigures {
  double total = 0.0;
  double cell = 0.0;
  double dac = 0.0;
  double adc = 0.0;
  double sample_hold = 0.0;
  double shift_add = 0.0;
  double input_register = 0.0;
  double output_register = 0.0;
  double crossbar_periphery = 0.0;
  double buffer = 0.0;
  double bus = 0.0;
  double vector_unit = 0.0;
  double pooling_unit = 0.0;
  double noc = 0.0;
  double io = 0.0;
  double global_buffer = 0.0;
  double dram = 0.0;
  double static_power = 0.0;  ///< energy only: static power of the whole chip x simulated time
  friend bool operator==(const ComponentFigures&, const ComponentFigures&) = default;
};

/// Time spent waiting, summed over all that wait, by what was waited for.
struct StallFigures {
  double input_data = 0.0;      ///< pixels of a producer that do not exist yet
  double input_register = 0.0;  ///< inputs are there, but the registers still hold earlier windows
  double output_buffer = 0.0;   ///< inputs and a register are there, but the line buffer of a consumer is full
  double buffer_and_bus = 0.0;  ///< tile memory port and bus busy
  double crossbar = 0.0;        ///< crossbar busy with an earlier activation, of this or another block
  double vector_unit = 0.0;
  double pooling_unit = 0.0;
  double noc = 0.0;            ///< links of the mesh busy
  double io = 0.0;             ///< IO port busy
  double global_buffer = 0.0;  ///< its ports busy, or no room in it for an image row
  double dram = 0.0;           ///< its channel busy
  friend bool operator==(const StallFigures&, const StallFigures&) = default;
};

/// What happened, counted over the whole batch.
struct EventCounts {
  std::int64_t windows = 0;
  std::int64_t activations = 0;
  std::int64_t macs = 0;
  std::int64_t row_drives = 0;
  std::int64_t cell_reads = 0;
  std::int64_t column_samples = 0;
  std::int64_t conversions = 0;
  std::int64_t shift_adds = 0;
  std::int64_t input_register_bytes = 0;
  std::int64_t output_register_bytes = 0;
  std::int64_t buffer_accesses = 0;
  std::int64_t bus_bits = 0;
  std::int64_t vector_operations = 0;
  std::int64_t pooling_operations = 0;
  std::int64_t noc_messages = 0;
  std::int64_t noc_flit_hops = 0;  ///< flits x routers passed
  std::int64_t io_bits = 0;
  std::int64_t global_buffer_accesses = 0;
  std::int64_t dram_bits = 0;  ///< of whole bursts
  friend bool operator==(const EventCounts&, const EventCounts&) = default;
};

/// Writing the weights, before time 0 and no part of any other figure.
struct ProgrammingMetrics {
  double time_ns = 0.0;       ///< all arrays side by side, each row by row
  std::int64_t num_rows = 0;  ///< written, over all physical arrays
  std::int64_t num_cells = 0;
  std::int64_t num_weight_bits = 0;  ///< of the weights in all blocks
  double load_time_ns = 0.0;         ///< to bring them to the tiles; 0 without DRAM
  ComponentFigures energy_pj;
  friend bool operator==(const ProgrammingMetrics&, const ProgrammingMetrics&) = default;
};

/// One operation of the program over the whole batch.
struct LayerMetrics {
  std::string name;
  std::string kind;
  std::int64_t num_copies = 0;
  std::int64_t num_blocks = 0;       ///< of all copies
  std::int64_t num_windows = 0;      ///< of one image
  std::int64_t num_activations = 0;  ///< of one image
  double start_ns = 0.0;             ///< first fetch begins
  double end_ns = 0.0;               ///< last output of the batch stored
  double crossbar_busy_ns = 0.0;     ///< summed over its blocks
  double unit_busy_ns = 0.0;         ///< time of vector or pooling units, summed over its windows
  double input_wait_ns = 0.0;        ///< summed over its copies: waiting for producers
  double crossbar_wait_ns = 0.0;     ///< summed over its blocks: waiting for a crossbar
  /// From start to end, summed over its blocks, or over its copies when it has none: in work, waiting by cause, or done.
  TimeShares<double> time_ns;
  friend bool operator==(const LayerMetrics&, const LayerMetrics&) = default;
};

/// One kind of resource: its busiest instance, which is what the machine could do if nothing else limited it, as a roofline has
/// it; and all instances that were used at all, over the run.
struct ResourceMetrics {
  std::string kind;                                ///< "crossbar", "memory port", "bus", ...
  std::string busiest;                             ///< the instance
  double busy_ns = 0.0;                            ///< it was taken
  double utilization_fraction = 0.0;               ///< busy_ns / makespan
  double throughput_limit_inferences_per_s = 0.0;  ///< batch / busy_ns: no schedule of this program is faster
  std::int64_t num_instances = 0;                  ///< taken at least once
  double mean_utilization_fraction = 0.0;          ///< of them
  TimeShares<double> time_ns;                      ///< of all of them; the shares add up to num_instances x makespan
  std::vector<double>
      utilization_over_time_fraction;  ///< mean of them in each bin of timeline_bin_ns; the last bin ends with the run
  friend bool operator==(const ResourceMetrics&, const ResourceMetrics&) = default;
};

/// A directed link of the mesh, or one between a tile or the IO port and its router.
struct LinkMetrics {
  std::string from;  ///< "router (row, column)", "tile 3" or "IO port"
  std::string to;
  double busy_ns = 0.0;
  std::int64_t num_messages = 0;
  std::int64_t num_flits = 0;
  friend bool operator==(const LinkMetrics&, const LinkMetrics&) = default;
};

/// Lower bounds, each from the program and chip alone: the critical path of latency_ns, the busiest resource of makespan_ns.
struct LatencyBounds {
  double critical_path_ns = 0.0;     ///< longest chain of dependent windows of one image without any contention
  double busiest_resource_ns = 0.0;  ///< most work of any one resource for the batch
  std::string busiest_resource;      ///< its name, such as "crossbar 12" or "IO port"
  double achieved_fraction = 0.0;    ///< the larger bound / makespan_ns: 1 when no schedule of this program is faster
  friend bool operator==(const LatencyBounds&, const LatencyBounds&) = default;
};

struct RunMetrics {
  std::string network;
  std::string chip;
  std::int64_t seed = 0;
  std::int64_t batch = 1;
  std::int64_t crossbar_budget = 0;
  std::int64_t num_crossbars_used = 0;
  std::int64_t num_physical_arrays = 0;
  std::int64_t num_tiles_used = 0;
  std::int64_t crossbar_lower_bound = 0;
  double cell_utilization_fraction = 0.0;  ///< weights placed / weights the used crossbars could hold
  double time_utilization_fraction = 0.0;  ///< busy time of the used crossbars / (used crossbars x makespan)
  double latency_ns = 0.0;                 ///< first image: first input bit until its last window is done, the output included
  std::int64_t latency_cycles = 0;         ///< the same in clocks of `clock.digital_hz`, rounded up
  double makespan_ns = 0.0;                ///< whole batch
  double interval_ns = 0.0;                ///< (last image's end - first image's end) / (batch - 1); latency when batch is 1
  double throughput_inferences_per_s = 0.0;  ///< 1 / interval
  double fill_ns = 0.0;                      ///< from time 0 until the first result pixel begins to leave
  double drain_ns = 0.0;                     ///< from the last image's last bit in until the end
  double tops = 0.0;                         ///< 2 x events.macs / makespan, in 10^12 operations a second
  double tops_per_w = 0.0;                   ///< 2 x events.macs / energy; 0 when no energy is known
  double tops_per_mm2 = 0.0;                 ///< tops / area of the whole chip; 0 when no area is known
  double power_mw = 0.0;                     ///< mean over the batch: energy / makespan
  ComponentFigures energy_pj;                ///< whole batch
  double energy_per_inference_pj = 0.0;
  bool is_energy_value_dependent = false;  ///< cells and DACs follow given activity statistics, not the chip's averages
  ComponentFigures area_um2;               ///< whole chip
  ProgrammingMetrics programming;
  StallFigures stalls_ns;
  EventCounts events;
  LatencyBounds bounds;
  std::string bottleneck;        ///< the bound that binds, in words
  double timeline_bin_ns = 0.0;  ///< width of the bins of utilization over time
  std::vector<ResourceMetrics> resources;
  std::vector<LinkMetrics> links;  ///< those used
  std::vector<LayerMetrics> layers;
  friend bool operator==(const RunMetrics&, const RunMetrics&) = default;
};

}  // namespace crossloom
