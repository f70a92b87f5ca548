#include "simulator/engine/mesh.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// 4 x 4 routers, one tile each, 3 cycles a router at 1 GHz.
ChipConfig mesh_chip() {
  ChipConfig chip = test_chip();
  chip.noc.mesh_rows = 4;
  chip.noc.mesh_cols = 4;
  chip.noc.router_cycles = 3;
  return chip;
}

TimeFs send_one(Mesh& mesh, std::int64_t from, std::int64_t to, std::int64_t flits, TimeFs now_fs) {
  std::vector<TimeFs> arrivals_fs;
  const std::vector<std::int64_t> destinations{to};
  (void)mesh.send(from, destinations, flits, now_fs, arrivals_fs);
  return arrivals_fs.at(0);
}

TEST(Mesh, TakesRoutersTimesLatencyPlusFlitsWithoutLoad) {
  for (std::int64_t from = 0; from < 16; ++from) {
    for (std::int64_t to = 0; to < 16; ++to) {
      Mesh mesh(mesh_chip());
      const std::int64_t routers = std::abs(from / 4 - to / 4) + std::abs(from % 4 - to % 4) + 1;
      EXPECT_EQ(send_one(mesh, from, to, 5, 7 * kNs), (7 + routers * 3 + 5) * kNs) << from << " to " << to;
      EXPECT_EQ(mesh.zero_load_fs(from, to, 5), (routers * 3 + 5) * kNs);
      EXPECT_EQ(mesh.num_flit_hops(), routers * 5);
    }
  }
}

TEST(Mesh, HoldsALinkForTheFlitsOfAMessage) {
  // 0 -> 3 and 1 -> 3 share the links 1 -> 2 -> 3. The first message's head enters 1 -> 2 at 6 ns (two routers) and holds it
  // until 16 ns; the second, asked for at 1 ns, could enter at 4 ns.
  Mesh mesh(mesh_chip());
  EXPECT_EQ(send_one(mesh, 0, 3, 10, 0), (4 * 3 + 10) * kNs);
  EXPECT_EQ(send_one(mesh, 1, 3, 10, 1 * kNs), (16 + 3 + 3 + 10) * kNs);
}

TEST(Mesh, ServesAMessageOneFemtosecondTooEarlyLateAndOneInTimeAtOnce) {
  // 0 -> 1 holds its links for 10 ns from 0, 3 and 6 ns on: the first one, out of tile 0, is free again at 10 ns.
  for (const TimeFs asked_fs : {10 * kNs - 1, 10 * kNs}) {
    Mesh mesh(mesh_chip());
    std::vector<TimeFs> arrivals_fs;
    const std::vector<std::int64_t> destinations{1};
    EXPECT_EQ(mesh.send(0, destinations, 10, 0, arrivals_fs), 0);
    EXPECT_EQ(mesh.send(0, destinations, 10, asked_fs, arrivals_fs), 10 * kNs - asked_fs);
    EXPECT_EQ(arrivals_fs.at(0), (10 + 2 * 3 + 10) * kNs);
  }
}

TEST(Mesh, LetsMessagesOnOtherLinksPass) {
  Mesh mesh(mesh_chip());
  (void)send_one(mesh, 0, 3, 10, 0);
  EXPECT_EQ(send_one(mesh, 7, 4, 10, 0), (4 * 3 + 10) * kNs);  // the other way, a row below
  EXPECT_EQ(send_one(mesh, 3, 0, 10, 0), (4 * 3 + 10) * kNs);  // back along the same row: links are directed
}

TEST(Mesh, RoutesAlongTheRowFirst) {
  // XY: 0 -> 5 passes router 1, not 4; a message 4 -> 5 does not meet it before the exit to tile 5.
  Mesh mesh(mesh_chip());
  (void)send_one(mesh, 0, 5, 10, 0);  // enters 0 -> 1 at 3, 1 -> 5 at 6, the exit at 9 ns, which it holds until 19
  EXPECT_EQ(send_one(mesh, 4, 5, 1, 0), (19 + 1) * kNs);
  Mesh other(mesh_chip());
  (void)send_one(other, 0, 5, 10, 0);
  EXPECT_EQ(send_one(other, 4, 6, 1, 0), (3 * 3 + 1) * kNs);
}

