#include "tests/simulator/reference/reference_simulator.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace crossloom {
namespace {

__extension__ using Wide = __int128;

TimeFs clocks(std::int64_t count, std::int64_t hz) {
  const Wide scaled = Wide{count} * 1'000'000'000'000'000;
  return static_cast<TimeFs>((scaled + hz - 1) / hz);
}

std::int64_t round_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

TimeFs whole_ns(double ns) { return static_cast<TimeFs>(ns) * 1'000'000; }

/// Blocks of a copy on one tile.
struct Group {
  std::size_t operation = 0;
  std::size_t copy = 0;
  std::size_t source = 0;
  std::size_t first_source_of_copy = 0;
  std::size_t groups_of_copy = 0;
  std::int64_t tile = 0;
  std::vector<BlockRecord> blocks;
  std::size_t parent = 0;      ///< source whose tile its partial sums go to; itself: the home tile
  std::size_t deliveries = 0;  ///< of sums to its own tile, before they are added and sent; 0: sent as they are
  std::int64_t additions = 0;  ///< for that
  std::int64_t sums = 0;       ///< that it sends
  std::int64_t next = 0;       ///< windows started, over all images
  std::int64_t fetched = 0;    ///< windows whose inputs are in the registers, over all images
  bool is_looking = true;
  std::vector<TimeFs> released_fs;  ///< registers of each started window
};

struct Step {
  TimeFs time_fs = 0;
  std::size_t source = 0;
  std::int64_t number = 0;
  std::function<void()> action;
};

class Reference {
 public:
  Reference(const PlacedProgram& program, std::int64_t batch, const LineCapacities& capacities, UseLog use_log)
      : program_(program),
        chip_(program.chip),
        batch_(batch),
        logs_uses_(use_log == UseLog::kWritten),
        capacities_(capacities) {
    run_.image_end_fs.assign(static_cast<std::size_t>(batch), 0);
    run_.crossbar_busy_fs.assign(static_cast<std::size_t>(num_tiles() * chip_.tile.num_crossbars), 0);
    for (std::size_t o = 0; o < program.operations.size(); ++o) {
      for (std::size_t c = 0; c < program.operations[o].copies.size(); ++c) add_groups(o, c);
    }
  }

  ReferenceRun run() {
    for (;;) {
      try_to_receive();
      try_to_load();
      for (Group& group : groups_) try_to_start(group);
      if (steps_.empty()) break;
      std::size_t next = 0;
      for (std::size_t i = 1; i < steps_.size(); ++i) {
        if (key(steps_[i]) < key(steps_[next])) next = i;
      }
      const Step step = std::move(steps_[next]);
      steps_.erase(steps_.begin() + static_cast<std::ptrdiff_t>(next));
      now_fs_ = step.time_fs;
      step.action();
    }
    for (const Group& group : groups_) {
      if (group.is_looking && group.next < batch_ * windows_of(group)) run_.is_stuck = true;
    }
    std::sort(run_.log.begin(), run_.log.end());
    return run_;
  }

 private:
  static std::tuple<TimeFs, std::size_t, std::int64_t> key(const Step& step) {
    return {step.time_fs, step.source, step.number};
  }
  [[nodiscard]] std::int64_t num_tiles() const {
    return chip_.noc.mesh_rows * chip_.noc.mesh_cols * chip_.noc.tiles_per_router;
  }
  [[nodiscard]] std::int64_t io() const { return num_tiles(); }
  [[nodiscard]] const Operation& op(std::size_t index) const { return program_.operations[index]; }
  [[nodiscard]] const CopyRecord& copy_of(const Group& group) const { return op(group.operation).copies[group.copy]; }
  [[nodiscard]] std::int64_t home(std::size_t operation, std::size_t copy) const {
    const bool is_port = op(operation).kind == OperationKind::kInput || op(operation).kind == OperationKind::kOutput;
    return is_port ? io() : op(operation).copies[copy].home_tile;
  }

  void add_groups(std::size_t operation, std::size_t copy) {
    std::map<std::int64_t, std::vector<BlockRecord>> tiles;
    for (const BlockRecord& block : op(operation).copies[copy].blocks) {
      tiles[block.crossbar / chip_.tile.num_crossbars].push_back(block);
    }
    if (tiles.empty()) tiles[home(operation, copy)] = {};
    const std::size_t first = groups_.size();
    for (const auto& [tile, blocks] : tiles) {
      Group group;
      group.operation = operation;
      group.copy = copy;
      group.source = groups_.size();
      group.first_source_of_copy = first;
      group.groups_of_copy = tiles.size();
      group.tile = tile;
      group.blocks = blocks;
      group.is_looking = op(operation).kind != OperationKind::kInput;
      group.parent = group.source;
      for (const BlockRecord& block : blocks) group.sums += block.cols;
      groups_.push_back(group);
    }
    if (chip_.tile.accumulation == Accumulation::kTree) grow_tree(first);
  }

