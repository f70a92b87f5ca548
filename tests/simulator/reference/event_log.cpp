#include "tests/simulator/reference/event_log.h"

#include <algorithm>
#include <utility>

namespace crossloom {

std::uint64_t hash_of(const EventLog& log) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const LoggedUse& use : log) {
    const std::string line = std::to_string(use.start_fs) + ' ' + use.resource + ' ' + use.step + ' ' +
                             std::to_string(use.source) + ' ' + std::to_string(use.operation) + ' ' +
                             std::to_string(use.number) + ' ' + std::to_string(use.hold_fs) + '\n';
    for (const char c : line) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

void EventLogger::begin(const RunPlan& plan, const Mesh& mesh) {
  tiles_ = plan.tiles;
  num_memory_ports_ = plan.num_memory_ports;
  crossbars_ = plan.crossbars;
  links_.reserve(static_cast<std::size_t>(mesh.num_links()));
  for (std::int64_t link = 0; link < mesh.num_links(); ++link) {
    links_.push_back(mesh.link_ends(link).from + " to " + mesh.link_ends(link).to);
  }
}

void EventLogger::taken(const ResourceTaken& use) {
  const std::string kind(kResourceKindNames.at(static_cast<std::size_t>(use.resource)));
  std::string resource = kind;
  switch (use.resource) {
    case ResourceKind::kIoIn:
    case ResourceKind::kIoOut:
    case ResourceKind::kDram:
      break;
    case ResourceKind::kGlobalBufferPort:
      resource = kind + ' ' + std::to_string(use.instance);
      break;
    case ResourceKind::kCrossbar:
      resource = kind + ' ' + std::to_string(crossbars_[use.instance]);
      break;
    case ResourceKind::kLink:
      resource = links_[use.instance];
      break;
    case ResourceKind::kMemoryPort:
      resource = "tile " + std::to_string(tiles_[use.instance / num_memory_ports_]) + ' ' +
                 memory_port_name(use.instance, num_memory_ports_);
      break;
    case ResourceKind::kBus:
    case ResourceKind::kVectorUnit:
    case ResourceKind::kPoolingUnit:
      resource = "tile " + std::to_string(tiles_[use.instance]) + ' ' + kind;
      break;
  }
  log_.push_back({.start_fs = use.start_fs,
                  .resource = std::move(resource),
                  .step = std::string(kWindowStepNames.at(static_cast<std::size_t>(use.step))),
                  .source = use.source,
                  .operation = use.chunk.operation,
                  .number = use.chunk.number,
                  .hold_fs = use.hold_fs});
}

void EventLogger::fetched(const ChunkId&) {}

EventLog EventLogger::log() const {
  EventLog sorted = log_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace crossloom
