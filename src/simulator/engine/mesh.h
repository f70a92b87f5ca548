#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "simulator/engine/busy_timeline.h"
#include "simulator/hardware/chip_config.h"
#include "support/units.h"

namespace crossloom {

/// A link's name and how long it was taken.
struct LinkUse {
  std::string name;
  TimeFs busy_fs = 0;
  friend bool operator==(const LinkUse&, const LinkUse&) = default;
};

/// What a link connects: "router (0, 1)", "tile 3" or "IO port".
struct LinkEnds {
  std::string from;
  std::string to;
  friend bool operator==(const LinkEnds&, const LinkEnds&) = default;
};

/// What a link carried, and its whole time until `free_fs`: it was taken, or nothing asked for it.
struct LinkTimes {
  std::int64_t link = 0;
  TimeFs busy_fs = 0;
  TimeFs idle_fs = 0;
  TimeFs free_fs = 0;
  std::int64_t num_messages = 0;
  std::int64_t num_flits = 0;
  friend bool operator==(const LinkTimes&, const LinkTimes&) = default;
};

/// A message takes a link.
struct LinkEntry {
  std::uint32_t link = 0;
  TimeFs head_fs = 0;
  TimeFs hold_fs = 0;
};

/// The network on chip: routers on a mesh, XY routes, messages that reserve every link of their path. A link is directed; each
/// tile, and the IO port, has one link into its router and one out of it.
///
/// The head of a message of F flits enters the first link when that is free, and each further link `router_cycles` after the
/// one before or when that link is free, whichever is later; it holds every link for F clocks. The message has arrived when its
/// last flit left the last link. Without contention that is (routers passed) x router_cycles + F clocks, as for virtual
/// cut-through switching (Kermani, Kleinrock, Computer Networks 1979). Router buffers are taken as large enough for a blocked
/// message.
class Mesh {
 public:
  explicit Mesh(const ChipConfig& chip);

  /// The IO port's number as an endpoint; endpoints 0 .. num_tiles - 1 are the tiles.
  [[nodiscard]] std::int64_t io_endpoint() const { return num_tiles_; }

  /// Sends `num_flits` (>= 1) from one endpoint to several others, asked for at `now_fs`. Links that the routes share carry the
  /// message once (XY routes from one source form a tree). `arrivals_fs` gets one time a destination; returns what it waited
  /// for busy links, summed over the links.
  [[nodiscard]] TimeFs send(std::int64_t source, std::span<const std::int64_t> destinations, std::int64_t num_flits,
                            TimeFs now_fs, std::vector<TimeFs>& arrivals_fs);

  /// Routers a message passes between two endpoints: |rows| + |columns| + 1.
  [[nodiscard]] std::int64_t num_routers(std::int64_t source, std::int64_t destination) const;
  /// Time from asking to arrival without contention.
  [[nodiscard]] TimeFs zero_load_fs(std::int64_t source, std::int64_t destination, std::int64_t num_flits) const;

  [[nodiscard]] std::int64_t num_messages() const { return num_messages_; }
  /// Flits x routers passed, shared parts of a multicast counted once.
  [[nodiscard]] std::int64_t num_flit_hops() const { return num_flit_hops_; }
  /// The link that was taken longest, the first of equals.
  [[nodiscard]] LinkUse busiest_link() const;
  /// Every link that was taken, by number.
  [[nodiscard]] std::vector<LinkTimes> used_links() const;
  [[nodiscard]] const BusyTimeline& timeline() const { return timeline_; }

  /// Links are numbered from 0: four a router (north, south, west, east; those over the edge do not exist), then out of and
  /// into each endpoint.
  [[nodiscard]] std::int64_t num_links() const { return static_cast<std::int64_t>(links_.size()); }
  [[nodiscard]] LinkEnds link_ends(std::int64_t link) const;
  /// "NoC link from router (0, 1) to (0, 2)", "NoC link into tile 3", ...
  [[nodiscard]] std::string link_name(std::int64_t link) const;

  /// From now on keeps the links that each message takes.
  void log_links() { logs_links_ = true; }
  /// Links that the last message took, in the order of its routes; empty without log_links.
  [[nodiscard]] std::span<const LinkEntry> last_links() const { return last_links_; }

 private:
  struct Link {
    TimeFs free_fs = 0;
    TimeFs busy_fs = 0;
    TimeFs idle_fs = 0;
    TimeFs head_fs = 0;  ///< when the head of message `message` entered it
    std::int64_t message = -1;
    std::int64_t num_messages = 0;
    std::int64_t num_flits = 0;
  };

  struct Place {
    std::int64_t row = 0;
    std::int64_t col = 0;
  };

  /// A message under way.
  struct Message {
    std::int64_t num_flits = 0;
    TimeFs hold_fs = 0;
    TimeFs waited_fs = 0;  ///< for busy links, summed over the links
  };

  /// Router of an endpoint.
  [[nodiscard]] Place place_of(std::int64_t endpoint) const { return places_[static_cast<std::size_t>(endpoint)]; }
  /// Time for which a message of that many flits holds a link.
  [[nodiscard]] TimeFs hold_fs(std::int64_t num_flits) const;
  /// Head of the current message into a link it could enter at `ready_fs`; reserves the link unless this message already did.
  [[nodiscard]] TimeFs enter(std::int64_t link, TimeFs ready_fs, Message& message);

  std::int64_t num_tiles_ = 0;
  std::int64_t mesh_rows_ = 0;
  std::int64_t mesh_cols_ = 0;
  std::int64_t clock_hz_ = 1;
  TimeFs router_fs_ = 0;
  std::vector<Place> places_;             ///< by endpoint
  std::vector<TimeFs> hold_of_flits_fs_;  ///< of messages of few flits, by their number
  std::vector<Link> links_;               ///< by number
  BusyTimeline timeline_;
  std::int64_t num_messages_ = 0;
  std::int64_t num_flit_hops_ = 0;
  bool logs_links_ = false;
  std::vector<LinkEntry> last_links_;
};

}  // namespace crossloom
