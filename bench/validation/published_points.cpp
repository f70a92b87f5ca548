#include "bench/validation/published_points.h"

#include <fmt/format.h>

#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_budget.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "simulator/metrics/peak_figures.h"
#include "support/csv.h"

namespace crossloom {
namespace {

constexpr double kUm2PerMm2 = 1e6;

ActivationTiming timing_of(const ChipConfig& chip, std::int64_t rows) {
  return activation_timing(chip, {.rows = rows, .cols = num_weight_cols(chip)});
}

/// Sum over a tile without its share of a router, for papers that count the network apart.
ComponentBudget tile_without_router(const ChipConfig& chip) {
  std::vector<ComponentBudget> budget = tile_budget(chip);
  std::erase_if(budget, [](const ComponentBudget& line) { return line.component == "noc"; });
  return total(budget);
}

void add_isaac(std::vector<PublishedPoint>& points) {
  const ChipConfig chip = load_chip("isaac-ce");
  const ComponentBudget tile = total(tile_budget(chip));
  const ComponentBudget whole = total(chip_budget(chip));
  const PeakFigures peak = peak_figures(chip);
  const auto add = [&](const char* quantity, const char* unit, double published, const char* standing, double computed,
                       const char* origin) {
    points.push_back({chip.name, quantity, unit, published, standing, computed, 0.02, origin});
  };
  add("interval of a 16-bit product", "ns", 1600, "recalled", fs_to_ns(timing_of(chip, chip.crossbar.rows).interval_fs),
      "follows from 128 columns, the ADC rate and 16 input bits");
  add("power of a tile", "mW", 330, "recalled", tile.active_power_mw, "sum of Table I's parts");
  add("area of a tile", "mm2", 0.372, "recalled", tile.area_um2 / kUm2PerMm2, "sum of Table I's parts");
  add("power of the chip", "W", 65.8, "recalled", whole.active_power_mw / 1e3, "sum of Table I's parts");
  add("area of the chip", "mm2", 85.4, "recalled", whole.area_um2 / kUm2PerMm2, "sum of Table I's parts");
  add("peak performance", "TOPS", 41.3, "re-read", peak.tops, "follows from counts and interval");
  add("peak performance an area", "TOPS/mm2", 0.48, "re-read", peak.tops_per_mm2, "follows from the lines above");
  add("peak performance a power", "TOPS/W", 0.63, "re-read", peak.tops_per_w, "follows from the lines above");
}

void add_puma(std::vector<PublishedPoint>& points) {
  const ChipConfig chip = load_chip("puma");
  const ComponentBudget whole = total(chip_budget(chip));
  const auto add = [&](const char* quantity, const char* unit, double published, const char* standing, double computed,
                       const char* origin) {
    points.push_back({chip.name, quantity, unit, published, standing, computed, 0.02, origin});
  };
  add("latency of a 16-bit product", "ns", 2304, "recalled", fs_to_ns(timing_of(chip, chip.crossbar.rows).latency_fs),
      "three stages of 128 clocks are assumed from it");
  add("energy of a 16-bit product", "nJ", 43.97, "recalled", macro_energy_pj(full_activation_energy_pj(chip)) / 1e3,
      "ISAAC's powers of the parts over the published time");
  add("power of a tile", "mW", 373.8, "recalled", tile_without_router(chip).active_power_mw, "sum of the parts");
  add("power of a node", "W", 62.5, "recalled", whole.active_power_mw / 1e3, "sum of the parts, 140 tiles for 138");
  add("area of a node", "mm2", 90.6, "recalled", whole.area_um2 / kUm2PerMm2, "sum of the parts, 140 tiles for 138");
}

void add_rnc(std::vector<PublishedPoint>& points) {
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  points.push_back({chip.name, "latency of an 8-bit product", "ns", 152.77319048, "re-read",
                    fs_to_ns(timing_of(chip, chip.crossbar.rows).latency_fs), 0.02, "sum of the published phases"});
}

void add_nthu(std::vector<PublishedPoint>& points) {
  const ChipConfig chip = load_chip("nthu-2019-edge");
  const ActivationTiming timing = timing_of(chip, chip.crossbar.active_rows);
  points.push_back({chip.name, "a multiply-accumulate, read and converted", "ns", 14.6, "re-read",
                    fs_to_ns(timing.drive_fs + timing.convert_fs), 0.02, "set in the preset; its split is assumed"});
  points.push_back({chip.name, "macro-level peak efficiency", "TOPS/W", 53.17, "re-read", peak_figures(chip).macro_tops_per_w,
                    0.05, "set in the preset for whole groups of 9 rows; 256 rows end in a group of 4"});
}

}  // namespace

double ratio(const PublishedPoint& point) { return point.computed / point.published; }

std::vector<PublishedPoint> published_points() {
  std::vector<PublishedPoint> points;
  add_isaac(points);
  add_puma(points);
  add_rnc(points);
  add_nthu(points);
  return points;
}

std::string published_points_csv() {
  std::string text = "case,quantity,unit,published,ours\n";
  for (const PublishedPoint& point : published_points()) {
    text += fmt::format("{},{},{},{:g},{:.6g}\n", point.preset, csv_field(point.quantity), point.unit, point.published,
                        point.computed);
  }
  return text;
}

std::string validation_markdown() {
  std::string text =
      "# Validation\n"
      "\n"
      "Figures that papers print beside those the model computes from the presets, written by\n"
      "`cmake --build <folder> --target write_validation`; a test checks every ratio and that this page is as written.\n"
      "\n"
      "## Published points\n"
      "\n"
      "One MAC is two operations. *Standing* says whether the published figure was re-read in the paper or its code or is "
      "recalled.\n"
      "*Origin* says what of it went into the preset already: a sum or a consequence of other published values tests the "
      "model, a\n"
      "value that was set in the preset only tests that the model keeps it.\n"
      "\n"
      "| chip | quantity | published | standing | computed | ratio | allowed | origin |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const PublishedPoint& point : published_points()) {
    text += fmt::format("| `{}` | {} | {:g} {} | {} | {:.6g} {} | {:.4f} | {:g} | {} |\n", point.preset, point.quantity,
                        point.published, point.unit, point.standing, point.computed, point.unit, ratio(point),
                        point.tolerance_fraction, point.origin);
  }
  const PeakFigures puma = peak_figures(load_chip("puma"));
  text += fmt::format(
      "\n"
      "Not reached: PUMA's claims of 577 GOPS/s/mm2 and 837 GOPS/s/W, which are 52.3 TOPS of a node. With one product each "
      "{:g} ns\n"
      "the preset's peak is {:.4g} TOPS, {:.4g} GOPS/s/mm2 and {:.4g} GOPS/s/W. The review named above gives PUMA half of the "
      "claims,\n"
      "26.2 TOPS, so conventions differ as well; Table 3 alone explains neither figure.\n"
      "\n"
      "A second text says that NTHU's 53.17 TOPS/W holds for binary operation rather than 2-bit inputs and 3-bit weights; the "
      "preset\n"
      "takes it for the latter, which is then the best case. `neurram`, `edge-64` and `edge-64-dram` have no published point:\n"
      "NeuRRAM's latency and energy are printed as graphs only, the others are designs of this project.\n",
      fs_to_ns(timing_of(load_chip("puma"), 128).interval_fs), puma.tops, puma.tops_per_mm2 * 1e3, puma.tops_per_w * 1e3);
  return text;
}

}  // namespace crossloom
