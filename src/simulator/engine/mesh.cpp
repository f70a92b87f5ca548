#include "simulator/engine/mesh.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "simulator/hardware/chip_geometry.h"

namespace crossloom {

namespace {

enum Direction : std::int64_t { kNorth = 0, kSouth = 1, kWest = 2, kEast = 3, kDirections = 4 };

}  // namespace

Mesh::Mesh(const ChipConfig& chip)
    : num_tiles_(num_tiles(chip)),
      mesh_rows_(chip.noc.mesh_rows),
      mesh_cols_(chip.noc.mesh_cols),
      clock_hz_(chip.noc.clock_hz),
      router_fs_(cycles_to_fs(chip.noc.router_cycles, chip.noc.clock_hz)),
      links_(static_cast<std::size_t>(kDirections * mesh_rows_ * mesh_cols_ + 2 * (num_tiles_ + 1))) {
  places_.reserve(static_cast<std::size_t>(num_tiles_ + 1));
  for (std::int64_t tile = 0; tile < num_tiles_; ++tile) {
    const std::int64_t router = router_of_tile(chip, tile);
    places_.push_back({.row = router / mesh_cols_, .col = router % mesh_cols_});
  }
  places_.push_back({});  // the IO port is at router (0, 0)
  constexpr std::int64_t kFewFlits = 64;
  hold_of_flits_fs_.reserve(kFewFlits);
  for (std::int64_t flits = 0; flits < kFewFlits; ++flits) hold_of_flits_fs_.push_back(cycles_to_fs(flits, clock_hz_));
}

TimeFs Mesh::hold_fs(std::int64_t num_flits) const {
  const auto index = static_cast<std::size_t>(num_flits);
  return index < hold_of_flits_fs_.size() ? hold_of_flits_fs_[index] : cycles_to_fs(num_flits, clock_hz_);
}

TimeFs Mesh::enter(std::int64_t link_index, TimeFs ready_fs, Message& message) {
  Link& link = links_[static_cast<std::size_t>(link_index)];
  if (link.message == num_messages_) return link.head_fs;
  link.message = num_messages_;
  link.head_fs = std::max(ready_fs, link.free_fs);
  message.waited_fs += link.head_fs - ready_fs;
  link.idle_fs += link.head_fs - link.free_fs;
  link.free_fs = link.head_fs + message.hold_fs;
  link.busy_fs += message.hold_fs;
  ++link.num_messages;
  link.num_flits += message.num_flits;
  timeline_.add(link.head_fs, message.hold_fs);
  if (logs_links_) {
    last_links_.push_back(
        {.link = static_cast<std::uint32_t>(link_index), .head_fs = link.head_fs, .hold_fs = message.hold_fs});
  }
  return link.head_fs;
}

TimeFs Mesh::send(std::int64_t source, std::span<const std::int64_t> destinations, std::int64_t num_flits, TimeFs now_fs,
                  std::vector<TimeFs>& arrivals_fs) {
  Message message = {.num_flits = num_flits, .hold_fs = hold_fs(num_flits)};
  const std::int64_t first_endpoint_link = kDirections * mesh_rows_ * mesh_cols_;
  arrivals_fs.clear();
  last_links_.clear();
  const Place source_place = place_of(source);
  const TimeFs injected_fs = enter(first_endpoint_link + 2 * source, now_fs, message);
  std::int64_t routers_passed = 1;
  for (const std::int64_t destination : destinations) {
    TimeFs head_fs = injected_fs;
    auto [row, col] = source_place;
    const Place target = place_of(destination);
    while (row != target.row || col != target.col) {
      const std::int64_t router = row * mesh_cols_ + col;
      Direction direction = kNorth;
      if (col != target.col) {
        direction = col < target.col ? kEast : kWest;
        col += col < target.col ? 1 : -1;
      } else {
        direction = row < target.row ? kSouth : kNorth;
        row += row < target.row ? 1 : -1;
      }
      const std::int64_t link = router * kDirections + direction;
      const bool is_shared = links_[static_cast<std::size_t>(link)].message == num_messages_;
      if (!is_shared) ++routers_passed;
      head_fs = enter(link, head_fs + router_fs_, message);
    }
    head_fs = enter(first_endpoint_link + 2 * destination + 1, head_fs + router_fs_, message);
    arrivals_fs.push_back(head_fs + message.hold_fs);
  }
  num_flit_hops_ += routers_passed * num_flits;
  ++num_messages_;
  return message.waited_fs;
}

std::int64_t Mesh::num_routers(std::int64_t source, std::int64_t destination) const {
  const Place from = place_of(source);
  const Place to = place_of(destination);
  return std::abs(from.row - to.row) + std::abs(from.col - to.col) + 1;
}

TimeFs Mesh::zero_load_fs(std::int64_t source, std::int64_t destination, std::int64_t num_flits) const {
  return num_routers(source, destination) * router_fs_ + hold_fs(num_flits);
}

LinkUse Mesh::busiest_link() const {
  std::size_t busiest = 0;
  for (std::size_t link = 1; link < links_.size(); ++link) {
    if (links_[link].busy_fs > links_[busiest].busy_fs) busiest = link;
  }
  return {.name = link_name(static_cast<std::int64_t>(busiest)), .busy_fs = links_[busiest].busy_fs};
}

std::vector<LinkTimes> Mesh::used_links() const {
  std::vector<LinkTimes> used;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Link& link = links_[i];
    if (link.num_messages == 0) continue;
    used.push_back({.link = static_cast<std::int64_t>(i),
                    .busy_fs = link.busy_fs,
                    .idle_fs = link.idle_fs,
                    .free_fs = link.free_fs,
                    .num_messages = link.num_messages,
                    .num_flits = link.num_flits});
  }
  return used;
}

