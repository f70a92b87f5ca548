#include "bench/validation/golden_case.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "simulator/device/weight_mapping.h"
#include "support/config_reader.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

ProgrammingModel programming_model(const std::string& name) {
  if (name == "NormalIndependentDevice") return ProgrammingModel::kNormalIndependent;
  if (name == "NormalProportionalDevice") return ProgrammingModel::kNormalProportional;
  if (name == "NormalInverseProportionalDevice") return ProgrammingModel::kNormalInverse;
  if (name == "RRAMMilo") return ProgrammingModel::kRramMilo;
  if (name == "RRAMWan") return ProgrammingModel::kRramWan;
  if (name == "PCMJoshi") return ProgrammingModel::kPcmJoshi;
  throw UserError("prog: " + name + " is not a known programming model");
}

ReadNoiseModel read_model(const std::string& name) {
  if (name == "NormalIndependentDevice") return ReadNoiseModel::kNormalIndependent;
  if (name == "NormalProportionalDevice") return ReadNoiseModel::kNormalProportional;
  throw UserError("read: " + name + " is not a known read noise model");
}

double number_of(const Document& node) {
  const std::optional<double> value = parse_number(node.scalar);
  if (!value) throw UserError("adc_range: " + node.scalar + ", allowed: numbers");
  return *value;
}

/// [low, high], or a list of such pairs.
std::vector<CurrentRange> ranges_of(const Document& node) {
  std::vector<CurrentRange> ranges;
  if (!node.items.empty() && node.items[0].kind == Document::Kind::kScalar) {
    return {{number_of(node.items[0]), number_of(node.items[1])}};
  }
  for (const Document& pair : node.items) ranges.push_back({number_of(pair.items[0]), number_of(pair.items[1])});
  return ranges;
}

const Document* member(const Document& node, std::string_view key) {
  for (const auto& [name, value] : node.members) {
    if (name == key) return &value;
  }
  return nullptr;
}

void read_weights(ConfigReader& params, ArrayConfig& array) {
  ArrayWeights& weights = array.weights;
  if (params.has("wbits")) weights.weight_bits = params.integer("wbits", {1, 16});
  const std::string style = params.has("style") ? params.text("style") : "BALANCED";
  if (params.has("bal") && params.text("bal") == "TWO_SIDED") weights.polarity = WeightPolarity::kDifferentialTwoSided;
  if (style == "OFFSET") weights.polarity = WeightPolarity::kOffset;
  if (style == "BITSLICED") {
    weights.num_slices = params.integer("nslices", {2, 16});
    if (params.has("bs_style") && params.text("bs_style") == "OFFSET") weights.polarity = WeightPolarity::kOffset;
  }
  if (style != "OFFSET" && style != "BITSLICED" && style != "BALANCED") throw UserError("style: " + style + " is not known");
  weights.offset_gain = OffsetGain::kReference;
  if (style == "BALANCED") weights.target_precision = TargetPrecision::kBinary32;
  if (params.has("sub_in_xbar") && !params.boolean("sub_in_xbar")) weights.pair_subtraction = PairSubtraction::kDigital;
}