  [[nodiscard]] std::int64_t distance(std::int64_t from, std::int64_t to) const {
    const auto [row, col] = router_of(from);
    const auto [to_row, to_col] = router_of(to);
    return (row > to_row ? row - to_row : to_row - row) + (col > to_col ? col - to_col : to_col - col);
  }

  static std::set<std::int64_t> outputs_of(const Group& group) {
    std::set<std::int64_t> outputs;
    for (const BlockRecord& block : group.blocks) {
      for (std::int64_t i = 0; i < block.cols; ++i) outputs.insert(block.first_output + i);
    }
    return outputs;
  }

  /// Groups from `first` on are those of a copy. From the furthest inwards, each finds the tile its sums go to, and adds up
  /// what it has by then.
  void grow_tree(std::size_t first) {
    const std::int64_t home_tile = home(groups_[first].operation, groups_[first].copy);
    std::map<std::size_t, std::multiset<std::int64_t>> terms;
    std::int64_t furthest = 0;
    for (std::size_t g = first; g < groups_.size(); ++g) {
      furthest = std::max(furthest, distance(groups_[g].tile, home_tile));
      for (const BlockRecord& block : groups_[g].blocks) {
        for (std::int64_t i = 0; i < block.cols; ++i) terms[g].insert(block.first_output + i);
      }
    }
    for (std::int64_t ring = furthest; ring >= 0; --ring) {
      for (std::size_t g = first; g < groups_.size(); ++g) {
        Group& group = groups_[g];
        if (group.tile == home_tile || distance(group.tile, home_tile) != ring) continue;
        const std::set<std::int64_t> sums(terms[g].begin(), terms[g].end());
        group.sums = static_cast<std::int64_t>(sums.size());
        group.additions = static_cast<std::int64_t>(terms[g].size() - sums.size());
        if (group.additions > 0) ++group.deliveries;
        const std::size_t to = nearest_inwards(first, g, home_tile);
        if (to == g) continue;
        group.parent = to;
        ++groups_[to].deliveries;
        terms[to].insert(sums.begin(), sums.end());
      }
    }
  }

  [[nodiscard]] std::size_t nearest_inwards(std::size_t first, std::size_t group, std::int64_t home_tile) const {
    const std::set<std::int64_t> own = outputs_of(groups_[group]);
    std::size_t nearest = group;
    std::tuple best(distance(groups_[group].tile, home_tile), std::int64_t{0}, std::int64_t{-1});
    for (std::size_t g = first; g < groups_.size(); ++g) {
      const Group& other = groups_[g];
      const std::tuple there(distance(groups_[group].tile, other.tile), distance(other.tile, home_tile), other.tile);
      if (other.tile == home_tile || std::get<1>(there) >= distance(groups_[group].tile, home_tile) || there >= best) continue;
      const std::set<std::int64_t> outputs = outputs_of(other);
      if (std::none_of(own.begin(), own.end(), [&](std::int64_t output) { return outputs.contains(output); })) continue;
      best = there;
      nearest = g;
    }
    return nearest;
  }

  void at(TimeFs time_fs, std::size_t source, std::function<void()> action) {
    steps_.push_back({.time_fs = time_fs, .source = source, .number = ++number_, .action = std::move(action)});
  }

  // --- resources: a name and the time it is free again ---------------------------------------------------------------------

  /// Which step of which window takes a resource; `pixel` is the one it makes (of the input: the row).
  struct Use {
    const char* step = "";
    std::size_t source = 0;
    std::size_t operation = 0;
    std::int64_t image = 0;
    std::int64_t pixel = 0;
  };

  enum Resource { kPort, kBus, kVector, kPooling, kCrossbar, kIoIn, kIoOut, kGlobal, kDram };
  using Instance = std::pair<Resource, std::int64_t>;

  [[nodiscard]] std::string name_of(const Instance& instance) const {
    if (const std::int64_t ports = chip_.tile.buffer.num_ports; instance.first == kPort && ports > 1) {
      return "tile " + std::to_string(instance.second / ports) + " memory port " + std::to_string(instance.second % ports);
    }
    if (instance.first == kIoIn) return "IO port in";
    if (instance.first == kIoOut) return "IO port out";
    if (instance.first == kDram) return "DRAM";
    if (instance.first == kGlobal) return "global buffer port " + std::to_string(instance.second);
    const std::string number = std::to_string(instance.second);
    if (instance.first == kCrossbar) return "crossbar " + number;
    const char* parts[] = {"memory port", "bus", "vector unit", "pooling unit"};
    return "tile " + number + ' ' + parts[instance.first];
  }

  TimeFs take(const Instance& instance, const Use& use, TimeFs hold_fs) {
    const TimeFs start_fs = std::max(now_fs_, free_fs_[instance]);
    free_fs_[instance] = start_fs + hold_fs;
    if (logs_uses_) note(name_of(instance), use, start_fs, hold_fs);
    return start_fs;
  }

