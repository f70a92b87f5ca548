#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/hardware/chip_config.h"
#include "simulator/program/placed_program.h"
#include "simulator/program/tile_map.h"

/// Small chips, tile maps and programs with round numbers, written down rather than compiled.
namespace crossloom {

/// 2 x 2 routers with one tile each, 4 crossbars a tile, 16 x 16 weights a crossbar (one 4-bit cell a weight, offset polarity),
/// 4-bit inputs driven one bit a phase. Every clock runs at 1 GHz, every analog step takes 1 ns, an ADC serves all 16 columns
/// at 1 GS/s, phases are serial, the bus, ports and flits move 32 bits, the IO port 8 bits a ns. Every energy is 1 pJ an event.
[[nodiscard]] ChipConfig test_chip();

struct TestImage {
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
};

/// One operation of a chain. A crossbar layer is a convolution (kernel 1 on a 1x1 image: a linear layer); pooling takes the
/// maximum of its window; a vector layer works on one pixel at a time, whatever the kernel.
struct TestLayer {
  OperationKind kind = OperationKind::kCrossbar;
  std::int64_t output_channels = 1;  ///< crossbar layers; others keep the channels of their input
  std::int64_t kernel = 1;           ///< square
  std::int64_t stride = 1;
  std::int64_t padding = 0;  ///< on every side
  std::int64_t num_groups = 1;
  std::int64_t num_copies = 1;
  bool has_signed_inputs = false;
};

/// A tile map and the program that runs it: they agree.
struct TestProgram {
  TileMap tile_map;
  PlacedProgram program;
};

/// Input, `layers` one after another (named layer0, layer1, ...), output. Every block has a crossbar of its own at row 0 and
/// column 0, crossbars are taken in the order of layer, copy, row part, column part; a grouped layer must fit one crossbar. The
/// budget is the whole chip.
[[nodiscard]] TestProgram chain_program(const ChipConfig& chip, const TestImage& image, const std::vector<TestLayer>& layers);

/// One 1x1 convolution over `image` whose matrix (image.channels x output_channels) fits one crossbar; as many windows as the
/// image has pixels.
[[nodiscard]] TestProgram single_crossbar_program(const ChipConfig& chip, const TestImage& image, std::int64_t output_channels);

}  // namespace crossloom
