#include "simulator/hardware/off_chip.h"

#include <algorithm>

#include "support/integer_math.h"

namespace crossloom {

PortTransfer port_transfer(const ChipConfig& chip, std::int64_t bits) {
  PortTransfer transfer{.io_fs = cycles_to_fs(bits, chip.io.bits_per_s)};
  if (!chip.dram) return transfer;
  const std::int64_t num_bursts = ceil_div(bits, chip.dram->burst_bits);
  transfer.dram_bits = checked_mul(num_bursts, chip.dram->burst_bits, "bits of a transfer in whole bursts of the DRAM");
  transfer.dram_fs = cycles_to_fs(transfer.dram_bits, chip.dram->bits_per_s);
  return transfer;
}

TimeFs read_latency_fs(const ChipConfig& chip) { return chip.dram ? ns_to_fs(chip.dram->latency_ns) : 0; }

TimeFs memory_port_fs(const BufferConfig& memory, std::int64_t clock_hz, std::int64_t bits) {
  const std::int64_t num_words = ceil_div(bits, memory.port_bits);
  const std::int64_t clocks_of_a_bank =
      checked_mul(ceil_div(num_words, memory.num_banks), memory.bank_cycles, "clocks of a memory bank");
  return cycles_to_fs(std::max(num_words, clocks_of_a_bank), clock_hz);
}

TimeFs global_buffer_fs(const ChipConfig& chip, std::int64_t bits) {
  if (!chip.global_buffer) return 0;
  const std::int64_t clock_hz = chip.clock.digital_hz;
  return cycles_to_fs(chip.global_buffer->access_cycles, clock_hz) + memory_port_fs(*chip.global_buffer, clock_hz, bits);
}

}  // namespace crossloom