  void note(const std::string& resource, const Use& use, TimeFs start_fs, TimeFs hold_fs) {
    const bool is_input = op(use.operation).kind == OperationKind::kInput;
    const std::int64_t pixels = is_input ? op(use.operation).output_height : op(use.operation).num_windows();
    run_.log.push_back({.start_fs = start_fs,
                        .resource = resource,
                        .step = use.step,
                        .source = static_cast<std::int64_t>(use.source),
                        .operation = static_cast<std::int64_t>(use.operation),
                        .number = use.image * pixels + use.pixel,
                        .hold_fs = hold_fs});
  }

  [[nodiscard]] TimeFs bus_fs(std::int64_t bits) const {
    return clocks(round_up(bits, chip_.tile.bus.width_bits), chip_.clock.digital_hz);
  }

  /// A word each clock, unless its bank is still at another one: the fullest bank takes its words one after another.
  [[nodiscard]] TimeFs words_fs(const BufferConfig& buffer, std::int64_t bits) const {
    std::vector<std::int64_t> words_of_bank(static_cast<std::size_t>(buffer.num_banks), 0);
    const std::int64_t words = round_up(bits, buffer.port_bits);
    for (std::int64_t word = 0; word < words; ++word) ++words_of_bank[static_cast<std::size_t>(word % buffer.num_banks)];
    const std::int64_t most_words = *std::max_element(words_of_bank.begin(), words_of_bank.end());
    return clocks(std::max(words, most_words * buffer.bank_cycles), chip_.clock.digital_hz);
  }

  /// The port of the global buffer that is free first; when the data is through.
  TimeFs global_memory(const Use& use, std::int64_t bits) {
    const BufferConfig& buffer = *chip_.global_buffer;
    Instance port = {kGlobal, 0};
    for (std::int64_t i = 1; i < buffer.num_ports; ++i) {
      if (free_fs_[Instance{kGlobal, i}] < free_fs_[port]) port.second = i;
    }
    const TimeFs hold_fs = words_fs(buffer, bits);
    return take(port, use, hold_fs) + clocks(buffer.access_cycles, chip_.clock.digital_hz) + hold_fs;
  }

  /// A direction of the IO port, together with the DRAM when there is one: when both are through.
  TimeFs outside(Resource direction, const Use& use, std::int64_t bits) {
    const TimeFs io_fs = clocks(bits, chip_.io.bits_per_s);
    if (!chip_.dram) return take({direction, 0}, use, io_fs) + io_fs;
    const TimeFs dram_fs = clocks(round_up(bits, chip_.dram->burst_bits) * chip_.dram->burst_bits, chip_.dram->bits_per_s);
    const Instance io = {direction, 0};
    const Instance dram = {kDram, 0};
    const TimeFs start_fs = std::max({now_fs_, free_fs_[io], free_fs_[dram]});
    free_fs_[io] = start_fs + io_fs;
    free_fs_[dram] = start_fs + dram_fs;
    if (logs_uses_) note(name_of(io), use, start_fs, io_fs);
    if (logs_uses_) note(name_of(dram), use, start_fs, dram_fs);
    return start_fs + std::max(io_fs, dram_fs);
  }

  /// Memory port and bus together; when the data is through.
  TimeFs memory(const Use& use, std::int64_t tile, std::int64_t bits) {
    const BufferConfig& buffer = chip_.tile.buffer;
    Instance port = {kPort, tile * buffer.num_ports};
    for (std::int64_t i = 1; i < buffer.num_ports; ++i) {
      if (free_fs_[Instance{kPort, tile * buffer.num_ports + i}] < free_fs_[port]) port.second = tile * buffer.num_ports + i;
    }
    const Instance bus = {kBus, tile};
    const TimeFs port_fs = words_fs(buffer, bits);
    const TimeFs start_fs = std::max({now_fs_, free_fs_[port], free_fs_[bus]});
    free_fs_[port] = start_fs + port_fs;
    free_fs_[bus] = start_fs + bus_fs(bits);
    if (logs_uses_) note(name_of(port), use, start_fs, port_fs);
    if (logs_uses_) note(name_of(bus), use, start_fs, bus_fs(bits));
    return start_fs + clocks(chip_.tile.buffer.access_cycles, chip_.clock.digital_hz) + std::max(port_fs, bus_fs(bits));
  }

  // --- mesh: links are named by the pair of what they connect ----------------------------------------------------------------

  using Place = std::pair<std::int64_t, std::int64_t>;  // router (row, column); endpoints are (-1, number)
  using Link = std::pair<Place, Place>;

  [[nodiscard]] Place router_of(std::int64_t endpoint) const {
    const std::int64_t router = endpoint == io() ? 0 : endpoint / chip_.noc.tiles_per_router;
    return {router / chip_.noc.mesh_cols, router % chip_.noc.mesh_cols};
  }

