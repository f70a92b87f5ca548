#include "tests/simulator/metrics/example_metrics.h"

namespace crossloom {

PlacedProgram example_program() {
  return chain_program(test_chip(), {.channels = 16, .height = 2, .width = 2}, {{.output_channels = 8, .num_copies = 2}})
      .program;
}

RunMetrics example_metrics() {
  RunMetrics metrics{.network = "chain", .chip = "test", .seed = 7, .batch = 3};
  metrics.crossbar_budget = 16;
  metrics.num_crossbars_used = 2;
  metrics.num_physical_arrays = 2;
  metrics.num_tiles_used = 1;
  metrics.crossbar_lower_bound = 1;         // 2 x 128 weights in crossbars of 256
  metrics.cell_utilization_fraction = 0.5;  // 2 x 128 of 2 x 256
  metrics.time_utilization_fraction = 0.25;
  metrics.latency_ns = 100.5;
  metrics.latency_cycles = 101;
  metrics.makespan_ns = 140.5;
  metrics.interval_ns = 20.0;
  metrics.throughput_inferences_per_s = 5e7;
  metrics.fill_ns = 60.0;
  metrics.drain_ns = 90.5;
  metrics.energy_pj = {.total = 7.5, .adc = 4.5, .static_power = 3.0};
  metrics.energy_per_inference_pj = 2.5;
  metrics.area_um2 = {.total = 3.0, .cell = 1.0, .io = 2.0};
  // 2 x 1536 operations in 140.5 ns, 7.5 pJ and 3 um2
  metrics.tops = 3072.0 / 140.5 / 1e3;
  metrics.tops_per_w = 409.6;
  metrics.tops_per_mm2 = metrics.tops / 3e-6;
  metrics.power_mw = 7.5 / 140.5;
  // 2 blocks of 16 x 8 weights, a cell each, at 1 pJ
  metrics.programming = {.time_ns = 1600.0,
                         .num_rows = 32,
                         .num_cells = 256,
                         .num_weight_bits = 1024,
                         .energy_pj = {.total = 256.0, .cell = 256.0}};
  metrics.stalls_ns.crossbar = 12.0;
  metrics.events.windows = 36;
  metrics.events.activations = 12;  // 3 images x 4 windows x 1 block
  metrics.events.macs = 3 * 4 * 128;
  metrics.bounds = {.critical_path_ns = 100.5,
                    .busiest_resource_ns = 120.0,
                    .busiest_resource = "crossbar 0",
                    .achieved_fraction = 120.0 / 140.5};
  metrics.timeline_bin_ns = 100.0;
  metrics.bottleneck = "crossbar 0";
  metrics.resources = {{.kind = "crossbar",
                        .busiest = "crossbar 0",
                        .busy_ns = 120.0,
                        .utilization_fraction = 120.0 / 140.5,
                        .throughput_limit_inferences_per_s = 2.5e7,
                        .num_instances = 2,
                        .mean_utilization_fraction = 100.0 / 140.5,
                        .time_ns = {.busy = 200.0, .input_data = 50.0, .idle = 31.0},
                        // 160 of 200 ns, then 40 of 2 x 40.5 ns
                        .utilization_over_time_fraction = {0.8, 40.0 / 81.0}},
                       {.kind = "bus",
                        .busiest = "tile 0 bus",
                        .busy_ns = 60.0,
                        .utilization_fraction = 60.0 / 140.5,
                        .throughput_limit_inferences_per_s = 5e7,
                        .num_instances = 1,
                        .mean_utilization_fraction = 60.0 / 140.5,
                        .time_ns = {.busy = 60.0, .buffer_and_bus = 0.5, .idle = 80.0},
                        .utilization_over_time_fraction = {0.6, 0.0}}};
  // Each image's rows to the tile of both copies and four windows out again, of one flit each; the IO port and tile 0 share a
  // router.
  metrics.events.noc_messages = 18;
  metrics.events.noc_flit_hops = 18;
  metrics.links = {{.from = "IO port", .to = "router (0, 0)", .busy_ns = 6.0, .num_messages = 6, .num_flits = 6},
                   {.from = "router (0, 0)", .to = "tile 0", .busy_ns = 6.0, .num_messages = 6, .num_flits = 6},
                   {.from = "tile 0", .to = "router (0, 0)", .busy_ns = 12.0, .num_messages = 12, .num_flits = 12},
                   {.from = "router (0, 0)", .to = "IO port", .busy_ns = 12.0, .num_messages = 12, .num_flits = 12}};
  metrics.layers = {{.name = "input",
                     .kind = "input",
                     .num_copies = 1,
                     .num_windows = 4,
                     .start_ns = 0.0,
                     .end_ns = 50.0,
                     .time_ns = {.busy = 50.0}},
                    {.name = "layer0",
                     .kind = "crossbar",
                     .num_copies = 2,
                     .num_blocks = 2,
                     .num_windows = 4,
                     .num_activations = 4,
                     .start_ns = 16.0,
                     .end_ns = 130.0,
                     .time_ns = {.busy = 150.0, .input_data = 50.0, .fetch = 8.0, .idle = 20.0}},
                    {.name = "output",
                     .kind = "output",
                     .num_copies = 1,
                     .num_windows = 4,
                     .start_ns = 60.0,
                     .end_ns = 140.5,
                     .time_ns = {.busy = 20.5, .input_data = 60.0}}};
  return metrics;
}

}  // namespace crossloom
