#pragma once

#include "simulator/metrics/run_metrics.h"
#include "support/fields.h"

/// Name, unit and meaning of every statistic, said once: metrics.json, the table of `crossloom docs metrics` and the tests walk
/// these.
namespace crossloom {

namespace metrics_limits {
inline constexpr NumberRange kAmount{0.0, 1e300};
inline constexpr NumberRange kFraction{0.0, 1.0};
inline constexpr IntegerRange kCount{0, std::numeric_limits<std::int64_t>::max()};
}  // namespace metrics_limits

template <class Self, class Visitor>
requires SameStruct<Self, ComponentFigures>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kAmount;
  visit(Field{"total", "sum of the components", kAmount}, self.total);
  visit(Field{"cell", "memory cells", kAmount}, self.cell);
  visit(Field{"dac", "row drivers", kAmount}, self.dac);
  visit(Field{"adc", "converters", kAmount}, self.adc);
  visit(Field{"sample_hold", "sample & hold of the columns", kAmount}, self.sample_hold);
  visit(Field{"shift_add", "shift-and-add behind the converters", kAmount}, self.shift_add);
  visit(Field{"input_register", "input registers of the arrays", kAmount}, self.input_register);
  visit(Field{"output_register", "output registers of the crossbars", kAmount}, self.output_register);
  visit(Field{"crossbar_periphery", "decoders and multiplexers of the arrays", kAmount}, self.crossbar_periphery);
  visit(Field{"buffer", "tile memories", kAmount}, self.buffer);
  visit(Field{"bus", "tile buses", kAmount}, self.bus);
  visit(Field{"vector_unit", "vector units", kAmount}, self.vector_unit);
  visit(Field{"pooling_unit", "pooling units", kAmount}, self.pooling_unit);
  visit(Field{"noc", "routers and links", kAmount}, self.noc);
  visit(Field{"io", "input and output port", kAmount}, self.io);
  visit(Field{"global_buffer", "memory between the IO port and the mesh", kAmount}, self.global_buffer);
  visit(Field{"dram", "memory behind the IO port", kAmount}, self.dram);
  visit(Field{"static_power", "static power of the whole chip over the simulated time (energy only)", kAmount},
        self.static_power);
}

template <class Self, class Visitor>
requires SameStruct<Self, StallFigures>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kAmount;
  visit(Field{"input_data", "pixels of a producer that do not exist yet", kAmount}, self.input_data);
  visit(Field{"input_register", "input registers still hold earlier windows", kAmount}, self.input_register);
  visit(Field{"output_buffer", "line buffer of a consumer full", kAmount}, self.output_buffer);
  visit(Field{"buffer_and_bus", "tile memory port or bus busy", kAmount}, self.buffer_and_bus);
  visit(Field{"crossbar", "crossbar busy with an earlier activation", kAmount}, self.crossbar);
  visit(Field{"vector_unit", "vector unit busy", kAmount}, self.vector_unit);
  visit(Field{"pooling_unit", "pooling unit busy", kAmount}, self.pooling_unit);
  visit(Field{"noc", "links of the mesh busy", kAmount}, self.noc);
  visit(Field{"io", "input and output port busy", kAmount}, self.io);
  visit(Field{"global_buffer", "ports of the global buffer busy, or no room in it for an image row", kAmount},
        self.global_buffer);
  visit(Field{"dram", "channel of the DRAM busy", kAmount}, self.dram);
}

template <class Self, class Visitor>
requires SameStruct<Self, TimeShares<double>>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kAmount;
  visit(Field{"busy", "taken", kAmount}, self.busy);
  visit(Field{"input_data", "waiting for pixels of a producer", kAmount}, self.input_data);
  visit(Field{"input_register", "waiting until the registers give up an earlier window", kAmount}, self.input_register);
  visit(Field{"output_buffer", "waiting for room in the line buffer of a consumer", kAmount}, self.output_buffer);
  visit(Field{"buffer_and_bus", "waiting for the tile's memory port or bus", kAmount}, self.buffer_and_bus);
  visit(Field{"fetch", "waiting for inputs on their way from the tile memory", kAmount}, self.fetch);
  visit(Field{"contention", "waiting while another block, copy or layer has its crossbar, unit or port", kAmount},
        self.contention);
  visit(Field{"array", "converters only: their crossbar drives, reads or adds meanwhile", kAmount}, self.array);
  visit(Field{"idle", "nothing to do: no layer of it has begun, or all are done, or nothing asks for it", kAmount}, self.idle);
}

