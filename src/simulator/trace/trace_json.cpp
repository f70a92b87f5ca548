#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "simulator/trace/trace.h"
#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

constexpr std::int64_t kIoProcess = 1;
constexpr std::int64_t kCounterProcess = 2;
constexpr std::int64_t kMeshProcess = 3;
constexpr std::int64_t kFirstTileProcess = 4;
/// Threads of a tile are its ResourceKind, memory ports behind the first one, and crossbars; those of the mesh are its links.
constexpr std::int64_t kFirstPortThread = 8;
constexpr std::int64_t kFirstCrossbarThread = 16;
/// Behind those of the IO port and the DRAM.
constexpr std::int64_t kFirstGlobalBufferThread = 16;
constexpr TimeFs kFsPerPs = 1000;

struct Track {
  std::int64_t process = 0;
  std::int64_t thread = 0;
  friend bool operator<(const Track& a, const Track& b) {
    return std::tie(a.process, a.thread) < std::tie(b.process, b.thread);
  }
};

Track track_of(const Trace& trace, const ResourceTaken& use) {
  switch (use.resource) {
    case ResourceKind::kIoIn:
    case ResourceKind::kIoOut:
    case ResourceKind::kDram:
      return {.process = kIoProcess, .thread = static_cast<std::int64_t>(use.resource)};
    case ResourceKind::kGlobalBufferPort:
      return {.process = kIoProcess, .thread = kFirstGlobalBufferThread + use.instance};
    case ResourceKind::kLink:
      return {.process = kMeshProcess, .thread = use.instance};
    case ResourceKind::kCrossbar:
      return {.process = kFirstTileProcess + trace.tiles_of_crossbar[use.instance],
              .thread = kFirstCrossbarThread + trace.crossbars[use.instance]};
    case ResourceKind::kMemoryPort: {
      const std::int64_t port = use.instance % trace.num_memory_ports;
      return {.process = kFirstTileProcess + trace.tiles[use.instance / trace.num_memory_ports],
              .thread = port == 0 ? static_cast<std::int64_t>(use.resource) : kFirstPortThread + port};
    }
    case ResourceKind::kBus:
    case ResourceKind::kVectorUnit:
    case ResourceKind::kPoolingUnit:
      return {.process = kFirstTileProcess + trace.tiles[use.instance], .thread = static_cast<std::int64_t>(use.resource)};
  }
  throw InternalError("trace: unknown kind of resource");
}

std::string process_name(std::int64_t process) {
  if (process == kIoProcess) return "IO port";
  return process == kMeshProcess ? "mesh" : fmt::format("tile {}", process - kFirstTileProcess);
}

std::string thread_name(const Trace& trace, const Track& track) {
  if (track.process == kMeshProcess) {
    const LinkEnds& ends = trace.links[static_cast<std::size_t>(track.thread)];
    return fmt::format("{} to {}", ends.from, ends.to);
  }
  if (track.process == kIoProcess && track.thread >= kFirstGlobalBufferThread) {
    return fmt::format("global buffer port {}", track.thread - kFirstGlobalBufferThread);
  }
  if (track.process == kIoProcess) return std::string(kResourceKindNames.at(static_cast<std::size_t>(track.thread)));
  if (track.thread >= kFirstPortThread && track.thread < kFirstCrossbarThread) {
    return fmt::format("{} {}", kResourceKindNames.at(static_cast<std::size_t>(ResourceKind::kMemoryPort)),
                       track.thread - kFirstPortThread);
  }
  return track.thread < kFirstCrossbarThread ? std::string(kResourceKindNames.at(static_cast<std::size_t>(track.thread)))
                                             : fmt::format("crossbar {}", track.thread - kFirstCrossbarThread);
}

