#pragma once

#include <optional>
#include <type_traits>

#include "simulator/hardware/chip_config.h"
#include "support/fields.h"

/// One record a key of the chip: name, meaning, bounds. Reading, writing, overriding and docs/chips.md walk these. The bounds
/// keep every count of a crossbar far from 64 bits; `validate` (chip_yaml.h) sees to products over the whole chip.
namespace crossloom {

namespace chip_bounds {
inline constexpr IntegerRange kBits{1, 64};
inline constexpr IntegerRange kLines{1, 65'536};  // rows or columns of an array
inline constexpr IntegerRange kHertz{1'000, 1'000'000'000'000};
inline constexpr IntegerRange kCycles{0, 1'000'000};
inline constexpr NumberRange kNanoseconds{0.0, 1e6};
inline constexpr NumberRange kPicojoules{0.0, 1e9};
inline constexpr NumberRange kMilliwatts{0.0, 1e9};
inline constexpr NumberRange kSquareMicrometres{0.0, 1e12};
inline constexpr NumberRange kFraction{0.0, 1.0};
}  // namespace chip_bounds

template <class Self, class Visitor>
requires SameStruct<Self, ClockConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"digital_hz", "the digital clock that latency_cycles counts", chip_bounds::kHertz}, self.digital_hz);
}

template <class Self, class Visitor>
requires SameStruct<Self, ArithmeticConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"weight_bits", "bits of a weight, sign included", IntegerRange{1, 32}}, self.weight_bits);
  visit(Field{"weight_range", "whether the most negative weight -2^(b-1) exists (twos_complement) or not (symmetric)"},
        self.weight_range);
  visit(Field{"activation_bits", "bits of an input, sign included", IntegerRange{1, 32}}, self.activation_bits);
  visit(Field{"accumulator_bits", "width of a partial sum on bus and NoC", chip_bounds::kBits}, self.accumulator_bits);
  visit(Field{"input_encoding", "how negative inputs reach the rows"}, self.input_encoding);
}

template <class Self, class Visitor>
requires SameStruct<Self, CellConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"bits_per_cell", "bits one cell holds", IntegerRange{1, 8}}, self.bits_per_cell);
  visit(Field{"g_min_siemens", "conductance of the lowest level", NumberRange{0.0, 1.0}}, self.g_min_siemens);
  visit(Field{"g_max_siemens", "conductance of the highest level", NumberRange{0.0, 1.0}}, self.g_max_siemens);
  visit(Field{"read_voltage_volt", "largest voltage of a driven row", NumberRange{0.0, 10.0}}, self.read_voltage_volt);
  visit(Field{"read_energy_pj", "energy of one cell in one read phase", chip_bounds::kPicojoules}, self.read_energy_pj);
  visit(Field{"write_voltage_volt", "voltage of a programming pulse", NumberRange{0.0, 20.0}}, self.write_voltage_volt);
  visit(Field{"write_pulse_ns", "length of a programming pulse", chip_bounds::kNanoseconds}, self.write_pulse_ns);
  visit(Field{"write_pulses", "pulses to program one cell", IntegerRange{1, 1'000'000}}, self.write_pulses);
  visit(Field{"write_energy_pj", "energy of one pulse on one cell", chip_bounds::kPicojoules}, self.write_energy_pj);
  visit(Field{"area_um2", "area of one cell", chip_bounds::kSquareMicrometres}, self.area_um2);
}

template <class Self, class Visitor>
requires SameStruct<Self, CrossbarConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"rows", "word lines of a physical array", chip_bounds::kLines}, self.rows);
  visit(Field{"cols", "bit lines of a physical array", chip_bounds::kLines}, self.cols);
  visit(Field{"active_rows", "rows driven at once; more rows take several groups one after another", chip_bounds::kLines},
        self.active_rows);
  visit(Field{"polarity", "how a signed weight lies in cells"}, self.polarity);
  visit(Field{"polarity_subtraction", "where G- is subtracted from G+: before or after the converter"},
        self.polarity_subtraction);
  visit(Field{"slice_placement", "whether bit slices lie in neighbouring columns or in parallel arrays"}, self.slice_placement);
  visit(Field{"phase_overlap", "whether the steps of successive phases overlap"}, self.phase_overlap);
  visit(Field{"row_select_ns", "row decoder or demultiplexer, each phase", chip_bounds::kNanoseconds}, self.row_select_ns);
  visit(Field{"read_ns", "settling and sampling of the column currents, each phase", NumberRange{1e-3, 1e6}}, self.read_ns);
  visit(Field{"column_select_ns", "column multiplexer, each phase", chip_bounds::kNanoseconds}, self.column_select_ns);
  visit(Field{"periphery_area_um2", "area of an array beside cells, DACs and ADCs", chip_bounds::kSquareMicrometres},
        self.periphery_area_um2);
  visit(Field{"periphery_static_power_mw", "power of that periphery, drawn all the time", chip_bounds::kMilliwatts},
        self.periphery_static_power_mw);
  visit(Field{"array_active_power_mw", "published power of one array at full activity (peak power table only)",
              chip_bounds::kMilliwatts},
        self.array_active_power_mw);
}