  [[nodiscard]] std::string name_of(const Place& place) const {
    if (place == Place{-1, io()}) return "IO port";
    if (place.first < 0) return "tile " + std::to_string(place.second);
    return "router (" + std::to_string(place.first) + ", " + std::to_string(place.second) + ")";
  }

  [[nodiscard]] std::vector<Link> route(std::int64_t from, std::int64_t to) const {
    Place at = router_of(from);
    const Place target = router_of(to);
    std::vector<Link> links{{{-1, from}, at}};
    while (at != target) {
      Place next = at;
      if (at.second != target.second) {
        next.second += at.second < target.second ? 1 : -1;
      } else {
        next.first += at.first < target.first ? 1 : -1;
      }
      links.emplace_back(at, next);
      at = next;
    }
    links.push_back({at, {-1, to}});
    return links;
  }

  std::map<std::int64_t, TimeFs> send(const Use& use, std::int64_t from, const std::vector<std::int64_t>& to,
                                      std::int64_t bits) {
    const TimeFs hold_fs = clocks(round_up(bits, chip_.noc.flit_bits), chip_.noc.clock_hz);
    std::map<Link, TimeFs> entered_fs;
    std::map<std::int64_t, TimeFs> arrivals_fs;
    for (const std::int64_t destination : to) {
      TimeFs could_enter_fs = now_fs_;
      for (const Link& link : route(from, destination)) {
        if (!entered_fs.contains(link)) {
          entered_fs[link] = std::max(could_enter_fs, link_free_fs_[link]);
          link_free_fs_[link] = entered_fs[link] + hold_fs;
          if (logs_uses_) note(name_of(link.first) + " to " + name_of(link.second), use, entered_fs[link], hold_fs);
        }
        arrivals_fs[destination] = entered_fs[link] + hold_fs;
        could_enter_fs = entered_fs[link] + clocks(chip_.noc.router_cycles, chip_.noc.clock_hz);
      }
    }
    return arrivals_fs;
  }

  // --- pixels ----------------------------------------------------------------------------------------------------------------

  /// Pixels (row, column) of a producer that a window needs; of the input, whole rows (column 0 stands for the row).
  [[nodiscard]] std::set<std::pair<std::int64_t, std::int64_t>> needs(std::size_t operation, const OperationInput& input,
                                                                      std::int64_t window) const {
    const Operation& producer = op(static_cast<std::size_t>(input.operation));
    std::set<std::pair<std::int64_t, std::int64_t>> pixels;
    const bool is_added = added_pixels(operation) > 1;
    for (std::int64_t i = 0; i < (is_added ? 1 : input.num_rows); ++i) {
      for (std::int64_t j = 0; j < (is_added ? 1 : input.num_cols); ++j) {
        const std::int64_t row = corner(operation, input, window).first + i * input.row_dilation;
        const std::int64_t col = corner(operation, input, window).second + j * input.col_dilation;
        if (row < 0 || row >= producer.output_height || col < 0 || col >= producer.output_width) continue;
        pixels.emplace(row, producer.kind == OperationKind::kInput ? 0 : col);
      }
    }
    return pixels;
  }

  /// Pixels that a global pooling adds one by one: all of its one window, when each asks for the same work; else 1.
  [[nodiscard]] std::int64_t added_pixels(std::size_t operation) const {
    const Operation& pooling = op(operation);
    if (pooling.kind != OperationKind::kPooling || pooling.output_height > 1 || pooling.output_width > 1) return 1;
    const std::int64_t pixels = pooling.inputs[0].num_rows * pooling.inputs[0].num_cols;
    for (const OperationInput& input : pooling.inputs) {
      if (input.num_rows != pooling.inputs[0].num_rows || input.num_cols != pooling.inputs[0].num_cols) return 1;
    }
    return pooling.num_input_values % pixels + pooling.num_unit_operations % pixels == 0 ? pixels : 1;
  }

  /// Windows that a group runs of one image; each pixel added counts as one.
  [[nodiscard]] std::int64_t windows_of(const Group& group) const {
    return copy_of(group).num_windows * added_pixels(group.operation);
  }

  /// Upper left pixel, which may lie outside the image, of a window of an operation.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> corner(std::size_t operation, const OperationInput& input,
                                                             std::int64_t window) const {
    if (added_pixels(operation) > 1) {
      return {input.row_offset + window / input.num_cols * input.row_dilation,
              input.col_offset + window % input.num_cols * input.col_dilation};
    }
    const std::int64_t width = op(operation).output_width;
    return {window / width * input.row_step + input.row_offset, window % width * input.col_step + input.col_offset};
  }

  using Arrival = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