template <class Self, class Visitor>
requires SameStruct<Self, EventCounts>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kCount;
  visit(Field{"windows", "windows run by all operations", kCount}, self.windows);
  visit(Field{"activations", "activations of blocks", kCount}, self.activations);
  visit(Field{"macs", "multiply-accumulates of the network", kCount}, self.macs);
  visit(Field{"row_drives", "rows driven, by phase and array", kCount}, self.row_drives);
  visit(Field{"cell_reads", "cells read, by phase", kCount}, self.cell_reads);
  visit(Field{"column_samples", "columns sampled", kCount}, self.column_samples);
  visit(Field{"conversions", "analog-to-digital conversions", kCount}, self.conversions);
  visit(Field{"shift_adds", "converted values shifted and added", kCount}, self.shift_adds);
  visit(Field{"input_register_bytes", "bytes loaded into input registers", kCount}, self.input_register_bytes);
  visit(Field{"output_register_bytes", "bytes stored into output registers", kCount}, self.output_register_bytes);
  visit(Field{"buffer_accesses", "accesses of tile memories, one port width each", kCount}, self.buffer_accesses);
  visit(Field{"bus_bits", "bits moved over tile buses", kCount}, self.bus_bits);
  visit(Field{"vector_operations", "operations of vector units", kCount}, self.vector_operations);
  visit(Field{"pooling_operations", "operations of pooling units", kCount}, self.pooling_operations);
  visit(Field{"noc_messages", "messages sent over the mesh, a multicast counted once", kCount}, self.noc_messages);
  visit(Field{"noc_flit_hops", "flits x routers passed", kCount}, self.noc_flit_hops);
  visit(Field{"io_bits", "bits through the input and output port", kCount}, self.io_bits);
  visit(Field{"global_buffer_accesses", "accesses of the global buffer, one port width each", kCount},
        self.global_buffer_accesses);
  visit(Field{"dram_bits", "bits read from and written to the DRAM, of whole bursts", kCount}, self.dram_bits);
}

template <class Self, class Visitor>
requires SameStruct<Self, ProgrammingMetrics>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"time_ns", "all arrays side by side, each row by row", metrics_limits::kAmount}, self.time_ns);
  visit(Field{"num_rows", "rows written, over all physical arrays", metrics_limits::kCount}, self.num_rows);
  visit(Field{"num_cells", "cells written", metrics_limits::kCount}, self.num_cells);
  visit(Field{"num_weight_bits", "bits of the weights in all blocks of all copies", metrics_limits::kCount},
        self.num_weight_bits);
  visit(Field{"load_time_ns", "to bring the weights from the DRAM to the tiles, before the writing; 0 without DRAM",
              metrics_limits::kAmount},
        self.load_time_ns);
  visit(Field{"energy_pj", "pulses, the reads that verify them, and with DRAM the way of the weights, by component"},
        self.energy_pj);
}

template <class Self, class Visitor>
requires SameStruct<Self, LayerMetrics>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kAmount;
  using metrics_limits::kCount;
  visit(Field{"name", "operation"}, self.name);
  visit(Field{"kind", "kind of operation"}, self.kind);
  visit(Field{"num_copies", "copies that share the windows", kCount}, self.num_copies);
  visit(Field{"num_blocks", "weight blocks of all copies", kCount}, self.num_blocks);
  visit(Field{"num_windows", "windows of one image", kCount}, self.num_windows);
  visit(Field{"num_activations", "activations of one image", kCount}, self.num_activations);
  visit(Field{"start_ns", "first fetch begins", kAmount}, self.start_ns);
  visit(Field{"end_ns", "last output of the batch stored", kAmount}, self.end_ns);
  visit(Field{"crossbar_busy_ns", "crossbar time, summed over blocks", kAmount}, self.crossbar_busy_ns);
  visit(Field{"unit_busy_ns", "time of vector or pooling units, summed over windows", kAmount}, self.unit_busy_ns);
  visit(Field{"input_wait_ns", "waiting for producers, summed over copies", kAmount}, self.input_wait_ns);
  visit(Field{"crossbar_wait_ns", "waiting for crossbars, summed over blocks", kAmount}, self.crossbar_wait_ns);
  visit(Field{"time_ns", "start to end, summed over blocks (copies, when it has none): in work, or waiting for what"},
        self.time_ns);
}

template <class Self, class Visitor>
requires SameStruct<Self, ResourceMetrics>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kAmount;
  visit(Field{"kind", "kind of resource"}, self.kind);
  visit(Field{"busiest", "the instance of this kind that was taken longest"}, self.busiest);
  visit(Field{"busy_ns", "time it was taken", kAmount}, self.busy_ns);
  visit(Field{"utilization_fraction", "busy_ns over the makespan", metrics_limits::kFraction}, self.utilization_fraction);
  visit(Field{"throughput_limit_inferences_per_s", "batch over busy_ns: throughput if nothing else took time", kAmount},
        self.throughput_limit_inferences_per_s);
  visit(Field{"num_instances", "instances taken at least once", metrics_limits::kCount}, self.num_instances);
  visit(Field{"mean_utilization_fraction", "mean over these instances", metrics_limits::kFraction},
        self.mean_utilization_fraction);
  visit(Field{"time_ns", "time of all of them; the shares add up to num_instances x makespan_ns"}, self.time_ns);
  visit(Field{"utilization_over_time_fraction", "their mean in each bin of timeline_bin_ns; the last bin ends with the run",
              metrics_limits::kFraction},
        self.utilization_over_time_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, LinkMetrics>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"from", "where it comes from: router (row, column), tile n or IO port"}, self.from);
  visit(Field{"to", "where it leads"}, self.to);
  visit(Field{"busy_ns", "time it was taken", metrics_limits::kAmount}, self.busy_ns);
  visit(Field{"num_messages", "messages over it", metrics_limits::kCount}, self.num_messages);
  visit(Field{"num_flits", "their flits, of noc.flit_bits each", metrics_limits::kCount}, self.num_flits);
}