template <class Self, class Visitor>
requires SameStruct<Self, DacConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"bits", "input bits a row driver applies in one phase", IntegerRange{1, 16}}, self.bits);
  visit(Field{"settle_ns", "settling of the row voltages, each phase", chip_bounds::kNanoseconds}, self.settle_ns);
  visit(Field{"cost", "event: one row driven for one phase; one instance a row of a physical array"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, AdcConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"bits", "resolution", IntegerRange{1, 16}}, self.bits);
  visit(Field{"samples_per_s", "conversions of one ADC a second", chip_bounds::kHertz}, self.samples_per_s);
  visit(Field{"columns_per_adc", "neighbouring columns that one ADC converts one after another", chip_bounds::kLines},
        self.columns_per_adc);
  visit(Field{"cost", "event: one conversion"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, SampleHoldConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"cost", "event: one column sampled; one instance a converted column"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, ShiftAddConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"cycles_per_phase", "clocks to shift and add one phase's values", chip_bounds::kCycles}, self.cycles_per_phase);
  visit(Field{"cost", "event: one converted value shifted and added; one instance a converting array"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, RegisterConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"cycles_per_activation", "clocks to load (input) or store (output) once an activation", chip_bounds::kCycles},
        self.cycles_per_activation);
  visit(Field{"cycles_per_phase", "clocks to shift the next input bits out, each phase", chip_bounds::kCycles},
        self.cycles_per_phase);
  visit(Field{"num_buffers", "1: a new input waits until the crossbar is done with the last; 2: it loads beside it",
              IntegerRange{1, 2}},
        self.num_buffers);
  visit(Field{"cost", "event: one byte written; one instance a physical array (input) or a logical crossbar (output)"},
        self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, BufferConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"capacity_bytes", "size", IntegerRange{1, std::int64_t{1} << 40}}, self.capacity_bytes);
  visit(Field{"num_ports", "transfers at a time", IntegerRange{1, 8}}, self.num_ports);
  visit(Field{"port_bits", "bits an access moves; one access starts each clock at most", chip_bounds::kLines}, self.port_bits);
  visit(Field{"num_banks", "banks over which neighbouring words are spread", IntegerRange{1, 1'024}}, self.num_banks);
  visit(Field{"bank_cycles", "clocks for which an access takes a bank", IntegerRange{1, 1'024}}, self.bank_cycles);
  visit(Field{"access_cycles", "latency of an access", IntegerRange{1, 1'000'000}}, self.access_cycles);
  visit(Field{"cost", "event: one access"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, BusConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"width_bits", "bits moved each clock", chip_bounds::kLines}, self.width_bits);
  visit(Field{"cost", "event: one bit moved"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, UnitConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"lanes", "operations that start each clock", chip_bounds::kLines}, self.lanes);
  visit(Field{"latency_cycles", "clocks from an operation's start to its result", IntegerRange{1, 1'000'000}},
        self.latency_cycles);
  visit(Field{"cost", "event: one operation; powers and area of all lanes together"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, TileConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"num_crossbars", "logical crossbars of a tile", IntegerRange{1, 4'096}}, self.num_crossbars);
  visit(
      Field{"accumulation", "where partial sums of a window from several tiles are added: all in its home tile, or on the way"},
      self.accumulation);
  visit(Field{"buffer", "tile memory"}, self.buffer);
  visit(Field{"bus", "bus between tile memory, crossbars and digital units"}, self.bus);
  visit(Field{"vector_unit", "element-wise digital work: partial sums, activation functions, additions"}, self.vector_unit);
  visit(Field{"pooling_unit", "pooling; an operation takes one input value"}, self.pooling_unit);
}

template <class Self, class Visitor>
requires SameStruct<Self, NocConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"mesh_rows", "routers in a column of the mesh", IntegerRange{1, 1'024}}, self.mesh_rows);
  visit(Field{"mesh_cols", "routers in a row of the mesh", IntegerRange{1, 1'024}}, self.mesh_cols);
  visit(Field{"tiles_per_router", "tiles that share one router", IntegerRange{1, 64}}, self.tiles_per_router);
  visit(Field{"flit_bits", "bits a link moves each clock", chip_bounds::kLines}, self.flit_bits);
  visit(Field{"clock_hz", "clock of routers and links", chip_bounds::kHertz}, self.clock_hz);
  visit(Field{"router_cycles", "clocks of a head flit through one router and its outgoing link", IntegerRange{1, 1'000'000}},
        self.router_cycles);
  visit(Field{"cost", "event: one flit through one router; one instance a router"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, IoConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"bits_per_s", "rate of the chip's port", IntegerRange{1'000, 1'000'000'000'000'000}}, self.bits_per_s);
  visit(Field{"cost", "event: one bit; one instance a chip"}, self.cost);
}

template <class Self, class Visitor>
requires SameStruct<Self, DramConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"bits_per_s", "rate of the channel, shared by reads and writes", IntegerRange{1'000, 1'000'000'000'000'000}},
        self.bits_per_s);
  visit(Field{"latency_ns", "from asking for a read until its first bit", chip_bounds::kNanoseconds}, self.latency_ns);
  visit(Field{"burst_bits", "smallest transfer; others are rounded up to whole bursts", IntegerRange{1, 65'536}},
        self.burst_bits);
  visit(Field{"cost", "event: one bit moved, of whole bursts; one instance a chip"}, self.cost);
}

/// A section that a chip may do without. One that is absent is not visited, unless the visitor takes it as such by a member
/// `visit_optional(field, std::optional<Section>&)`; reading leaves it absent when its key is.
template <class Visitor, class Section>
void visit_optional(Visitor& visit, const Field& field, Section& section) {
  if constexpr (requires { visit.visit_optional(field, section); }) {
    visit.visit_optional(field, section);
  } else if constexpr (std::same_as<std::remove_cv_t<Visitor>, fields_detail::Reader>) {
    section.reset();
    if (visit.reader.has(field.name)) visit(field, section.emplace());
  } else if (section) {
    visit(field, *section);
  }
}

template <class Self, class Visitor>
requires SameStruct<Self, NoiseConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"programming_sigma_fraction", "normal error of a conductance after programming, relative to its target",
              chip_bounds::kFraction},
        self.programming_sigma_fraction);
  visit(Field{"stuck_at_hrs_fraction", "cells that stay at g_min", chip_bounds::kFraction}, self.stuck_at_hrs_fraction);
  visit(Field{"stuck_at_lrs_fraction", "cells that stay at g_max", chip_bounds::kFraction}, self.stuck_at_lrs_fraction);
  visit(Field{"read_sigma_fraction", "normal error of each read, relative to the conductance", chip_bounds::kFraction},
        self.read_sigma_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, ChipConfig>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"name", "name of the chip in reports"}, self.name);
  visit(Field{"source", "where the chip is published: authors, venue, year, doi"}, self.source);
  visit(Field{"differs_from_source", "what is left out or done otherwise"}, self.differs_from_source);
  visit(Field{"clock", "the clock of the digital parts"}, self.clock);
  visit(Field{"arithmetic", "number formats"}, self.arithmetic);
  visit(Field{"cell", "one memory cell"}, self.cell);
  visit(Field{"crossbar", "one physical array and the way weights lie in it"}, self.crossbar);
  visit(Field{"dac", "row drivers"}, self.dac);
  visit(Field{"adc", "converters"}, self.adc);
  visit(Field{"sample_hold", "sample & hold circuits before the converters"}, self.sample_hold);
  visit(Field{"shift_add", "shift-and-add behind the converters"}, self.shift_add);
  visit(Field{"input_register", "inputs of an activation"}, self.input_register);
  visit(Field{"output_register", "results of an activation"}, self.output_register);
  visit(Field{"tile", "one tile: crossbars that share a memory, a bus and digital units"}, self.tile);
  visit(Field{"noc", "mesh of routers between tiles"}, self.noc);
  visit(Field{"io", "where images enter and results leave, at router (0, 0)"}, self.io);
  visit_optional(visit, Field{"global_buffer", "memory between the IO port and the mesh; may be left out"}, self.global_buffer);
  visit_optional(visit, Field{"dram", "memory behind the IO port, where images lie and results go; may be left out"},
                 self.dram);
  visit(Field{"noise", "device imperfections; all zero is an ideal device"}, self.noise);
}

}  // namespace crossloom
