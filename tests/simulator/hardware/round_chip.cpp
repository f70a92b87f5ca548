#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {

ChipConfig round_chip() {
  ChipConfig chip;
  chip.name = "round";
  chip.source = "none";
  chip.differs_from_source = "made up for tests";
  chip.clock.digital_hz = 1'000'000'000;
  chip.arithmetic = {.weight_bits = 4, .activation_bits = 8, .accumulator_bits = 16};
  chip.cell = {.bits_per_cell = 2, .g_min_siemens = 1e-6, .g_max_siemens = 1e-4, .write_pulses = 1};
  chip.crossbar = {.rows = 16,
                   .cols = 24,
                   .active_rows = 16,
                   .phase_overlap = PhaseOverlap::kSerial,
                   .row_select_ns = 1.0,
                   .read_ns = 7.0,
                   .column_select_ns = 0.5};
  chip.dac = {.bits = 1, .settle_ns = 2.0, .cost = {}};
  chip.adc = {.bits = 8, .samples_per_s = 1'000'000'000, .columns_per_adc = 6, .cost = {}};
  chip.shift_add.cycles_per_phase = 1;
  chip.input_register = {.cycles_per_activation = 3, .cycles_per_phase = 2, .num_buffers = 1, .cost = {}};
  chip.output_register = {.cycles_per_activation = 4, .cycles_per_phase = 0, .num_buffers = 1, .cost = {}};
  chip.tile = {.num_crossbars = 4,
               .buffer = {.capacity_bytes = 1024, .port_bits = 64, .access_cycles = 1, .cost = {}},
               .bus = {.width_bits = 64, .cost = {}},
               .vector_unit = {.lanes = 1, .latency_cycles = 1, .cost = {}},
               .pooling_unit = {.lanes = 1, .latency_cycles = 1, .cost = {}}};
  chip.noc = {.mesh_rows = 2,
              .mesh_cols = 3,
              .tiles_per_router = 2,
              .flit_bits = 32,
              .clock_hz = 1'000'000'000,
              .router_cycles = 1,
              .cost = {}};
  chip.io.bits_per_s = 1'000'000'000;
  return chip;
}

}  // namespace crossloom