void read_cell(ConfigReader& params, ArrayConfig& array) {
  ArrayCell& cell = array.cell;
  const std::int64_t bits = params.has("cell_bits") ? params.integer("cell_bits", {0, 16}) : 0;
  cell.num_levels = bits == 0 ? 0 : std::int64_t{1} << bits;
  const double r_min = params.has("Rmin") ? params.number("Rmin", {1e-3, 1e12}) : 1e4;
  cell.g_max_siemens = 1.0 / r_min;
  const bool is_infinite = params.has("inf") && params.boolean("inf");
  cell.g_min_siemens = is_infinite || !params.has("Rmax") ? 0.0 : 1.0 / params.number("Rmax", {1e-3, 1e15});
  array.wires.row_ohm = params.has("Rp_row") ? params.number("Rp_row", {0.0, 1e6}) : 0.0;
  array.wires.col_ohm = params.has("Rp_col") ? params.number("Rp_col", {0.0, 1e6}) : 0.0;
  if (params.has("Rp_row_terminal")) array.wires.row_terminal_ohm = params.number("Rp_row_terminal", {0.0, 1e6});
  if (params.has("Rp_col_terminal")) array.wires.col_terminal_ohm = params.number("Rp_col_terminal", {0.0, 1e6});
  for (const std::string_view key : {"Verr", "niters"}) params.skip(key);  // of the reference's iterative solver
  if (params.has("Vread")) cell.read_voltage_volt = params.number("Vread", {0.0, 10.0});
  if (params.has("nl")) {
    if (params.text("nl") != "CubicDevice") throw UserError("nl: " + params.text("nl") + " is not known");
    // The reference's example device: I = G (V - 0.25 V^3).
    array.iv = {.model = IvModel::kCubic, .coefficient = 0.25};
  }
  if (params.has("rows_max")) array.grid.max_rows = params.integer("rows_max", {1, 65'536});
  if (params.has("cols_max")) array.grid.max_cols = params.integer("cols_max", {1, 65'536});
}

/// CrossSim's largest current of slices that are converted one line at a time: of differential slices as many rows as there
/// are, either sign; of offset slices the nearest power of two of rows, stretched until a step is a whole multiple of the
/// current of one level and one input digit.
CurrentRange largest_sliced_current(const ArrayConfig& array, std::int64_t num_inputs) {
  const std::int64_t tile_rows = array.grid.max_rows == 0 ? num_inputs : std::min(array.grid.max_rows, num_inputs);
  const auto rows = static_cast<double>(tile_rows);
  if (num_inputs % tile_rows != 0) throw UserError("adc_opt: MAX of these slices in tiles of different heights");
  if (array.weights.polarity != WeightPolarity::kOffset) return {-rows, rows};
  const double levels = std::ldexp(1.0, static_cast<int>(bits_per_slice(array.weights)));
  const double codes = std::ldexp(1.0, static_cast<int>(array.adc.bits));
  const bool is_signed = array.inputs.encoding == DacEncoding::kSignMagnitude;
  const double inputs = static_cast<double>(largest_input_code(array.inputs));
  const double largest = std::exp2(std::rint(std::log2(rows))) * levels / (levels - 1.0) * (codes - (is_signed ? 2.0 : 1.0)) /
                         codes * (inputs + 1.0) / inputs;
  return {is_signed ? -largest : 0.0, largest};
}

void read_converters(ConfigReader& params, std::int64_t num_inputs, ArrayConfig& array) {
  ArrayInputs& inputs = array.inputs;
  if (params.has("in_bits")) inputs.bits = params.integer("in_bits", {0, 24});
  if (params.has("in_signed") && params.boolean("in_signed")) inputs.encoding = DacEncoding::kSignMagnitude;
  if (params.has("in_max")) inputs.input_max = params.number("in_max", {1e-9, 1e9});
  if (params.has("in_min")) {
    const double low = params.number("in_min");
    const double expected = inputs.encoding == DacEncoding::kUnsigned ? 0.0 : -inputs.input_max;
    if (low != expected) throw UserError("in_min: " + shortest_text(low) + ", allowed: " + shortest_text(expected));
  }
  if (params.has("serial") && params.boolean("serial")) {
    inputs.bits_per_phase = params.has("slice_size") ? params.integer("slice_size", {1, 16}) : 1;
  }
  if (!params.has("adc_bits") || params.integer("adc_bits", {0, 24}) == 0) return;
  array.adc.model = AdcModel::kUniform;
  array.adc.bits = params.integer("adc_bits", {1, 24});
  if (params.has("adc_type")) {
    const std::string type = params.text("adc_type");
    if (type == "SignMagnitudeADC") array.adc.model = AdcModel::kSignMagnitude;
    if (type != "SignMagnitudeADC" && type != "QuantizerADC") throw UserError("adc_type: " + type + " is not known");
  }
  array.adc.every_phase = params.has("per_ibit") && params.boolean("per_ibit");
  const bool is_maximal = params.has("adc_opt") && params.text("adc_opt") == "MAX";
  array.adc.range = is_maximal ? AdcRange::kMaximal : AdcRange::kFixed;
  if (is_maximal) {
    const bool converts_pairs =
        array.weights.polarity != WeightPolarity::kOffset && array.weights.pair_subtraction == PairSubtraction::kAnalog;
    if (array.weights.num_slices == 1 || converts_pairs) return;
    array.adc.range = AdcRange::kFixed;
    array.adc.fixed_ranges = {largest_sliced_current(array, num_inputs)};
    return;
  }
  const Document* range = member(params.node(), "adc_range");
  if (range == nullptr) throw UserError("adc_range: is missing");
  params.skip("adc_range");
  array.adc.fixed_ranges = ranges_of(*range);
}

void read_noise(ConfigReader& params, DeviceNoise& noise) {
  if (params.has("prog")) {
    noise.programming.model = programming_model(params.text("prog"));
    noise.programming.magnitude = params.has("prog_mag") ? params.number("prog_mag", {0.0, 10.0}) : 1.0;
  }
  if (params.has("read")) {
    noise.read.model = read_model(params.text("read"));
    noise.read.magnitude = params.number("read_mag", {0.0, 10.0});
  }
}

}  // namespace

GoldenCase golden_case(const std::string& name, const Document& node, std::int64_t num_inputs, const std::string& source_name) {
  GoldenCase result;
  result.name = name;
  ConfigReader reader(node, source_name, name);
  ConfigReader params = reader.section("params");
  read_weights(params, result.array);
  read_cell(params, result.array);
  read_converters(params, num_inputs, result.array);
  read_noise(params, result.noise);
  params.finish();
  if (reader.has("input")) result.inputs = reader.text("input");
  if (reader.has("trials")) result.trials = reader.integer("trials", {2, 1'000'000});
  return result;
}

}  // namespace crossloom
