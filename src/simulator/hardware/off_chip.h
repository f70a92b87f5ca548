#pragma once

#include <cstdint>

#include "simulator/hardware/chip_config.h"
#include "support/units.h"

/// The way between what lies outside the chip and the mesh: DRAM, IO port, global buffer. A chip may lack the first and the
/// last.
namespace crossloom {

/// Bits that go through the IO port as one transfer, and to or from the DRAM when there is one. Port and channel are taken
/// together, each for as long as it needs.
struct PortTransfer {
  TimeFs io_fs = 0;            ///< the IO port is taken
  TimeFs dram_fs = 0;          ///< the channel of the DRAM is taken; 0 without one
  std::int64_t dram_bits = 0;  ///< of whole bursts

  /// From one transfer to the next.
  [[nodiscard]] TimeFs interval_fs() const { return io_fs > dram_fs ? io_fs : dram_fs; }
  friend bool operator==(const PortTransfer&, const PortTransfer&) = default;
};

/// `bits` >= 1. Throws UserError when they do not fit into 64 bits in whole bursts.
[[nodiscard]] PortTransfer port_transfer(const ChipConfig& chip, std::int64_t bits);
/// What a transfer into the chip takes on top: the latency of a read; 0 without DRAM.
[[nodiscard]] TimeFs read_latency_fs(const ChipConfig& chip);

/// Time for which a port of a memory at a clock of `clock_hz` is taken for `bits`. Words are spread evenly over the banks: n of
/// them take max(n, ceil(n / num_banks) bank_cycles) clocks.
[[nodiscard]] TimeFs memory_port_fs(const BufferConfig& memory, std::int64_t clock_hz, std::int64_t bits);
/// From asking a port of the global buffer for `bits` until they are through; 0 without one.
[[nodiscard]] TimeFs global_buffer_fs(const ChipConfig& chip, std::int64_t bits);

}  // namespace crossloom