TEST(Mesh, CarriesAMulticastOnceOverSharedLinks) {
  Mesh mesh(mesh_chip());
  std::vector<TimeFs> arrivals_fs;
  const std::vector<std::int64_t> destinations{1, 2, 3};
  EXPECT_EQ(mesh.send(0, destinations, 10, 0, arrivals_fs), 0);
  EXPECT_EQ(arrivals_fs, (std::vector<TimeFs>{(2 * 3 + 10) * kNs, (3 * 3 + 10) * kNs, (4 * 3 + 10) * kNs}));
  EXPECT_EQ(mesh.num_flit_hops(), 4 * 10);
  EXPECT_EQ(mesh.num_messages(), 1);
}

TEST(Mesh, NamesTheBusiestLink) {
  Mesh mesh(mesh_chip());
  (void)send_one(mesh, 0, 2, 10, 0);
  EXPECT_EQ(mesh.busiest_link(), (LinkUse{.name = "NoC link from router (0, 0) to (0, 1)", .busy_fs = 10 * kNs}));
  (void)send_one(mesh, 1, 2, 5, 0);
  EXPECT_EQ(mesh.busiest_link(), (LinkUse{.name = "NoC link from router (0, 1) to (0, 2)", .busy_fs = 15 * kNs}));
  (void)send_one(mesh, 6, 2, 1, 0);
  EXPECT_EQ(mesh.busiest_link(), (LinkUse{.name = "NoC link into tile 2", .busy_fs = 16 * kNs}));
  (void)send_one(mesh, mesh.io_endpoint(), 12, 30, 0);
  EXPECT_EQ(mesh.busiest_link().name, "NoC link from router (0, 0) to (1, 0)");
}

TEST(Mesh, CountsWhatEveryLinkOfARouteCarries) {
  // 0 -> 2 and on to 6, a row below, as one multicast of 10 flits; then 5 flits from the IO port to tile 1.
  Mesh mesh(mesh_chip());
  std::vector<TimeFs> arrivals_fs;
  const std::vector<std::int64_t> destinations{2, 6};
  (void)mesh.send(0, destinations, 10, 0, arrivals_fs);
  (void)send_one(mesh, mesh.io_endpoint(), 1, 5, 1000 * kNs);
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> carried;
  for (const LinkTimes& link : mesh.used_links()) {
    const LinkEnds ends = mesh.link_ends(link.link);
    carried[ends.from + " to " + ends.to] = {link.num_messages, link.num_flits};
    EXPECT_EQ(link.busy_fs, link.num_flits * kNs);
  }
  const std::map<std::string, std::pair<std::int64_t, std::int64_t>> expected = {
      {"tile 0 to router (0, 0)", {1, 10}},        {"router (0, 0) to router (0, 1)", {2, 15}},
      {"router (0, 1) to router (0, 2)", {1, 10}}, {"router (0, 2) to tile 2", {1, 10}},
      {"router (0, 2) to router (1, 2)", {1, 10}}, {"router (1, 2) to tile 6", {1, 10}},
      {"IO port to router (0, 0)", {1, 5}},        {"router (0, 1) to tile 1", {1, 5}}};
  EXPECT_EQ(carried, expected);
}

TEST(Mesh, LogsTheLinksOfTheLastMessageWhenAsked) {
  Mesh mesh(mesh_chip());
  (void)send_one(mesh, 0, 1, 10, 0);
  EXPECT_TRUE(mesh.last_links().empty());
  mesh.log_links();
  (void)send_one(mesh, 0, 1, 10, 100 * kNs);
  ASSERT_EQ(mesh.last_links().size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(mesh.last_links()[i].head_fs, (100 + 3 * static_cast<TimeFs>(i)) * kNs);
    EXPECT_EQ(mesh.last_links()[i].hold_fs, 10 * kNs);
  }
}

TEST(Mesh, ReachesTilesOfTheSameRouterThroughIt) {
  ChipConfig chip = mesh_chip();
  chip.noc.tiles_per_router = 4;
  Mesh mesh(chip);
  EXPECT_EQ(send_one(mesh, 0, 3, 2, 0), (3 + 2) * kNs);
  EXPECT_EQ(send_one(mesh, mesh.io_endpoint(), 63, 2, 100 * kNs), (100 + 7 * 3 + 2) * kNs);
}

}  // namespace
}  // namespace crossloom