LinkEnds Mesh::link_ends(std::int64_t link) const {
  const auto router_name = [](std::int64_t row, std::int64_t col) {
    return "router (" + std::to_string(row) + ", " + std::to_string(col) + ")";
  };
  const std::int64_t first_endpoint_link = kDirections * mesh_rows_ * mesh_cols_;
  if (link >= first_endpoint_link) {
    const std::int64_t endpoint = (link - first_endpoint_link) / 2;
    const std::string name = endpoint == num_tiles_ ? "IO port" : "tile " + std::to_string(endpoint);
    const std::string router = router_name(place_of(endpoint).row, place_of(endpoint).col);
    const bool is_out_of_mesh = (link - first_endpoint_link) % 2 == 1;
    return is_out_of_mesh ? LinkEnds{.from = router, .to = name} : LinkEnds{.from = name, .to = router};
  }
  constexpr std::array<std::int64_t, kDirections> kRowStep{-1, 1, 0, 0};
  constexpr std::array<std::int64_t, kDirections> kColStep{0, 0, -1, 1};
  const auto direction = static_cast<std::size_t>(link % kDirections);
  const std::int64_t row = link / kDirections / mesh_cols_;
  const std::int64_t col = link / kDirections % mesh_cols_;
  return {.from = router_name(row, col), .to = router_name(row + kRowStep.at(direction), col + kColStep.at(direction))};
}

std::string Mesh::link_name(std::int64_t link) const {
  const LinkEnds ends = link_ends(link);
  const std::int64_t first_endpoint_link = kDirections * mesh_rows_ * mesh_cols_;
  if (link < first_endpoint_link) return "NoC link from " + ends.from + " to " + ends.to.substr(ends.to.find('('));
  const auto with_article = [](const std::string& name) { return name == "IO port" ? "the " + name : name; };
  const bool is_out_of_mesh = (link - first_endpoint_link) % 2 == 1;
  return is_out_of_mesh ? "NoC link into " + with_article(ends.to) : "NoC link out of " + with_article(ends.from);
}

}  // namespace crossloom
