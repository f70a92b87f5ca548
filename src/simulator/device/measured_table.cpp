#include "simulator/device/measured_table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr std::string_view kMeanHeader = "target_siemens,mean_siemens,sigma_siemens";
constexpr std::string_view kSampleHeader = "target_siemens,sample_siemens";

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

double non_negative(std::string_view text, const std::string& place) {
  const std::optional<double> value = parse_number(text);
  if (!value || *value < 0.0) throw UserError(place + ": " + std::string(text) + ", allowed: a number of at least 0");
  return *value;
}

void summarize(MeasuredTable::Target& target) {
  std::ranges::sort(target.samples_siemens);
  const auto count = static_cast<double>(target.samples_siemens.size());
  double sum = 0.0;
  for (const double sample : target.samples_siemens) sum += sample;
  target.mean_siemens = sum / count;
  double squares = 0.0;
  for (const double sample : target.samples_siemens) {
    squares += (sample - target.mean_siemens) * (sample - target.mean_siemens);
  }
  target.sigma_siemens = std::sqrt(squares / count);
}

double sample_quantile(const std::vector<double>& samples, double u) {
  const double position = u * static_cast<double>(samples.size() - 1);
  const auto index = static_cast<std::size_t>(position);
  if (index + 1 >= samples.size()) return samples.back();
  return std::lerp(samples[index], samples[index + 1], position - std::floor(position));
}

/// `value` of the two targets around, interpolated.
template <class Value>
double interpolated(const std::vector<MeasuredTable::Target>& targets, double at, Value&& value) {
  const auto above = std::ranges::lower_bound(targets, at, {}, &MeasuredTable::Target::target_siemens);
  if (above == targets.begin()) return value(targets.front());
  if (above == targets.end()) return value(targets.back());
  const MeasuredTable::Target& below = *std::prev(above);
  const double fraction = (at - below.target_siemens) / (above->target_siemens - below.target_siemens);
  return std::lerp(value(below), value(*above), fraction);
}

}  // namespace

double MeasuredTable::mean_siemens(double target_siemens) const {
  return interpolated(targets, target_siemens, [](const Target& target) { return target.mean_siemens; });
}

double MeasuredTable::sigma_siemens(double target_siemens) const {
  return interpolated(targets, target_siemens, [](const Target& target) { return target.sigma_siemens; });
}

double MeasuredTable::quantile_siemens(double target_siemens, double u) const {
  return interpolated(targets, target_siemens,
                      [u](const Target& target) { return sample_quantile(target.samples_siemens, u); });
}

MeasuredTable parse_measured_table(std::string_view csv, std::string_view source_name) {
  std::map<double, MeasuredTable::Target> by_target;
  bool has_samples = false;
  std::size_t line_number = 0;
  for (std::string_view line : split(csv, '\n')) {
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string place = std::string(source_name) + ':' + std::to_string(line_number);
    if (line_number == 1) {
      has_samples = line == kSampleHeader;
      if (!has_samples && line != kMeanHeader) {
        throw UserError(place + ": " + std::string(line) + ", allowed: the header " + std::string(kMeanHeader) + " or " +
                        std::string(kSampleHeader));
      }
      continue;
    }
    if (line.empty()) continue;
    const std::vector<std::string_view> cells = split(line, ',');
    const std::size_t num_columns = has_samples ? 2 : 3;
    if (cells.size() != num_columns) {
      throw UserError(place + ": " + std::to_string(cells.size()) + " columns, allowed: " + std::to_string(num_columns));
    }
    const double at = non_negative(cells[0], place);
    const bool is_new = !by_target.contains(at);
    MeasuredTable::Target& target = by_target[at];
    target.target_siemens = at;
    if (has_samples) {
      target.samples_siemens.push_back(non_negative(cells[1], place));
    } else {
      if (!is_new) throw UserError(place + ": target " + std::string(cells[0]) + " appears twice");
      target.mean_siemens = non_negative(cells[1], place);
      target.sigma_siemens = non_negative(cells[2], place);
    }
  }
  if (by_target.empty()) throw UserError(std::string(source_name) + ": has no line of values");
  MeasuredTable table;
  for (auto& [at, target] : by_target) {
    if (has_samples && target.samples_siemens.size() < 2) {
      throw UserError(std::string(source_name) + ": target " + shortest_text(at) + " has one sample, allowed: at least 2");
    }
    if (has_samples) summarize(target);
    table.targets.push_back(std::move(target));
  }
  return table;
}

}  // namespace crossloom
