#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "simulator/engine/block_timing.h"
#include "simulator/hardware/off_chip.h"
#include "simulator/program/placed_program.h"
#include "support/units.h"

/// A program made ready to run: every duration and every destination worked out once, so that the event loop only adds and
/// compares. Built by plan_run, never changed while running.
namespace crossloom {

/// Pixels of a producer that a tile needs, and who there waits for them. A chunk is what one message carries: a pixel, or a row
/// of the image for the input.
struct InboxPlan {
  std::uint32_t producer = 0;           ///< operation
  std::int64_t endpoint = 0;            ///< tile, or the mesh's IO endpoint
  std::vector<std::uint8_t> is_needed;  ///< of each chunk: whether any window here needs it
  std::uint32_t num_readers = 0;        ///< reads of it, by all groups
  bool is_at_io_port = false;
  std::int64_t capacity_chunks = 0;          ///< of its line buffer; 0: no bound
  std::vector<std::uint32_t> needed_before;  ///< with a bound: needed chunks before each chunk, and at the end their number
};

/// A read of a group: which inbox, with which pixels a window.
struct ReadPlan {
  std::uint32_t inbox = 0;
  std::uint32_t reader = 0;  ///< number among the reads of the inbox
  OperationInput pixels;
  std::int64_t producer_height = 0;
  std::int64_t producer_width = 0;
  bool is_row_chunked = false;  ///< the producer sends whole rows
};

/// A transfer between the tile memory and the bus.
struct MemoryTransfer {
  std::int64_t bits = 0;
  std::int64_t num_accesses = 0;
  TimeFs port_fs = 0;  ///< the memory port is taken
  TimeFs bus_fs = 0;   ///< the bus is taken
};

struct BlockPlan {
  std::uint32_t crossbar = 0;  ///< dense index of a used crossbar
  std::int64_t num_activations = 1;
  BlockTiming timing;
};

/// The blocks of a copy on one tile: they are fed by one transfer from that tile's memory. Copies without blocks have one
/// group.
struct GroupPlan {
  std::uint32_t operation = 0;
  std::uint32_t copy = 0;  ///< index into RunPlan::copies
  std::uint32_t tile = 0;  ///< dense index of a used tile
  std::int64_t endpoint = 0;
  std::int64_t output_width = 1;  ///< windows a row
  std::vector<ReadPlan> reads;
  std::uint32_t first_block = 0;  ///< range in RunPlan::blocks
  std::uint32_t num_blocks = 0;
  MemoryTransfer fetch;          ///< a window
  std::int64_t result_bits = 0;  ///< partial sums over the bus, a window
  TimeFs result_bus_fs = 0;
  std::uint32_t parent = kHomeTile;  ///< group whose tile its sums are sent to, or the home tile of the copy
  std::int64_t result_flits = 0;     ///< of the message with its sums; 0 when this is the home tile
  std::uint32_t num_deliveries = 0;  ///< sums that its tile adds up before it sends: its own, and other groups'; 0: none
  std::int64_t num_additions = 0;    ///< for that, a window
  TimeFs addition_fs = 0;            ///< the tile's vector unit is taken for them

