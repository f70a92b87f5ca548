#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "simulator/engine/critical_path.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// What one window of a 1x1 convolution on the test chip should take, step by step; every figure in ns (the chip's clocks run
/// at 1 GHz and every analog step takes 1 ns). The formulas are those of docs/model.md, written out once more.
struct OneWindow {
  std::int64_t in = 4;   ///< input channels = rows
  std::int64_t out = 3;  ///< output channels = columns
  std::int64_t input_bits = 4;
  std::int64_t dac_bits = 1;
  std::int64_t columns_per_adc = 16;
  std::int64_t active_rows = 16;

  [[nodiscard]] ChipConfig chip() const {
    ChipConfig chip = test_chip();
    chip.arithmetic.activation_bits = input_bits;
    chip.dac.bits = dac_bits;
    chip.adc.columns_per_adc = columns_per_adc;
    chip.crossbar.active_rows = active_rows;
    return chip;
  }

  [[nodiscard]] std::int64_t phases() const { return up(input_bits, dac_bits) * up(in, active_rows); }
  [[nodiscard]] std::int64_t drive_ns() const { return 4; }  // register shift, row select, DAC, read
  [[nodiscard]] std::int64_t convert_ns() const { return 1 + std::min(out, columns_per_adc); }  // column select, conversions
  [[nodiscard]] std::int64_t activation_ns() const { return 1 + phases() * (drive_ns() + convert_ns() + 1) + 1; }
  [[nodiscard]] std::int64_t hop_ns(std::int64_t bits) const { return 1 + up(bits, 32); }     // one router, then the flits
  [[nodiscard]] std::int64_t memory_ns(std::int64_t bits) const { return 1 + up(bits, 32); }  // access, then the words

  /// In femtoseconds: the IO port moves 8 bits a ns.
  [[nodiscard]] TimeFs latency_fs() const {
    const std::int64_t in_bits = in * input_bits;
    const std::int64_t out_bits = out * input_bits;
    const std::int64_t whole_ns = hop_ns(in_bits) + memory_ns(in_bits) + activation_ns() + up(out * 16, 32) +
                                  (up(out, 16) + 1) + memory_ns(out_bits) + hop_ns(out_bits);
    return whole_ns * kNs + in_bits * kNs / 8 + out_bits * kNs / 8;
  }

  [[nodiscard]] TimeFs simulated_fs() const {
    const TestProgram test = single_crossbar_program(chip(), {.channels = in}, out);
    return run_program(test.program).image_end_fs.front();
  }
};

TEST(OneWindow, TakesTheSumOfItsSteps) {
  // IO 2, NoC 1 + 1, memory 1 + 1, activation 1 + 4 (4 + 1 + 3 + 1) + 1 = 38, bus 2, vector unit 1 + 1, memory 1 + 1,
  // NoC 1 + 1, IO 1.5 ns.
  EXPECT_EQ(OneWindow{}.simulated_fs(), 53'500'000);
  EXPECT_EQ(OneWindow{}.latency_fs(), 53'500'000);
}

TEST(OneWindow, FitsARateThatIsJustEnoughAndMissesAClockLess) {
  // 12 bits of output take one word of a 12-bit memory port, two of an 11-bit one: a clock more, in the write-back alone, as
  // the 16 bits of input take two words of either.
  ChipConfig chip = test_chip();
  const auto latency_fs = [&](std::int64_t port_bits) {
    chip.tile.buffer.port_bits = port_bits;
    return run_program(single_crossbar_program(chip, {.channels = 4}, 3).program).image_end_fs.front();
  };
  EXPECT_EQ(latency_fs(12), 54'500'000);
  EXPECT_EQ(latency_fs(11), 55'500'000);
}

TEST(OneWindow, HasRowsAndColumnsItDoesNotUseForFree) {
  for (std::int64_t in = 1; in <= 16; ++in) {
    for (std::int64_t out = 1; out <= 16; ++out) {
      const OneWindow window{.in = in, .out = out};
      EXPECT_EQ(window.simulated_fs(), window.latency_fs()) << in << " rows, " << out << " columns";
    }
  }
}

TEST(OneWindow, ConvertsColumnsOneAfterAnotherOnASharedAdc) {
  for (std::int64_t share = 1; share <= 16; ++share) {
    const OneWindow window{.out = 13, .columns_per_adc = share};
    EXPECT_EQ(window.simulated_fs(), window.latency_fs()) << share << " columns an ADC";
  }
}

TEST(OneWindow, DrivesInputBitsInPhasesOfDacBits) {
  for (std::int64_t input_bits = 1; input_bits <= 16; ++input_bits) {
    for (std::int64_t dac_bits = 1; dac_bits <= 8; ++dac_bits) {
      const OneWindow window{.input_bits = input_bits, .dac_bits = dac_bits};
      EXPECT_EQ(window.simulated_fs(), window.latency_fs()) << input_bits << " input bits, " << dac_bits << " DAC bits";
    }
  }
}

TEST(OneWindow, DrivesRowGroupsOneAfterAnother) {
  for (std::int64_t active_rows = 1; active_rows <= 16; ++active_rows) {
    const OneWindow window{.in = 11, .active_rows = active_rows};
    EXPECT_EQ(window.simulated_fs(), window.latency_fs()) << active_rows << " rows at once";
  }
}

TEST(OneWindow, IsItsOwnCriticalPath) {
  const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  const RunPlan plan = plan_run(test.program);
  EXPECT_EQ(critical_path_fs(test.program.chip, plan), 53'500'000);
}

TEST(OneWindow, WaitsForNothingButItsImage) {
  const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  // The layer waits for IO 2 and NoC 2 ns, the output for the 50 ns until the result is stored, and NoC 2.
  EXPECT_EQ(run_program(test.program).stalls, StallTimes{.input_data = (4 + 52) * kNs});
}

TEST(OneWindow, PipelinedOverlapsPhasesButForTheFill) {
  OneWindow window{.in = 5, .out = 9};
  ChipConfig chip = window.chip();
  const TimeFs serial_fs = run_program(single_crossbar_program(chip, {.channels = 5}, 9).program).image_end_fs.front();
  chip.crossbar.phase_overlap = PhaseOverlap::kPipelined;
  const TimeFs pipelined_fs = run_program(single_crossbar_program(chip, {.channels = 5}, 9).program).image_end_fs.front();
  // Four phases of 4 + 10 + 1 ns become one of them and three of the longest step, 10 ns.
  EXPECT_EQ(serial_fs - pipelined_fs, (4 * 15 - (15 + 3 * 10)) * kNs);
}

}  // namespace
}  // namespace crossloom