std::string picoseconds_as_us(std::int64_t ps) {
  std::string text = fmt::format("{}.{:06}", ps / 1'000'000, ps % 1'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string us_text(TimeFs fs) { return picoseconds_as_us(fs / kFsPerPs); }

/// Events with the times to sort them by; those of one time keep their order.
using TimedEvents = std::vector<std::pair<TimeFs, std::string>>;

void add_slices(TimedEvents& events, const Trace& trace) {
  std::vector<std::string> names;
  names.reserve(trace.layers.size());
  for (const std::string& layer : trace.layers) names.push_back(Json(layer).dump());
  for (const TraceSlice& slice : trace.slices) {
    const ResourceTaken& use = slice.use;
    const Track track = track_of(trace, use);
    // Begin and end are truncated alike, so that slices in a row never overlap.
    const std::int64_t duration_ps = (use.start_fs + use.hold_fs) / kFsPerPs - use.start_fs / kFsPerPs;
    const std::int64_t chunks = trace.num_chunks[use.chunk.operation];
    events.emplace_back(use.start_fs,
                        fmt::format(R"({{"ph":"X","name":{},"cat":"{}","pid":{},"tid":{},"ts":{},"dur":{},)"
                                    R"("args":{{"image":{},"window":{},"copy":{}}}}})",
                                    names[use.chunk.operation], kWindowStepNames.at(static_cast<std::size_t>(use.step)),
                                    track.process, track.thread, us_text(use.start_fs), picoseconds_as_us(duration_ps),
                                    use.chunk.number / chunks, use.chunk.number % chunks, trace.copy_numbers[use.copy]));
  }
}

/// Where chunks came into being: a row at the IO port, a pixel on the bus of its write-back.
std::map<ChunkId, const ResourceTaken*> makers(const Trace& trace) {
  std::map<ChunkId, const ResourceTaken*> made;
  for (const TraceSlice& slice : trace.slices) {
    const bool is_pixel = slice.use.step == WindowStep::kWriteBack && slice.use.resource == ResourceKind::kBus;
    const bool is_row = slice.use.step == WindowStep::kImageRow && slice.use.resource == ResourceKind::kIoIn;
    if (is_pixel || is_row) made.emplace(slice.use.chunk, &slice.use);
  }
  return made;
}

void add_flows(TimedEvents& events, const Trace& trace) {
  const std::map<ChunkId, const ResourceTaken*> made = makers(trace);
  std::int64_t flow = 0;
  const auto add = [&](std::string_view phase, const ResourceTaken& use) {
    const Track track = track_of(trace, use);
    events.emplace_back(use.start_fs, fmt::format(R"({{"ph":{},"id":{},"name":"data","cat":"data","pid":{},"tid":{},"ts":{}}})",
                                                  phase, flow, track.process, track.thread, us_text(use.start_fs)));
  };
  for (const TraceSlice& slice : trace.slices) {
    if (slice.last_input.number < 0) continue;
    const auto maker = made.find(slice.last_input);
    if (maker == made.end()) continue;
    ++flow;
    add(R"("s")", *maker->second);
    add(R"("f","bp":"e")", slice.use);
  }
}

/// Mean number of busy instances in each span, and none after the last.
void add_counters(TimedEvents& events, const Trace& trace) {
  for (std::size_t kind = 0; kind < trace.busy.size(); ++kind) {
    const BusyTimeline& busy = trace.busy.at(kind);
    std::size_t num_spans = busy.bins().size();
    while (num_spans > 0 && busy.bins().at(num_spans - 1) == 0) --num_spans;
    if (num_spans == 0) continue;
    for (std::size_t span = 0; span <= num_spans; ++span) {
      const TimeFs time_fs = static_cast<TimeFs>(span) * busy.bin_fs();
      if (time_fs + busy.bin_fs() <= trace.begin_fs || time_fs >= trace.end_fs) continue;
      const double busy_fs = span == num_spans ? 0.0 : static_cast<double>(busy.bins().at(span));
      events.emplace_back(
          time_fs, fmt::format(R"({{"ph":"C","name":"busy: {}","pid":{},"tid":0,"ts":{},"args":{{"instances":{:.4g}}}}})",
                               kResourceKindNames.at(kind), kCounterProcess, us_text(time_fs),
                               busy_fs / static_cast<double>(busy.bin_fs())));
    }
  }
}

std::string name_event(std::string_view what, const Track& track, std::string_view name) {
  return fmt::format(R"({{"ph":"M","name":"{}","pid":{},"tid":{},"args":{{"name":"{}"}}}})", what, track.process, track.thread,
                     name);
}

/// Names of processes and threads that have slices.
std::string name_events(const Trace& trace) {
  std::set<Track> tracks;
  for (const TraceSlice& slice : trace.slices) tracks.insert(track_of(trace, slice.use));
  std::string text = name_event("process_name", {.process = kCounterProcess}, "busy instances");
  std::int64_t process = 0;
  for (const Track& track : tracks) {
    if (track.process != process) text += ",\n" + name_event("process_name", track, process_name(track.process));
    process = track.process;
    text += ",\n" + name_event("thread_name", track, thread_name(trace, track));
  }
  return text;
}

}  // namespace

std::string trace_json(const Trace& trace) {
  TimedEvents events;
  add_slices(events, trace);
  add_flows(events, trace);
  add_counters(events, trace);
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text = fmt::format("{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"window_step\":{}}},\"traceEvents\":[\n{}",
                                 trace.window_step, name_events(trace));
  for (const auto& [time_fs, event] : events) {
    text += ",\n";
    text += event;
  }
  return text + "\n]}\n";
}

}  // namespace crossloom
