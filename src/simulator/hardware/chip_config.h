#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/hardware/component.h"

/// The configurable chip: chip > tile > crossbar > cell. Every section is one struct with one `visit_fields`; a preset under
/// configs/crossbars gives every value with its source.
///
/// A *crossbar* here is the logical unit that holds `rows` x `num_weight_cols(chip)` weights; it may stand for several physical
/// arrays (slices in parallel arrays, two arrays for polarity).
namespace crossloom {

/// How activations below zero reach the rows. Unsigned: not at all (a signed layer is refused). Two's complement: as many
/// phases as digits, the sign bit's sum subtracted (a DAC of several bits drives x + 2^(b-1), whose constant is subtracted
/// digitally). Sign-magnitude in two passes: positive then negative values, twice the phases for layers with signed inputs.
enum class InputEncoding { kUnsigned, kTwosComplement, kSignMagnitudeTwoPass };
[[nodiscard]] std::span<const std::string_view> enum_names(InputEncoding);

/// How a signed weight lies in cells. Offset: one cell a slice, the bias subtracted digitally. Differential columns: G+ and G-
/// in neighbouring columns of one array. Differential arrays: G+ and G- in two arrays at the same position.
enum class Polarity { kOffset, kDifferentialColumns, kDifferentialArrays };
[[nodiscard]] std::span<const std::string_view> enum_names(Polarity);

/// Where the currents of G+ and G- are subtracted. Analog: before the converter, so that a pair of columns takes one sample,
/// one conversion and one shift-add. Digital: after it, both columns are converted. Offset cells have no pair: digital.
enum class PolaritySubtraction { kAnalog, kDigital };
[[nodiscard]] std::span<const std::string_view> enum_names(PolaritySubtraction);

/// Values that `weight_bits` b stand for. Symmetric: -(2^(b-1) - 1) to 2^(b-1) - 1, a magnitude of b - 1 bits. Two's
/// complement: -2^(b-1) to 2^(b-1) - 1, a magnitude of b bits. Matters to differential polarities, whose cells hold magnitudes.
enum class WeightRange { kSymmetric, kTwosComplement };
[[nodiscard]] std::span<const std::string_view> enum_names(WeightRange);

/// Where the bit slices of a weight lie: in neighbouring columns of one array, or at the same position of parallel arrays.
enum class SlicePlacement { kColumns, kArrays };
[[nodiscard]] std::span<const std::string_view> enum_names(SlicePlacement);

/// Serial: drive, read, convert and shift-add of one phase end before the next phase begins. Pipelined: a sample & hold lets
/// the read of a phase overlap the conversion of the phase before and the shift-add of the one before that.
enum class PhaseOverlap { kSerial, kPipelined };
[[nodiscard]] std::span<const std::string_view> enum_names(PhaseOverlap);

/// Where the partial sums of a window are added when its blocks lie on several tiles. Home tile: all of them travel there.
/// Tree: a tile first adds its own and those of tiles further away from the home tile, and sends on one sum a column
/// (docs/model.md).
enum class Accumulation { kHomeTile, kTree };
[[nodiscard]] std::span<const std::string_view> enum_names(Accumulation);

struct ClockConfig {
  std::int64_t digital_hz = 0;  ///< the digital clock that `latency_cycles` counts
  friend bool operator==(const ClockConfig&, const ClockConfig&) = default;
};

struct ArithmeticConfig {
  std::int64_t weight_bits = 0;
  WeightRange weight_range = WeightRange::kSymmetric;
  std::int64_t activation_bits = 0;
  std::int64_t accumulator_bits = 0;  ///< width of a partial sum on the bus and the NoC
  InputEncoding input_encoding = InputEncoding::kTwosComplement;
  friend bool operator==(const ArithmeticConfig&, const ArithmeticConfig&) = default;
};

struct CellConfig {
  std::int64_t bits_per_cell = 0;
  double g_min_siemens = 0.0;
  double g_max_siemens = 0.0;
  double read_voltage_volt = 0.0;
  double read_energy_pj = 0.0;  ///< one cell in one read phase
  double write_voltage_volt = 0.0;
  double write_pulse_ns = 0.0;
  std::int64_t write_pulses = 0;  ///< pulses to program one cell
  double write_energy_pj = 0.0;   ///< one pulse on one cell
  double area_um2 = 0.0;
  friend bool operator==(const CellConfig&, const CellConfig&) = default;
};

/// One physical array and the way weights lie in it.
struct CrossbarConfig {
  std::int64_t rows = 0;         ///< word lines of a physical array
  std::int64_t cols = 0;         ///< bit lines of a physical array
  std::int64_t active_rows = 0;  ///< rows driven at once; more rows take several groups one after another
  Polarity polarity = Polarity::kOffset;
  PolaritySubtraction polarity_subtraction = PolaritySubtraction::kDigital;
  SlicePlacement slice_placement = SlicePlacement::kColumns;
  PhaseOverlap phase_overlap = PhaseOverlap::kPipelined;
  double row_select_ns = 0.0;       ///< row decoder or demultiplexer, each phase
  double read_ns = 0.0;             ///< settling and sampling of the column currents, each phase
  double column_select_ns = 0.0;    ///< column multiplexer, each phase
  double periphery_area_um2 = 0.0;  ///< of an array, beside cells, DACs and ADCs (decoders, multiplexers)
  double periphery_static_power_mw = 0.0;
  double array_active_power_mw = 0.0;  ///< published power of one array at full activity (peak power table only)
  friend bool operator==(const CrossbarConfig&, const CrossbarConfig&) = default;
};

/// Row drivers; the cost's event is one row driven for one phase; one instance a row of a physical array.
struct DacConfig {
  std::int64_t bits = 0;
  double settle_ns = 0.0;  ///< each phase
  ComponentCost cost;
  friend bool operator==(const DacConfig&, const DacConfig&) = default;
};

/// Converters; the cost's event is one conversion. Each serves `columns_per_adc` neighbouring columns of one physical array
/// (the last one perhaps fewer), one after another; only columns that hold weights are converted. With analog subtraction a
/// differential pair counts as one column here, and a pair of arrays as one array.
struct AdcConfig {
  std::int64_t bits = 0;
  std::int64_t samples_per_s = 0;
  std::int64_t columns_per_adc = 0;
  ComponentCost cost;
  friend bool operator==(const AdcConfig&, const AdcConfig&) = default;
};

/// Event: one column sampled; one instance a converted column of a converting array (chip_geometry.h).
struct SampleHoldConfig {
  ComponentCost cost;
  friend bool operator==(const SampleHoldConfig&, const SampleHoldConfig&) = default;
};

/// Shift-and-add behind the ADCs; event: one converted value shifted and added; one instance a converting array.
struct ShiftAddConfig {
  std::int64_t cycles_per_phase = 0;
  ComponentCost cost;
  friend bool operator==(const ShiftAddConfig&, const ShiftAddConfig&) = default;
};

/// Input register (one instance a physical array) or output register (one instance a logical crossbar); event: one byte
/// written, its later reading included.
struct RegisterConfig {
  std::int64_t cycles_per_activation = 0;  ///< loading (input) or storing (output) once an activation
  std::int64_t cycles_per_phase = 0;       ///< shifting the next bits out (input); 0 for most
  std::int64_t num_buffers = 1;  ///< 1: a new input waits until the crossbar is done with the last; 2: loads beside it
  ComponentCost cost;
  friend bool operator==(const RegisterConfig&, const RegisterConfig&) = default;
};

/// Tile memory; event: one access of `port_bits`; one instance a tile. Each port serves one transfer at a time. Neighbouring
/// words lie in different banks, and a bank is taken for `bank_cycles` by an access.
struct BufferConfig {
  std::int64_t capacity_bytes = 0;
  std::int64_t num_ports = 1;
  std::int64_t port_bits = 0;  ///< bits an access moves; one access starts each clock at most
  std::int64_t num_banks = 1;
  std::int64_t bank_cycles = 1;
  std::int64_t access_cycles = 0;  ///< latency of an access
  ComponentCost cost;
  friend bool operator==(const BufferConfig&, const BufferConfig&) = default;
};

/// Bus between buffer, crossbars and digital units of a tile; event: one bit moved; one instance a tile.
struct BusConfig {
  std::int64_t width_bits = 0;
  ComponentCost cost;
  friend bool operator==(const BusConfig&, const BusConfig&) = default;
};

/// Digital units of a tile (element-wise work, or pooling); event: one operation; `lanes` operations start each clock.
struct UnitConfig {
  std::int64_t lanes = 0;
  std::int64_t latency_cycles = 0;
  ComponentCost cost;  ///< static power and area of all lanes together
  friend bool operator==(const UnitConfig&, const UnitConfig&) = default;
};

/// One instance of each part a tile, beside the crossbars.
struct TileConfig {
  std::int64_t num_crossbars = 0;  ///< logical crossbars of a tile
  Accumulation accumulation = Accumulation::kHomeTile;
  BufferConfig buffer;
  BusConfig bus;
  UnitConfig vector_unit;
  UnitConfig pooling_unit;
  friend bool operator==(const TileConfig&, const TileConfig&) = default;
};

/// Mesh of routers with XY routes; event: one flit through one router; one instance a router.
struct NocConfig {
  std::int64_t mesh_rows = 0;
  std::int64_t mesh_cols = 0;
  std::int64_t tiles_per_router = 0;
  std::int64_t flit_bits = 0;
  std::int64_t clock_hz = 0;       ///< a flit enters a link each clock
  std::int64_t router_cycles = 0;  ///< head latency of one router, its outgoing link included
  ComponentCost cost;
  friend bool operator==(const NocConfig&, const NocConfig&) = default;
};

/// Where images enter and results leave, at router (0, 0); event: one bit.
struct IoConfig {
  std::int64_t bits_per_s = 0;
  ComponentCost cost;
  friend bool operator==(const IoConfig&, const IoConfig&) = default;
};

/// Memory outside the chip, behind the IO port: images lie in it and results go there. One channel for both directions, taken
/// for whole bursts. Event: one bit moved, of whole bursts; powers and area are of what the chip spends on it.
struct DramConfig {
  std::int64_t bits_per_s = 0;
  double latency_ns = 0.0;      ///< from asking for a read until its first bit; a write does not wait for it
  std::int64_t burst_bits = 0;  ///< smallest transfer
  ComponentCost cost;
  friend bool operator==(const DramConfig&, const DramConfig&) = default;
};

/// Device imperfections; used by accuracy, not by timing. All zero is an ideal device.
struct NoiseConfig {
  double programming_sigma_fraction = 0.0;  ///< normal error of a conductance after programming, as a fraction of its target
  double stuck_at_hrs_fraction = 0.0;       ///< cells that stay at g_min
  double stuck_at_lrs_fraction = 0.0;       ///< cells that stay at g_max
  double read_sigma_fraction = 0.0;         ///< normal error of each read, as a fraction of the conductance
  friend bool operator==(const NoiseConfig&, const NoiseConfig&) = default;
};

struct ChipConfig {
  std::string name;
  std::string source;               ///< paper, venue, year, doi
  std::string differs_from_source;  ///< what is left out or done otherwise
  ClockConfig clock;
  ArithmeticConfig arithmetic;
  CellConfig cell;
  CrossbarConfig crossbar;
  DacConfig dac;
  AdcConfig adc;
  SampleHoldConfig sample_hold;
  ShiftAddConfig shift_add;
  RegisterConfig input_register;
  RegisterConfig output_register;
  TileConfig tile;
  NocConfig noc;
  IoConfig io;
  std::optional<BufferConfig> global_buffer;  ///< between the IO port and the mesh; its clock is the digital one
  std::optional<DramConfig> dram;
  NoiseConfig noise;
  friend bool operator==(const ChipConfig&, const ChipConfig&) = default;
};

}  // namespace crossloom
