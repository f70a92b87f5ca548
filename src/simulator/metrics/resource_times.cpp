#include "simulator/metrics/resource_times.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "simulator/engine/mesh.h"
#include "simulator/metrics/metrics_fields.h"
#include "support/csv.h"
#include "support/json.h"

namespace crossloom {

namespace {

/// Operation with the most work on each crossbar, for its name.
std::vector<std::uint32_t> heaviest_operations(const RunPlan& plan) {
  std::vector<TimeFs> most_fs(plan.crossbars.size(), -1);
  std::vector<std::uint32_t> heaviest(plan.crossbars.size());
  for (const GroupPlan& group : plan.groups) {
    for (std::uint32_t b = group.first_block; b < group.first_block + group.num_blocks; ++b) {
      const BlockPlan& block = plan.blocks[b];
      const TimeFs work_fs = plan.copies[group.copy].num_windows * block.timing.occupancy_fs;
      if (work_fs <= most_fs[block.crossbar]) continue;
      most_fs[block.crossbar] = work_fs;
      heaviest[block.crossbar] = group.operation;
    }
  }
  return heaviest;
}

class ResourceCollector {
 public:
  ResourceCollector(const PlacedProgram& program, const RunPlan& plan, const RunRecord& record)
      : program_(program),
        plan_(plan),
        record_(record),
        makespan_fs_(*std::max_element(record.image_end_fs.begin(), record.image_end_fs.end())) {}

  std::vector<ResourceClass> run() {
    const Timelines& timelines = record_.timelines;
    add("crossbar", crossbars(), timelines.crossbar);
    add("ADC", converters(), timelines.adc);
    add("memory port", ports(), timelines.port);
    add("bus", parts("bus", &TileRecord::bus), timelines.bus);
    add("vector unit", parts("vector unit", &TileRecord::vector_unit), timelines.vector_unit);
    add("pooling unit", parts("pooling unit", &TileRecord::pooling_unit), timelines.pooling_unit);
    add("NoC link", links(), timelines.link);
    add("IO port (input)", {{"IO port (input)", input_shares()}}, timelines.io_in);
    add("IO port (output)", {{"IO port (output)", paired_shares(record_.io_out)}}, timelines.io_out);
    add("global buffer port", global_buffer_ports(), timelines.global_buffer);
    add("DRAM", {{"DRAM", paired_shares(record_.dram)}}, timelines.dram);
    return std::move(classes_);
  }

 private:
  void add(const char* kind, std::vector<ResourceTimes> instances, const BusyTimeline& timeline) {
    std::erase_if(instances, [](const ResourceTimes& instance) { return instance.shares.busy == 0; });
    if (instances.empty()) return;
    classes_.push_back({.kind = kind, .instances = std::move(instances), .timeline = &timeline});
  }

  [[nodiscard]] std::vector<ResourceTimes> crossbars() const {
    std::vector<ServerRecord> servers = record_.shared_crossbars;
    for (std::size_t block = 0; block < plan_.blocks.size(); ++block) {
      ServerRecord& server = servers[plan_.blocks[block].crossbar];
      if (server.begin_fs < 0) server = record_.blocks[block];
    }
    const std::vector<std::uint32_t> heaviest = heaviest_operations(plan_);
    std::vector<ResourceTimes> crossbars;
    crossbars.reserve(servers.size());
    for (std::size_t i = 0; i < servers.size(); ++i) {
      crossbars.push_back(
          {"crossbar " + std::to_string(plan_.crossbars[i]) + " (mostly " + program_.operations[heaviest[i]].name + ")",
           servers[i].shares});
      crossbars.back().shares.idle += servers[i].begin_fs + makespan_fs_ - servers[i].free_fs;
    }
    return crossbars;
  }

  [[nodiscard]] std::vector<ResourceTimes> converters() const {
    std::vector<TimeFs> busy_fs(plan_.crossbars.size());
    const auto batch = static_cast<std::int64_t>(record_.image_end_fs.size());
    for (const GroupPlan& group : plan_.groups) {
      for (std::uint32_t b = group.first_block; b < group.first_block + group.num_blocks; ++b) {
        busy_fs[plan_.blocks[b].crossbar] +=
            batch * plan_.copies[group.copy].num_windows * plan_.blocks[b].timing.conversion_fs;
      }
    }
    std::vector<ResourceTimes> converters = crossbars();
    for (std::size_t i = 0; i < converters.size(); ++i) {
      converters[i].name = "ADCs of " + converters[i].name;
      converters[i].shares.array = converters[i].shares.busy - busy_fs[i];
      converters[i].shares.busy = busy_fs[i];
    }
    return converters;
  }

  [[nodiscard]] std::vector<ResourceTimes> ports() const {
    std::vector<ResourceTimes> ports;
    for (std::uint32_t i = 0; i < record_.ports.size(); ++i) {
      const std::string tile = std::to_string(plan_.tiles[i / plan_.num_memory_ports]);
      ports.push_back({"tile " + tile + ' ' + memory_port_name(i, plan_.num_memory_ports), shares(record_.ports[i])});
    }
    return ports;
  }

