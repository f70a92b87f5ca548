#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/option_values.h"
#include "support/config_reader.h"
#include "support/error.h"
#include "support/json.h"
#include "support/number_text.h"
#include "support/option_message.h"
#include "sweep/sweep.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMaxImages = 1 << 20;
constexpr std::int64_t kMaxSamples = 1'000'000'000;
constexpr std::size_t kMaxAxisValues = 1'000'000;
constexpr NumberRange kAny = {-1e300, 1e300};

/// Refuses a value that its compile option would refuse at every point.
void check_value(const ConfigReader& section, const std::string& key, const std::string& value) {
  if (value.empty()) section.fail(key, "has an empty value");
  try {
    if (is_compile_option(key)) {
      CompileOptions options;
      set_compile_option(options, key, value);
    }
    if (key == "input") static_cast<void>(input_shape_option(value));
  } catch (const UserError& error) {
    section.fail(key, without_option(error.what()));
  }
}

/// The values first, first + step, ... or first, first x factor, ... up to last.
std::vector<std::string> range_values(ConfigReader& range) {
  const double first = range.number("first", kAny);
  const double last = range.number("last", kAny);
  const bool is_geometric = range.has("factor");
  const double step = is_geometric ? range.number("factor", {1.0 + 1e-9, 1e9}) : range.number("step", {1e-300, 1e300});
  range.finish();
  if (last < first)
    range.fail("last", fmt::format("{}, allowed at least first, {}", shortest_text(last), shortest_text(first)));
  if (is_geometric && first <= 0.0) range.fail("first", shortest_text(first) + ", allowed above 0 with a factor");
  // A billionth of a step is allowed for rounding.
  constexpr double kSlack = 1e-9;
  const double count =
      std::floor((is_geometric ? std::log(last / first) / std::log(step) : (last - first) / step) + kSlack) + 1.0;
  if (count > static_cast<double>(kMaxAxisValues)) {
    range.fail("", fmt::format("has {:.0f} values, allowed at most {}", count, kMaxAxisValues));
  }
  std::vector<std::string> values;
  for (double i = 0.0; i < count; ++i) {
    values.push_back(shortest_text(is_geometric ? first * std::pow(step, i) : first + i * step));
  }
  return values;
}

ContinuousRange continuous_range(ConfigReader& reader) {
  ContinuousRange range{.min = reader.number("min", kAny), .max = reader.number("max", kAny)};
  if (reader.has("logarithmic")) range.is_logarithmic = reader.boolean("logarithmic");
  if (reader.has("integer")) range.is_integer = reader.boolean("integer");
  reader.finish();
  if (range.max <= range.min) {
    reader.fail("max", fmt::format("{}, allowed above min, {}", shortest_text(range.max), shortest_text(range.min)));
  }
  if (range.is_logarithmic && range.min <= 0.0)
    reader.fail("min", shortest_text(range.min) + ", allowed above 0 when logarithmic");
  if (range.is_integer && (range.min != std::floor(range.min) || range.max != std::floor(range.max))) {
    reader.fail("min", "bounds of integers are whole numbers");
  }
  return range;
}

const Document& member(const ConfigReader& section, const std::string& key) {
  return std::ranges::find(section.node().members, key, [](const auto& entry) { return entry.first; })->second;
}

/// The texts of a scalar or a list of scalars.
std::vector<std::string> listed_values(ConfigReader& section, const std::string& key) {
  const Document& node = member(section, key);
  section.skip(key);
  std::vector<std::string> values;
  const auto add = [&](const Document& item) {
    if (item.kind != Document::Kind::kScalar) section.fail(key, "allowed: a value, a list of values, or a range");
    values.push_back(item.scalar);
  };
  if (node.kind == Document::Kind::kSequence) {
    std::ranges::for_each(node.items, add);
  } else {
    add(node);
  }
  if (values.empty()) section.fail(key, "is an empty list, allowed at least one value");
  std::set<std::string> seen;
  for (const std::string& value : values) {
    check_value(section, key, value);
    if (!seen.insert(value).second) section.fail(key, value + " stands twice");
  }
  return values;
}

SweepAxis read_axis(ConfigReader& section, const std::string& key, SampleKind sample) {
  SweepAxis axis{.keys = {key}, .line = member(section, key).line};
  std::vector<std::string> values;
  if (member(section, key).kind == Document::Kind::kMapping) {
    ConfigReader range = section.section(key);
    if (range.has("min")) {
      if (sample == SampleKind::kProduct) {
        section.fail(key, "min and max need sample.kind random or latin_hypercube, allowed: a list, or first, last and step");
      }
      axis.range = continuous_range(range);
      return axis;
    }
    values = range_values(range);
    for (const std::string& value : values) check_value(section, key, value);
  } else {
    values = listed_values(section, key);
  }
  for (std::string& value : values) axis.values.push_back({std::move(value)});
  return axis;
}

