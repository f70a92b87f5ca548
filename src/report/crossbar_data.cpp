#include "report/crossbar_data.h"

#include <map>
#include <string_view>

#include "simulator/hardware/chip_geometry.h"
#include "support/json.h"

namespace crossloom {
namespace {

Json panel_json(const CrossbarContents& contents) {
  Json::Array numbers = {contents.crossbar};
  numbers.reserve(1 + 8 * contents.blocks.size());
  for (const PlacedBlock& block : contents.blocks) {
    visit_fields(block, [&numbers](const Field&, std::int64_t value) { numbers.emplace_back(value); });
  }
  return numbers;
}

/// & and < stand only inside strings of JSON, where escapes may stand for them.
std::string without_reserved(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '&') {
      text += "\\u0026";
    } else if (c == '<') {
      text += "\\u003c";
    } else if (c == '>') {
      text += "\\u003e";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string crossbar_data(const TileMap& map) {
  Json::Array layers;
  for (const WeightMatrix& matrix : map.matrices) layers.emplace_back(matrix.layer);
  std::map<std::int64_t, Json::Array> panels;
  for (const CrossbarContents& contents : map.crossbars) panels[contents.tile].push_back(panel_json(contents));
  Json::Object tiles;
  for (auto& [tile, of_tile] : panels) tiles.emplace_back(std::to_string(tile), std::move(of_tile));
  const Json data = Json::Object{{"rows", map.chip.crossbar.rows},
                                 {"columns", num_weight_cols(map.chip)},
                                 {"layers", std::move(layers)},
                                 {"tiles", std::move(tiles)}};
  return without_reserved(data.dump(-1));
}

}  // namespace crossloom
