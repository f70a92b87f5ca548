#include "simulator/trace/trace_recorder.h"

#include <fmt/format.h>

#include <vector>

#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMinBytes = 1'000'000;
/// No slice takes fewer bytes of text, so more of them than max_bytes / kMinSliceBytes never fit.
constexpr std::int64_t kMinSliceBytes = 100;

bool is_kept(const Trace& trace, const ResourceTaken& use) {
  return use.chunk.number % trace.window_step == 0 && use.start_fs < trace.end_fs &&
         use.start_fs + use.hold_fs > trace.begin_fs;
}

}  // namespace

TraceRecorder::TraceRecorder(const TraceOptions& options) : max_bytes_(options.max_bytes) {
  if (options.begin_fs < 0 || options.end_fs <= options.begin_fs) throw UserError("trace: its window ends before it begins");
  if (options.window_step < 1) throw UserError(fmt::format("trace: window step {}, allowed from 1", options.window_step));
  if (options.max_bytes < kMinBytes) {
    throw UserError(fmt::format("trace: at most {} bytes, allowed from {}", options.max_bytes, kMinBytes));
  }
  trace_.begin_fs = options.begin_fs;
  trace_.end_fs = options.end_fs;
  trace_.window_step = options.window_step;
}

void TraceRecorder::begin(const RunPlan& plan, const Mesh& mesh) {
  for (const OperationPlan& operation : plan.operations) {
    trace_.layers.push_back(operation.name);
    trace_.num_chunks.push_back(operation.num_chunks);
    for (std::int64_t copy = 0; copy < operation.num_copies; ++copy) trace_.copy_numbers.push_back(copy);
  }
  trace_.links.reserve(static_cast<std::size_t>(mesh.num_links()));
  for (std::int64_t link = 0; link < mesh.num_links(); ++link) trace_.links.push_back(mesh.link_ends(link));
  trace_.tiles = plan.tiles;
  trace_.num_memory_ports = plan.num_memory_ports;
  trace_.crossbars = plan.crossbars;
  trace_.tiles_of_crossbar.assign(plan.crossbars.size(), 0);
  for (const GroupPlan& group : plan.groups) {
    for (std::uint32_t block = group.first_block; block < group.first_block + group.num_blocks; ++block) {
      trace_.tiles_of_crossbar[plan.blocks[block].crossbar] = plan.tiles[group.tile];
    }
  }
}

void TraceRecorder::taken(const ResourceTaken& use) {
  trace_.busy.at(static_cast<std::size_t>(use.resource)).add(use.start_fs, use.hold_fs);
  is_last_kept_ = is_kept(trace_, use);
  if (!is_last_kept_) return;
  trace_.slices.push_back({.use = use});
  if (static_cast<std::int64_t>(trace_.slices.size()) > max_bytes_ / kMinSliceBytes) thin_out();
}

void TraceRecorder::fetched(const ChunkId& last_input) {
  if (is_last_kept_) trace_.slices.back().last_input = last_input;
}

void TraceRecorder::thin_out() {
  trace_.window_step *= 2;
  std::erase_if(trace_.slices, [this](const TraceSlice& slice) { return !is_kept(trace_, slice.use); });
  is_last_kept_ = false;
}

std::string TraceRecorder::json() {
  while (true) {
    std::string text = trace_json(trace_);
    if (static_cast<std::int64_t>(text.size()) <= max_bytes_) return text;
    const std::size_t num_slices = trace_.slices.size();
    thin_out();
    if (trace_.slices.size() < num_slices) continue;
    throw UserError(fmt::format("trace: {} bytes with one window of each operation, allowed are {}", text.size(), max_bytes_));
  }
}

}  // namespace crossloom
