#include "tests/simulator/trace/trace_checker.h"

#include <map>
#include <stdexcept>
#include <utility>

#include "support/document.h"

namespace crossloom {
namespace {

using Track = std::pair<std::int64_t, std::int64_t>;

Track track_of(const TraceEvent& event) { return {event.process, event.thread}; }

const Document* member(const Document& object, std::string_view key) {
  for (const auto& [name, value] : object.members) {
    if (name == key) return &value;
  }
  return nullptr;
}

const std::string& text(const Document& object, std::string_view key) {
  const Document* value = member(object, key);
  if (value == nullptr) throw std::out_of_range("trace: an event without " + std::string(key));
  return value->scalar;
}

/// Decimal microseconds with at most six digits behind the point.
std::int64_t picoseconds(const std::string& us) {
  const std::size_t point = us.find('.');
  std::string digits = point == std::string::npos ? std::string() : us.substr(point + 1);
  if (digits.size() > 6) throw std::out_of_range("trace: finer than a picosecond: " + us);
  digits.resize(6, '0');
  return std::stoll(us.substr(0, point)) * 1'000'000 + std::stoll(digits);
}

bool is_slice_at(const std::map<Track, std::vector<const TraceEvent*>>& slices, const TraceEvent& event) {
  const auto found = slices.find(track_of(event));
  if (found == slices.end()) return false;
  for (const TraceEvent* slice : found->second) {
    const std::int64_t end_ps = slice->begin_ps + slice->duration_ps;
    if (slice->begin_ps <= event.begin_ps && event.begin_ps <= end_ps) return true;
  }
  return false;
}

}  // namespace

std::vector<TraceEvent> read_trace(std::string_view json) {
  const Document document = parse_json(json, "trace");
  const Document* list = member(document, "traceEvents");
  if (list == nullptr) throw std::out_of_range("trace: no traceEvents");
  std::vector<TraceEvent> events;
  for (const Document& item : list->items) {
    TraceEvent event = {.phase = text(item, "ph"), .name = text(item, "name"), .category = {}};
    event.process = std::stoll(text(item, "pid"));
    event.thread = std::stoll(text(item, "tid"));
    if (event.phase != "M") event.begin_ps = picoseconds(text(item, "ts"));
    if (event.phase == "X") event.duration_ps = picoseconds(text(item, "dur"));
    if (event.phase == "X") event.category = text(item, "cat");
    if (event.phase == "s" || event.phase == "f") event.flow = std::stoll(text(item, "id"));
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<std::string> trace_findings(const std::vector<TraceEvent>& events) {
  std::vector<std::string> findings;
  std::map<Track, std::vector<const TraceEvent*>> slices;
  std::map<Track, std::int64_t> num_names;
  std::map<std::int64_t, std::vector<const TraceEvent*>> flows;
  std::int64_t latest_ps = 0;
  for (const TraceEvent& event : events) {
    if (event.phase == "M") {
      num_names[track_of(event)] += event.name == "thread_name" ? 1 : 0;
      continue;
    }
    if (event.begin_ps < latest_ps) findings.push_back(event.name + ": earlier than the event before");
    latest_ps = event.begin_ps;
    if (event.phase == "X") slices[track_of(event)].push_back(&event);
    if (event.phase == "s" || event.phase == "f") flows[event.flow].push_back(&event);
  }
  for (const auto& [track, on_track] : slices) {
    if (num_names[track] != 1) findings.push_back("a track without a name, or with two");
    std::vector<std::int64_t> open_ends_ps;
    for (const TraceEvent* slice : on_track) {
      while (!open_ends_ps.empty() && open_ends_ps.back() <= slice->begin_ps) open_ends_ps.pop_back();
      const std::int64_t end_ps = slice->begin_ps + slice->duration_ps;
      if (!open_ends_ps.empty() && end_ps > open_ends_ps.back()) findings.push_back(slice->name + ": overlaps another slice");
      open_ends_ps.push_back(end_ps);
    }
  }
  for (const auto& [flow, ends] : flows) {
    if (ends.size() != 2 || ends[0]->phase != "s" || ends[1]->phase != "f") {
      findings.push_back("flow " + std::to_string(flow) + ": not one start, then one end");
    }
    for (const TraceEvent* end : ends) {
      if (!is_slice_at(slices, *end)) findings.push_back("flow " + std::to_string(flow) + ": no slice there");
    }
  }
  return findings;
}

}  // namespace crossloom
