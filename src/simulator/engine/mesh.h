#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "simulator/engine/busy_timeline.h"
#include "simulator/hardware/chip_config.h"
#include "support/units.h"

namespace crossloom {

/// Where a link leads, in words, and how long it was taken.
struct LinkUse {
  std::string name;  ///< "NoC link from router (0, 1) to (0, 2)", "NoC link into tile 3", ...
  TimeFs busy_fs = 0;
  friend bool operator==(const LinkUse&, const LinkUse&) = default;
};

/// The whole time of a link until `free_fs`: it was taken, or nothing asked for it.
struct LinkTimes {
  std::string name;
  TimeFs busy_fs = 0;
  TimeFs idle_fs = 0;
  TimeFs free_fs = 0;
  friend bool operator==(const LinkTimes&, const LinkTimes&) = default;
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
  /// Every link that was taken.
  [[nodiscard]] std::vector<LinkTimes> used_links() const;
  [[nodiscard]] const BusyTimeline& timeline() const { return timeline_; }

 private:
  struct Link {
    TimeFs free_fs = 0;
    TimeFs busy_fs = 0;
    TimeFs idle_fs = 0;
    TimeFs head_fs = 0;  ///< when the head of message `message` entered it
    std::int64_t message = -1;
  };

  [[nodiscard]] std::int64_t router_of(std::int64_t endpoint) const;
  [[nodiscard]] std::string link_name(std::int64_t link) const;
  /// Head of the current message into a link it could enter at `ready_fs`; reserves the link unless this message already did.
  [[nodiscard]] TimeFs enter(std::int64_t link, TimeFs ready_fs, TimeFs hold_fs, TimeFs& waited_fs);

  std::int64_t num_tiles_ = 0;
  std::int64_t tiles_per_router_ = 1;
  std::int64_t mesh_rows_ = 0;
  std::int64_t mesh_cols_ = 0;
  std::int64_t clock_hz_ = 1;
  TimeFs router_fs_ = 0;
  std::vector<Link> links_;  ///< 4 a router (north, south, west, east), then in and out of each endpoint
  BusyTimeline timeline_;
  std::int64_t num_messages_ = 0;
  std::int64_t num_flit_hops_ = 0;
};

}  // namespace crossloom