  /// A pixel exists at its home: it goes to every tile some window of which needs it, tiles in the order of their groups.
  void publish(std::size_t source, std::size_t operation, std::int64_t home_tile, std::int64_t image, std::int64_t row,
               std::int64_t col, std::int64_t bits) {
    std::vector<std::int64_t> tiles;
    for (const Group& group : groups_) {
      if (std::find(tiles.begin(), tiles.end(), group.tile) == tiles.end() && group_needs(group, operation, row, col)) {
        tiles.push_back(group.tile);
      }
    }
    if (std::erase(tiles, home_tile) > 0) note_arrival(operation, image, row, col, home_tile, now_fs_);
    if (tiles.empty()) return;
    const std::int64_t width = op(operation).kind == OperationKind::kInput ? 1 : op(operation).output_width;
    const Use use = {.step = "transfer", .source = source, .operation = operation, .image = image, .pixel = row * width + col};
    for (const auto& [tile, arrival_fs] : send(use, home_tile, tiles, bits)) {
      note_arrival(operation, image, row, col, tile, arrival_fs);
    }
  }

  void note_arrival(std::size_t operation, std::int64_t image, std::int64_t row, std::int64_t col, std::int64_t tile,
                    TimeFs time_fs) {
    arrivals_fs_[Arrival{static_cast<std::int64_t>(operation), image, row, col, tile}] = time_fs;
  }

  [[nodiscard]] bool group_needs(const Group& group, std::size_t producer, std::int64_t row, std::int64_t col) const {
    const CopyRecord& copy = copy_of(group);
    for (const OperationInput& input : op(group.operation).inputs) {
      if (input.operation != static_cast<std::int64_t>(producer)) continue;
      for (std::int64_t k = 0; k < windows_of(group); ++k) {
        const std::int64_t window = copy.first_window + k * copy.window_step;
        if (needs(group.operation, input, window).contains({row, col})) return true;
      }
    }
    return false;
  }

  // --- the chain of a window
  // ---------------------------------------------------------------------------------------------------

  void receive_row(std::int64_t row) {
    const std::int64_t bits = row_bits();
    const Use use = row_use("image row", row);
    row_from_fs_ = outside(kIoIn, use, bits);
    const TimeFs in_fs = row_from_fs_ + (chip_.dram ? whole_ns(chip_.dram->latency_ns) : 0);
    if (chip_.global_buffer) {
      at(in_fs, 0, [this, row, bits] { at(global_memory(row_use("store", row), bits), 0, [this] { ++rows_stored_; }); });
    } else {
      at(in_fs, 0, [this, row, bits] { publish_row(row, bits); });
    }
    row_ = row + 1;
    is_receiving_ = false;
  }

  [[nodiscard]] Use row_use(const char* step, std::int64_t row) const {
    return {.step = step, .image = row / op(0).output_height, .pixel = row % op(0).output_height};
  }

  void publish_row(std::int64_t row, std::int64_t bits) {
    finish(row / op(0).output_height);
    ++rows_left_;
    publish(0, 0, io(), row / op(0).output_height, row % op(0).output_height, 0, bits);
  }

  [[nodiscard]] bool row_has_room(std::int64_t row) {
    return has_room(0, row / op(0).output_height, row % op(0).output_height, 0);
  }

  /// A row enters when there is room for it: in the global buffer, or else in the tiles that need it.
  void try_to_receive() {
    if (is_receiving_ || row_ == batch_ * op(0).output_height) return;
    if (chip_.global_buffer ? (row_ - rows_left_ + 1) * round_up(row_bits(), 8) > chip_.global_buffer->capacity_bytes
                            : !row_has_room(row_)) {
      return;
    }
    is_receiving_ = true;
    at(std::max(now_fs_, row_from_fs_), 0, [this] { receive_row(row_); });
  }

  /// Rows leave the global buffer in their order, each when the tiles that need it have room.
  void try_to_load() {
    while (rows_loading_ < rows_stored_ && row_has_room(rows_loading_)) {
      at(now_fs_, 0, [this, row = rows_loading_, bits = row_bits()] {
        at(global_memory(row_use("load", row), bits), 0, [this, row, bits] { publish_row(row, bits); });
      });
      ++rows_loading_;
    }
  }

  [[nodiscard]] std::int64_t row_bits() const {
    return op(0).output_width * op(0).output_channels * chip_.arithmetic.activation_bits;
  }

  // --- line buffers ----------------------------------------------------------------------------------------------------------

  using Pixel = std::pair<std::int64_t, std::int64_t>;                      // row, column
  using ImagePixel = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // image, row, column

  /// Pixels of a producer that some window run by this tile needs, in reading order.
  [[nodiscard]] std::set<Pixel> needed_at(std::int64_t producer, std::int64_t tile) const {
    std::set<Pixel> pixels;
    for (const Group& group : groups_) {
      if (group.tile != tile) continue;
      const CopyRecord& copy = copy_of(group);
      for (const OperationInput& input : op(group.operation).inputs) {
        if (input.operation != producer) continue;
        for (std::int64_t k = 0; k < windows_of(group); ++k) {
          pixels.merge(needs(group.operation, input, copy.first_window + k * copy.window_step));
        }
      }
    }
    return pixels;
  }