template <class Self, class Visitor>
requires SameStruct<Self, LatencyBounds>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kAmount;
  visit(Field{"critical_path_ns", "longest chain of dependent windows of one image without contention", kAmount},
        self.critical_path_ns);
  visit(Field{"busiest_resource_ns", "most work of any one resource for the batch", kAmount}, self.busiest_resource_ns);
  visit(Field{"busiest_resource", "its name"}, self.busiest_resource);
  visit(Field{"achieved_fraction", "the larger bound over the makespan: 1 when no schedule of this program is faster",
              metrics_limits::kFraction},
        self.achieved_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, RunMetrics>
void visit_fields(Self& self, Visitor&& visit) {
  using metrics_limits::kAmount;
  using metrics_limits::kCount;
  using metrics_limits::kFraction;
  visit(Field{"network", "network"}, self.network);
  visit(Field{"chip", "chip"}, self.chip);
  visit(Field{"seed", "seed of the compilation"}, self.seed);
  visit(Field{"batch", "images", IntegerRange{1, 1 << 20}}, self.batch);
  visit(Field{"crossbar_budget", "crossbars the compiler was allowed", kCount}, self.crossbar_budget);
  visit(Field{"num_crossbars_used", "logical crossbars that hold weights", kCount}, self.num_crossbars_used);
  visit(Field{"num_physical_arrays", "physical arrays they stand for", kCount}, self.num_physical_arrays);
  visit(Field{"num_tiles_used", "tiles with a used crossbar", kCount}, self.num_tiles_used);
  visit(Field{"crossbar_lower_bound", "area of all blocks over the area of a crossbar, rounded up", kCount},
        self.crossbar_lower_bound);
  visit(Field{"cell_utilization_fraction", "weights placed over weights the used crossbars could hold", kFraction},
        self.cell_utilization_fraction);
  visit(Field{"time_utilization_fraction", "busy time of the used crossbars over their number times the makespan", kFraction},
        self.time_utilization_fraction);
  visit(Field{"latency_ns", "first image, from its first bit in until its last window is done, the output included", kAmount},
        self.latency_ns);
  visit(Field{"latency_cycles", "the same in clocks of clock.digital_hz, rounded up", kCount}, self.latency_cycles);
  visit(Field{"makespan_ns", "whole batch", kAmount}, self.makespan_ns);
  visit(Field{"interval_ns", "between the ends of successive images, mean over the batch; the latency for one image", kAmount},
        self.interval_ns);
  visit(Field{"throughput_inferences_per_s", "1 / interval", kAmount}, self.throughput_inferences_per_s);
  visit(Field{"fill_ns", "from time 0 until the first result pixel begins to leave", kAmount}, self.fill_ns);
  visit(Field{"drain_ns", "from the last image's last bit in until the end of the batch", kAmount}, self.drain_ns);
  visit(Field{"tops", "2 x events.macs over the makespan (a MAC is two operations)", kAmount}, self.tops);
  visit(Field{"tops_per_w", "2 x events.macs over energy_pj.total", kAmount}, self.tops_per_w);
  visit(Field{"tops_per_mm2", "tops over area_um2.total", kAmount}, self.tops_per_mm2);
  visit(Field{"power_mw", "mean power: energy_pj.total over the makespan", kAmount}, self.power_mw);
  visit(Field{"energy_pj", "whole batch, by component"}, self.energy_pj);
  visit(Field{"energy_per_inference_pj", "energy_pj.total / batch", kAmount}, self.energy_per_inference_pj);
  visit(
      Field{"is_energy_value_dependent", "cell and dac energy follow given activity statistics, not the averages of the chip"},
      self.is_energy_value_dependent);
  visit(Field{"area_um2", "whole chip, by component"}, self.area_um2);
  visit(Field{"programming", "writing the weights: before time 0, part of no other figure"}, self.programming);
  visit(Field{"stalls_ns", "time spent waiting, summed over all that wait, by cause"}, self.stalls_ns);
  visit(Field{"events", "what happened over the whole batch"}, self.events);
  visit(Field{"bounds", "latencies that cannot be beaten"}, self.bounds);
  visit(Field{"bottleneck", "the bound that binds"}, self.bottleneck);
  visit(Field{"timeline_bin_ns", "width of a bin of utilization over time, a power of 2 in femtoseconds", kAmount},
        self.timeline_bin_ns);
  visit(Field{"resources", "kinds of resources that were used, each by its busiest instance"}, self.resources);
  visit(Field{"links", "links of the NoC that were used, each in one direction"}, self.links);
  visit(Field{"layers", "operations of the program"}, self.layers);
}

}  // namespace crossloom