  static constexpr std::uint32_t kHomeTile = std::numeric_limits<std::uint32_t>::max();
};

struct CopyPlan {
  std::uint32_t operation = 0;
  std::uint32_t home_tile = 0;  ///< dense index
  std::int64_t home_endpoint = 0;
  std::int64_t first_window = 0;
  std::int64_t window_step = 1;
  std::int64_t num_windows = 0;  ///< of an accumulating operation: one for each pixel it takes in
  std::uint32_t first_group = 0;
  std::uint32_t num_groups = 0;
  std::uint32_t num_deliveries = 0;      ///< groups whose sums come to the home tile
  std::int64_t num_unit_operations = 0;  ///< in the home tile, a window
  TimeFs unit_fs = 0;                    ///< its vector or pooling unit is taken, a window
};

struct OperationPlan {
  std::string name;
  OperationKind kind = OperationKind::kVector;
  std::int64_t num_chunks = 0;         ///< of its output
  std::int64_t windows_per_chunk = 1;  ///< more for a global pooling: each window adds a pixel, the last one makes the chunk
  std::int64_t chunk_bits = 0;
  std::int64_t chunk_flits = 0;
  PortTransfer port;              ///< kInput, kOutput: a chunk at the IO port
  std::int64_t num_macs = 0;      ///< a window
  MemoryTransfer write;           ///< of an output pixel
  std::uint32_t first_inbox = 0;  ///< range in RunPlan::inboxes
  std::uint32_t num_inboxes = 0;
  std::uint32_t first_copy = 0;  ///< range in RunPlan::copies
  std::uint32_t num_copies = 0;
};

/// Windows of one image, of all copies; of the input: its rows.
[[nodiscard]] inline std::int64_t num_windows(const OperationPlan& operation) {
  return operation.num_chunks * operation.windows_per_chunk;
}

/// The chunk that window `k` of a copy makes, through all images: image and chunk; none when a later window makes it.
struct ChunkOfImage {
  std::int64_t image = 0;
  std::int64_t chunk = 0;
};
[[nodiscard]] inline std::optional<ChunkOfImage> chunk_made(const OperationPlan& operation, const CopyPlan& copy,
                                                            std::int64_t k) {
  const std::int64_t per_chunk = operation.windows_per_chunk;
  if (per_chunk > 1 && (k + 1) % per_chunk != 0) return std::nullopt;
  const bool is_input = operation.kind == OperationKind::kInput;
  const std::int64_t windows_of_copy = is_input ? operation.num_chunks : copy.num_windows;
  const std::int64_t image = k < windows_of_copy ? 0 : k / windows_of_copy;
  const std::int64_t window = copy.first_window + (k - image * windows_of_copy) * copy.window_step;
  return ChunkOfImage{.image = image, .chunk = per_chunk > 1 ? window / per_chunk : window};
}

/// The global buffer, and what a chunk of the input and of the output takes of one of its ports.
struct GlobalBufferPlan {
  std::uint32_t num_ports = 0;  ///< 0: the chip has none
  std::int64_t num_rows = 0;    ///< of an image: as many have room at a time
  TimeFs access_fs = 0;
  MemoryTransfer row;
  MemoryTransfer pixel;
};

struct RunPlan {
  std::vector<OperationPlan> operations;
  std::vector<CopyPlan> copies;
  std::vector<GroupPlan> groups;  ///< source numbers of arbitration are indices here
  std::vector<BlockPlan> blocks;
  std::vector<InboxPlan> inboxes;
  std::vector<std::int64_t> tiles;      ///< dense index -> tile
  std::vector<std::int64_t> crossbars;  ///< dense index -> crossbar
  TimeFs buffer_access_fs = 0;
  TimeFs vector_latency_fs = 0;
  TimeFs pooling_latency_fs = 0;
  std::int64_t num_input_buffers = 1;
  std::uint32_t num_memory_ports = 1;  ///< a tile
  TimeFs read_latency_fs = 0;          ///< of the DRAM
  GlobalBufferPlan global_buffer;
};

/// "global buffer port", with its number when there are several.
[[nodiscard]] std::string global_buffer_port_name(std::uint32_t port, std::uint32_t num_ports);

/// "memory port", with its number when a tile has several; `port` is tile * ports a tile + number.
[[nodiscard]] std::string memory_port_name(std::uint32_t port, std::uint32_t num_memory_ports);

/// Pixels first, first + step, ..., last of a row or column; none when last < first.
struct PixelSpan {
  std::int64_t first = 0;
  std::int64_t last = -1;
  std::int64_t step = 1;
};

/// Those of `count` pixels from `first` on, `step` apart, that lie in [0, size).
[[nodiscard]] inline PixelSpan pixels_inside(std::int64_t first, std::int64_t step, std::int64_t count, std::int64_t size) {
  std::int64_t last = first + (count - 1) * step;
  while (first < 0) first += step;
  while (last >= size) last -= step;
  return {.first = first, .last = last, .step = step};
}

/// Pixel ranges outside the producer are dropped: calls `visit(chunk)` for every chunk that window (y, x) needs, in reading
/// order, until it returns false.
template <class Visitor>
void for_each_needed_chunk(const ReadPlan& read, std::int64_t window_y, std::int64_t window_x, Visitor&& visit) {
  const OperationInput& pixels = read.pixels;
  const PixelSpan rows =
      pixels_inside(window_y * pixels.row_step + pixels.row_offset, pixels.row_dilation, pixels.num_rows, read.producer_height);
  if (read.is_row_chunked) {
    for (std::int64_t row = rows.first; row <= rows.last; row += rows.step) {
      if (!visit(row)) return;
    }
    return;
  }
  const PixelSpan cols =
      pixels_inside(window_x * pixels.col_step + pixels.col_offset, pixels.col_dilation, pixels.num_cols, read.producer_width);
  for (std::int64_t row = rows.first; row <= rows.last; row += rows.step) {
    const std::int64_t row_begin = row * read.producer_width;
    for (std::int64_t col = cols.first; col <= cols.last; col += cols.step) {
      if (!visit(row_begin + col)) return;
    }
  }
}

/// The last chunk in reading order that window (y, x) needs; -1 when all lie outside the producer. No loop over the pixels.
[[nodiscard]] inline std::int64_t last_needed_chunk(const ReadPlan& read, std::int64_t window_y, std::int64_t window_x) {
  const OperationInput& pixels = read.pixels;
  const PixelSpan rows =
      pixels_inside(window_y * pixels.row_step + pixels.row_offset, pixels.row_dilation, pixels.num_rows, read.producer_height);
  if (rows.last < rows.first) return -1;
  if (read.is_row_chunked) return rows.last;
  const PixelSpan cols =
      pixels_inside(window_x * pixels.col_step + pixels.col_offset, pixels.col_dilation, pixels.num_cols, read.producer_width);
  return cols.last < cols.first ? -1 : rows.last * read.producer_width + cols.last;
}

/// Throws UserError when sizes overflow. Assumes verify_program found nothing.
[[nodiscard]] RunPlan plan_run(const PlacedProgram& program);

/// Durations of the tile's shared parts for a number of bits, rounded up to whole clocks and then to femtoseconds.
[[nodiscard]] TimeFs port_fs(const ChipConfig& chip, std::int64_t bits);
[[nodiscard]] TimeFs bus_fs(const ChipConfig& chip, std::int64_t bits);

}  // namespace crossloom
