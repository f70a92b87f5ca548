#include "tests/compiler/duplication/random_sharing.h"

#include <map>

#include "support/random_stream.h"

namespace crossloom {

SharingProblem random_sharing(std::uint64_t trial) {
  RandomStream random(0, {.purpose = RandomPurpose::kTest, .trial = trial});
  const auto from_to = [&](std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(last - first + 1)));
  };
  SharingProblem problem;
  problem.rules = {.crossbar_rows = 16,
                   .crossbar_cols = 16,
                   .num_crossbars = from_to(0, 4),
                   .max_blocks_per_crossbar = from_to(0, 1) * 3,
                   .conflict_distance = 1,
                   .items = {}};
  problem.leftover = from_to(0, 1) == 0 ? Leftover::kDropped : Leftover::kKept;
  const std::int64_t num_layers = from_to(3, 8);
  for (std::int64_t i = 0; i < num_layers; ++i) {
    SharingLayer layer{.blocks = {}, .num_turns = from_to(1, 100), .max_copies = from_to(1, 20)};
    const std::int64_t num_blocks = from_to(1, 3);
    for (std::int64_t block = 0; block < num_blocks; ++block) {
      const std::int64_t rows = from_to(1, 16);
      layer.blocks.push_back({.rows = rows, .cols = from_to(1, 16)});
    }
    problem.rules.num_crossbars += num_blocks;
    problem.layers.push_back(layer);
  }
  return problem;
}

PlacedCopies placed_copies(const SharingProblem& problem, const std::vector<CopyPlacement>& placements) {
  PlacedCopies placed{.problem = problem.rules, .packing = {}};
  std::map<std::int64_t, std::int64_t> number;  // crossbars that hold something, without gaps
  for (const CopyPlacement& at : placements) number.emplace(at.place.crossbar, 0);
  for (auto& [crossbar, index] : number) index = placed.packing.num_crossbars++;
  for (const CopyPlacement& at : placements) {
    const BlockSize& size = problem.layers.at(at.layer).blocks.at(at.block);
    placed.problem.items.push_back({.layer = static_cast<std::int64_t>(at.layer), .rows = size.rows, .cols = size.cols});
    placed.packing.placements.push_back(
        {.crossbar = number.at(at.place.crossbar), .row0 = at.place.row0, .col0 = at.place.col0});
  }
  return placed;
}

}  // namespace crossloom