  /// The first pixel that a group still keeps for an input: no window to come, of any copy, begins before it.
  [[nodiscard]] ImagePixel kept_from(const Group& group, const OperationInput& input) const {
    const CopyRecord& copy = copy_of(group);
    const Operation& producer = op(static_cast<std::size_t>(input.operation));
    const std::int64_t image = group.fetched / windows_of(group);
    const std::int64_t num_windows = op(group.operation).num_windows() * added_pixels(group.operation);
    ImagePixel first{image, producer.output_height, 0};
    const std::int64_t next = copy.first_window + group.fetched % windows_of(group) * copy.window_step;
    for (std::int64_t window = next; window < num_windows; ++window) {
      const auto [row, col] = corner(group.operation, input, window);
      const std::int64_t kept_col = producer.kind == OperationKind::kInput ? 0 : std::max<std::int64_t>(col, 0);
      first = std::min(first, ImagePixel{image, std::max<std::int64_t>(row, 0), kept_col});
    }
    return first;
  }

  /// Whether the tiles that need a pixel have room: no more than their capacity of needed pixels from the oldest kept one to
  /// it.
  [[nodiscard]] bool has_room(std::size_t producer, std::int64_t image, std::int64_t row, std::int64_t col) {
    for (const auto& [place, capacity] : capacities_) {
      if (place.first != static_cast<std::int64_t>(producer)) continue;
      if (!needed_.contains(place)) needed_[place] = needed_at(place.first, place.second);
      const std::set<Pixel>& needed = needed_.at(place);
      if (!needed.contains({row, col})) continue;
      ImagePixel oldest{batch_, 0, 0};
      for (const Group& group : groups_) {
        if (group.tile != place.second) continue;
        for (const OperationInput& input : op(group.operation).inputs) {
          if (input.operation == place.first) oldest = std::min(oldest, kept_from(group, input));
        }
      }
      std::int64_t held = 0;
      for (std::int64_t i = 0; i <= image; ++i) {
        for (const auto& [r, c] : needed) {
          const ImagePixel pixel{i, r, c};
          if (pixel >= oldest && pixel <= ImagePixel{image, row, col}) ++held;
        }
      }
      if (held > capacity) return false;
    }
    return true;
  }

  void try_to_start(Group& group) {
    const CopyRecord& copy = copy_of(group);
    if (!group.is_looking || group.next == batch_ * windows_of(group)) return;
    const std::int64_t image = group.next / windows_of(group);
    const std::int64_t window = copy.first_window + group.next % windows_of(group) * copy.window_step;
    TimeFs start_fs = now_fs_;
    for (const OperationInput& input : op(group.operation).inputs) {
      for (const auto& [row, col] : needs(group.operation, input, window)) {
        const auto arrival = arrivals_fs_.find(Arrival{input.operation, image, row, col, group.tile});
        if (arrival == arrivals_fs_.end()) return;
        start_fs = std::max(start_fs, arrival->second);
      }
    }
    const auto num_buffers = static_cast<std::size_t>(chip_.input_register.num_buffers);
    if (group.released_fs.size() >= num_buffers) {
      start_fs = std::max(start_fs, group.released_fs[group.released_fs.size() - num_buffers]);
    }
    const std::int64_t pixel = window / added_pixels(group.operation);
    const std::int64_t width = op(group.operation).output_width;
    if (makes_pixel(group.operation, window) && !has_room(group.operation, image, pixel / width, pixel % width)) return;
    group.is_looking = false;
    ++group.next;
    at(start_fs, group.source, [this, &group, image, window] { fetch(group, image, window); });
  }

  [[nodiscard]] Use use_of(const char* step, const Group& group, std::int64_t image, std::int64_t window) const {
    return {.step = step,
            .source = group.source,
            .operation = group.operation,
            .image = image,
            .pixel = window / added_pixels(group.operation)};
  }

  [[nodiscard]] bool makes_pixel(std::size_t operation, std::int64_t window) const {
    return window % added_pixels(operation) == added_pixels(operation) - 1;
  }

  void fetch(Group& group, std::int64_t image, std::int64_t window) {
    const Operation& operation = op(group.operation);
    const std::int64_t activation_bits = chip_.arithmetic.activation_bits;
    if (operation.kind == OperationKind::kOutput) {
      const std::int64_t bits = operation.output_channels * activation_bits;
      const auto put_out = [this, &group, image, window, bits] {
        const TimeFs end_fs = outside(kIoOut, use_of("output", group, image, window), bits);
        at(end_fs, group.source, [this, image] { finish(image); });
      };
      if (chip_.global_buffer) {
        at(global_memory(use_of("store", group, image, window), bits), group.source,
           [this, &group, image, window, bits, put_out] {
             at(global_memory(use_of("load", group, image, window), bits), group.source, put_out);
           });
      } else {
        put_out();
      }
      group.is_looking = true;
      ++group.fetched;
      return;
    }
    std::int64_t values = group.blocks.empty() ? operation.num_input_values / added_pixels(group.operation) : 0;
    std::set<std::int64_t> parts;
    for (const BlockRecord& block : group.blocks) {
      if (parts.insert(block.input_part).second) values += block.num_input_values;
    }
    at(memory(use_of("fetch", group, image, window), group.tile, values * activation_bits), group.source,
       [this, &group, image, window] { activate(group, image, window); });
  }