  [[nodiscard]] std::vector<ResourceTimes> parts(const char* kind, ResourceUse TileRecord::*part) const {
    std::vector<ResourceTimes> parts;
    for (std::size_t i = 0; i < record_.tiles.size(); ++i) {
      const ResourceUse& use = record_.tiles[i].*part;
      if (use.busy_fs > 0) parts.push_back({"tile " + std::to_string(plan_.tiles[i]) + ' ' + kind, shares(use)});
    }
    return parts;
  }

  [[nodiscard]] std::vector<ResourceTimes> links() const {
    const Mesh mesh(program_.chip);
    std::vector<ResourceTimes> links;
    links.reserve(record_.links.size());
    for (const LinkTimes& link : record_.links) {
      links.push_back({mesh.link_name(link.link), {.busy = link.busy_fs, .idle = link.idle_fs + makespan_fs_ - link.free_fs}});
    }
    return links;
  }

  [[nodiscard]] std::vector<ResourceTimes> global_buffer_ports() const {
    std::vector<ResourceTimes> ports;
    const std::uint32_t num_ports = plan_.global_buffer.num_ports;
    for (std::uint32_t i = 0; i < num_ports; ++i) {
      ports.push_back({global_buffer_port_name(i, num_ports), shares(record_.global_buffer_ports[i])});
    }
    return ports;
  }

  /// One row of an image follows another as soon as the DRAM and room for it allow. It is the only input.
  [[nodiscard]] TimeShares<TimeFs> input_shares() const {
    TimeShares<TimeFs> shares = record_.digital_groups.front().shares;
    shares.idle += makespan_fs_ - record_.io_in.free_fs;
    return shares;
  }

  /// Of the IO port's output and the DRAM, which may have to wait for each other.
  [[nodiscard]] TimeShares<TimeFs> paired_shares(const ResourceUse& use) const {
    return {.busy = use.busy_fs, .contention = use.blocked_fs, .idle = use.idle_fs + makespan_fs_ - use.free_fs};
  }

  [[nodiscard]] TimeShares<TimeFs> shares(const ResourceUse& use) const {
    return {.busy = use.busy_fs, .buffer_and_bus = use.blocked_fs, .idle = use.idle_fs + makespan_fs_ - use.free_fs};
  }

  const PlacedProgram& program_;
  const RunPlan& plan_;
  const RunRecord& record_;
  TimeFs makespan_fs_;
  std::vector<ResourceClass> classes_;
};

}  // namespace

std::vector<ResourceClass> resource_times(const PlacedProgram& program, const RunPlan& plan, const RunRecord& record) {
  return ResourceCollector(program, plan, record).run();
}

std::string resource_times_csv(const std::vector<ResourceClass>& classes) {
  std::string csv = "kind,instance";
  const TimeShares<double> names;
  visit_fields(names, [&csv](const Field& field, double) { csv.append(",").append(field.name).append("_ns"); });
  csv += ",total_ns\n";
  const auto append_ns = [&csv](TimeFs time_fs) { csv.append(",").append(Json(fs_to_ns(time_fs)).dump(-1)); };
  for (const ResourceClass& kind : classes) {
    for (const ResourceTimes& instance : kind.instances) {
      csv.append(csv_field(kind.kind)).append(",").append(csv_field(instance.name));
      TimeFs total_fs = 0;
      for (const auto share : kTimeShares<TimeFs>) {
        append_ns(instance.shares.*share);
        total_fs += instance.shares.*share;
      }
      append_ns(total_fs);
      csv += '\n';
    }
  }
  return csv;
}

const ResourceTimes& busiest(const std::vector<ResourceTimes>& instances) {
  return *std::ranges::max_element(instances, {}, [](const ResourceTimes& instance) { return instance.shares.busy; });
}

std::vector<TimeShares<TimeSumFs>> operation_times(const RunPlan& plan, const RunRecord& record) {
  std::vector<TimeShares<TimeSumFs>> sums(plan.operations.size());
  const auto add = [&](std::uint32_t operation, const ServerRecord& server) {
    add_shares(sums[operation], server.shares);
    const OperationRecord& seen = record.operations[operation];
    sums[operation].idle += seen.end_fs - (server.begin_fs < 0 ? seen.start_fs : server.free_fs);
  };
  for (std::size_t index = 0; index < plan.groups.size(); ++index) {
    const GroupPlan& group = plan.groups[index];
    if (group.num_blocks == 0) add(group.operation, record.digital_groups[index]);
    for (std::uint32_t b = group.first_block; b < group.first_block + group.num_blocks; ++b) {
      add(group.operation, record.blocks[b]);
    }
  }
  return sums;
}

}  // namespace crossloom
