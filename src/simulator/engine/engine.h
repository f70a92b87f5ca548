#pragma once

#include <cstdint>
#include <functional>

#include "simulator/engine/run_observer.h"
#include "simulator/engine/run_plan.h"
#include "simulator/engine/run_record.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Called now and then with the fraction of the work done, 0 to 1.
using ProgressCallback = std::function<void(double)>;

/// Runs a batch of images (1 to 2^20) through a planned program, event by event; rules: docs/model.md. All images wait at the
/// IO port from time 0. Cost grows with windows x images, not with simulated time. Throws UserError when line buffers with a
/// bound make the program stop with windows left (naming who waits for whom, and the smallest cure) and when time overflows.
/// `observer`, unless null, is told of every use of a resource.
[[nodiscard]] RunRecord run_engine(const ChipConfig& chip, const RunPlan& plan, std::int64_t batch,
                                   const ProgressCallback& progress = {}, RunObserver* observer = nullptr);

}  // namespace crossloom