  void activate(Group& group, std::int64_t image, std::int64_t window) {
    group.is_looking = true;
    ++group.fetched;
    if (group.blocks.empty()) {
      group.released_fs.push_back(use_unit(group, image, window));
      return;
    }
    TimeFs done_fs = 0;
    TimeFs released_fs = 0;
    std::int64_t results = 0;
    for (const BlockRecord& block : group.blocks) {
      const bool is_signed = op(group.operation).has_signed_inputs;
      TimeFs occupied_fs = 0;
      TimeFs latency_fs = 0;
      for (std::int64_t j = 0; j < block.num_activations; ++j) {
        latency_fs = occupied_fs + activation(block, j, is_signed).second;
        occupied_fs += activation(block, j, is_signed).first;
      }
      const TimeFs start_fs = take({kCrossbar, block.crossbar}, use_of("activation", group, image, window), occupied_fs);
      run_.crossbar_busy_fs[static_cast<std::size_t>(block.crossbar)] += occupied_fs;
      released_fs = std::max(released_fs, start_fs + occupied_fs);
      done_fs = std::max(done_fs, start_fs + latency_fs);
      results += block.cols;
    }
    group.released_fs.push_back(released_fs);
    const std::int64_t bits = results * chip_.arithmetic.accumulator_bits;
    at(done_fs, group.source, [this, &group, image, window, bits] {
      const Use use = use_of("results", group, image, window);
      const TimeFs moved_fs = take({kBus, group.tile}, use, bus_fs(bits)) + bus_fs(bits);
      at(moved_fs, group.source, [this, &group, image, window] {
        if (group.tile == home(group.operation, group.copy)) return join(group, image, window);
        if (group.deliveries > 0) return add_sums(group, image, window);
        send_sums(group, image, window);
      });
    });
  }

  /// Sums that a tile adds up before it sends are there: with the last of them its vector unit is asked for.
  void add_sums(Group& group, std::int64_t image, std::int64_t window) {
    if (++added_[{group.source, image, window}] < group.deliveries) return;
    const std::int64_t hz = chip_.clock.digital_hz;
    const TimeFs hold_fs = clocks(round_up(group.additions, chip_.tile.vector_unit.lanes), hz);
    const TimeFs end_fs = take({kVector, group.tile}, use_of("addition", group, image, window), hold_fs) + hold_fs;
    at(end_fs + clocks(chip_.tile.vector_unit.latency_cycles, hz), group.source,
       [this, &group, image, window] { send_sums(group, image, window); });
  }

  void send_sums(Group& group, std::int64_t image, std::int64_t window) {
    const bool goes_home = group.parent == group.source;
    const std::int64_t to = goes_home ? home(group.operation, group.copy) : groups_[group.parent].tile;
    const std::int64_t bits = group.sums * chip_.arithmetic.accumulator_bits;
    const TimeFs arrival_fs = send(use_of("results", group, image, window), group.tile, {to}, bits).at(to);
    at(arrival_fs, group.source, [this, &group, goes_home, image, window] {
      if (goes_home) return join(group, image, window);
      add_sums(groups_[group.parent], image, window);
    });
  }

  /// Interval and latency of activation `j` of a block; its activations read equally many neighbouring columns of one cell
  /// each.
  [[nodiscard]] std::pair<TimeFs, TimeFs> activation(const BlockRecord& block, std::int64_t j, bool is_signed) const {
    const std::int64_t hz = chip_.clock.digital_hz;
    std::int64_t input_phases = round_up(chip_.arithmetic.activation_bits, chip_.dac.bits);
    if (is_signed && chip_.arithmetic.input_encoding == InputEncoding::kSignMagnitudeTwoPass) input_phases *= 2;
    const std::int64_t phases = input_phases * round_up(block.rows, chip_.crossbar.active_rows);
    std::map<std::int64_t, std::int64_t> conversions;
    std::int64_t most = 0;
    const std::int64_t columns = block.cols / block.num_activations;
    for (std::int64_t c = block.col0 + j * columns; c < block.col0 + (j + 1) * columns; ++c) {
      most = std::max(most, ++conversions[c / chip_.adc.columns_per_adc]);
    }
    const TimeFs drive_fs = clocks(chip_.input_register.cycles_per_phase, hz) + whole_ns(chip_.crossbar.row_select_ns) +
                            whole_ns(chip_.dac.settle_ns) + whole_ns(chip_.crossbar.read_ns);
    const TimeFs convert_fs = whole_ns(chip_.crossbar.column_select_ns) + clocks(most, chip_.adc.samples_per_s);
    const TimeFs add_fs = clocks(chip_.shift_add.cycles_per_phase, hz);
    const TimeFs ends_fs =
        clocks(chip_.input_register.cycles_per_activation, hz) + clocks(chip_.output_register.cycles_per_activation, hz);
    if (chip_.crossbar.phase_overlap == PhaseOverlap::kSerial) {
      const TimeFs latency_fs = ends_fs + phases * (drive_fs + convert_fs + add_fs);
      return {latency_fs, latency_fs};
    }
    const TimeFs longest_fs = std::max({drive_fs, convert_fs, add_fs});
    return {phases * longest_fs, ends_fs + drive_fs + convert_fs + add_fs + (phases - 1) * longest_fs};
  }