/// Keys whose lists are walked side by side.
SweepAxis read_linked(ConfigReader& section) {
  SweepAxis axis{.keys = section.keys(), .line = section.node().line};
  if (axis.keys.empty()) section.fail("", "is empty, allowed: keys with lists of one length");
  for (const std::string& key : axis.keys) {
    const std::vector<std::string> values = [&] {
      if (member(section, key).kind != Document::Kind::kMapping) {
        const Document& node = member(section, key);
        section.skip(key);
        std::vector<std::string> texts;
        for (const Document& item : node.items) {
          if (item.kind == Document::Kind::kScalar) check_value(section, key, item.scalar);
          texts.push_back(item.scalar);
        }
        return texts;
      }
      ConfigReader range = section.section(key);
      return range_values(range);
    }();
    if (values.empty()) section.fail(key, "allowed: a list of values, or first, last and step");
    if (key == axis.keys.front()) axis.values.resize(values.size());
    if (values.size() != axis.values.size()) {
      section.fail(
          key, fmt::format("has {} values, allowed as many as {}: {}", values.size(), axis.keys.front(), axis.values.size()));
    }
    for (std::size_t i = 0; i < values.size(); ++i) axis.values[i].push_back(values[i]);
  }
  section.finish();
  return axis;
}

void read_sample(ConfigReader& root, Sweep& sweep) {
  if (!root.has("sample")) return;
  ConfigReader section = root.section("sample");
  sweep.sample = static_cast<SampleKind>(section.choice("kind", enum_names(SampleKind{})));
  if (sweep.sample != SampleKind::kProduct) {
    sweep.num_samples = section.integer("points", {1, kMaxSamples});
    sweep.seed = section.integer("seed", {0});
  }
  section.finish();
}

void check_axes(const ConfigReader& root, const Sweep& sweep) {
  std::set<std::string> seen;
  for (const std::string& key : keys_of(sweep)) {
    if (!seen.insert(key).second) root.fail("axes", key + " varies twice");
  }
  for (const std::string_view required : {"network", "chip"}) {
    if (!seen.contains(std::string(required))) root.fail("axes", std::string(required) + ": is missing");
  }
  for (const SweepAxis& axis : sweep.axes) {
    if (axis.range && (axis.keys[0] == "network" || axis.keys[0] == "chip" || axis.keys[0] == "input")) {
      root.fail("axes", axis.keys[0] + " is no number, allowed: a list");
    }
  }
}

}  // namespace

std::vector<std::string> keys_of(const Sweep& sweep) {
  std::vector<std::string> keys;
  for (const SweepAxis& axis : sweep.axes) keys.insert(keys.end(), axis.keys.begin(), axis.keys.end());
  return keys;
}

Sweep parse_sweep_yaml(std::string_view text, std::string_view source_name) {
  const Document document = parse_yaml(text, source_name);
  ConfigReader root(document, std::string(source_name));
  Sweep sweep;
  sweep.source_name = source_name;
  sweep.text_hash = content_hash(text);
  if (root.has("evaluate"))
    sweep.evaluation = static_cast<EvaluationKind>(root.choice("evaluate", enum_names(EvaluationKind{})));
  if (root.has("images")) sweep.num_images = root.integer("images", {1, kMaxImages});
  if (sweep.num_images > 1 && sweep.evaluation == EvaluationKind::kEstimate) {
    root.fail("images",
              std::to_string(sweep.num_images) + ", allowed 1 with evaluate: estimate, whose interval_ns is that of a batch");
  }
  read_sample(root, sweep);
  ConfigReader axes = root.section("axes");
  for (const std::string& key : axes.keys()) sweep.axes.push_back(read_axis(axes, key, sweep.sample));
  axes.finish();
  if (root.has("linked")) {
    for (ConfigReader& group : root.sections("linked")) sweep.axes.push_back(read_linked(group));
  }
  check_axes(root, sweep);
  if (root.has("filters")) {
    for (const std::string& filter : root.texts("filters")) {
      try {
        sweep.filters.emplace_back(filter, keys_of(sweep));
      } catch (const UserError& error) {
        root.fail("filters", error.what());
      }
    }
  }
  root.finish();
  return sweep;
}

}  // namespace crossloom