  void join(const Group& group, std::int64_t image, std::int64_t window) {
    std::size_t deliveries = 0;
    for (std::size_t g = group.first_source_of_copy; g < group.first_source_of_copy + group.groups_of_copy; ++g) {
      if (groups_[g].parent == g) ++deliveries;
    }
    if (++joined_[{group.first_source_of_copy, image, window}] < deliveries) return;
    (void)use_unit(group, image, window);
  }

  /// Digital unit, write-back and transfer of a window; when the unit is free again.
  TimeFs use_unit(const Group& group, std::int64_t image, std::int64_t window) {
    const Operation& operation = op(group.operation);
    const bool is_pooling = operation.kind == OperationKind::kPooling;
    const UnitConfig& unit = is_pooling ? chip_.tile.pooling_unit : chip_.tile.vector_unit;
    const std::int64_t home_tile = home(group.operation, group.copy);
    const std::size_t source = group.first_source_of_copy;
    const std::int64_t pixels = added_pixels(group.operation);
    std::int64_t operations = operation.num_unit_operations / pixels;
    for (std::size_t g = source; g < source + group.groups_of_copy; ++g) operations -= groups_[g].additions;
    const TimeFs hold_fs = clocks(round_up(operations, unit.lanes), chip_.clock.digital_hz);
    const Use unit_use = {
        .step = "unit", .source = source, .operation = group.operation, .image = image, .pixel = window / pixels};
    const TimeFs free_fs = take({is_pooling ? kPooling : kVector, home_tile}, unit_use, hold_fs) + hold_fs;
    if (!makes_pixel(group.operation, window)) return free_fs;
    const std::int64_t bits = operation.output_channels * chip_.arithmetic.activation_bits;
    const std::size_t index = group.operation;
    at(free_fs + clocks(unit.latency_cycles, chip_.clock.digital_hz), source,
       [this, index, home_tile, image, pixel = window / pixels, bits, source] {
         const Use use = {.step = "write-back", .source = source, .operation = index, .image = image, .pixel = pixel};
         at(memory(use, home_tile, bits), source, [this, index, home_tile, image, pixel, bits, source] {
           finish(image);
           publish(source, index, home_tile, image, pixel / op(index).output_width, pixel % op(index).output_width, bits);
         });
       });
    return free_fs;
  }

  void finish(std::int64_t image) {
    TimeFs& end_fs = run_.image_end_fs[static_cast<std::size_t>(image)];
    end_fs = std::max(end_fs, now_fs_);
  }

  const PlacedProgram& program_;
  const ChipConfig& chip_;
  std::int64_t batch_;
  bool logs_uses_;
  ReferenceRun run_;
  TimeFs now_fs_ = 0;
  std::int64_t number_ = 0;
  std::int64_t row_ = 0;  ///< of the image, the next to receive, over all images
  TimeFs row_from_fs_ = 0;
  std::int64_t rows_stored_ = 0;   ///< in the global buffer, from the first row of all
  std::int64_t rows_loading_ = 0;  ///< of them, asked to leave it
  std::int64_t rows_left_ = 0;     ///< of them, those that have
  bool is_receiving_ = false;
  const LineCapacities& capacities_;
  std::map<Pixel, std::set<Pixel>> needed_;  ///< by (operation, tile)
  std::vector<Group> groups_;
  std::vector<Step> steps_;
  std::map<Instance, TimeFs> free_fs_;
  std::map<Link, TimeFs> link_free_fs_;
  std::map<Arrival, TimeFs> arrivals_fs_;
  std::map<std::tuple<std::size_t, std::int64_t, std::int64_t>, std::size_t> joined_;  ///< by first source of a copy
  std::map<std::tuple<std::size_t, std::int64_t, std::int64_t>, std::size_t> added_;   ///< by source
};

}  // namespace

ReferenceRun run_reference(const PlacedProgram& program, std::int64_t batch, const LineCapacities& capacities, UseLog use_log) {
  return Reference(program, batch, capacities, use_log).run();
}

}  // namespace crossloom
