#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace crossloom {

/// Layers that each take `turns[k]` turns an input, one after another for an input, the inputs one behind the other. Pairs in
/// `exclusions` share a crossbar: they never work at the same time, and whoever asked first goes first. A layer serves one
/// input at a time; the first layer waits for that of the input before. This is RNC's evaluator (rnc_evaluator.h) without its
/// crossbars, which it needs only for these pairs as a layer asks for all of them at once: the queues of any two crossbars then
/// have their common layers in one order. Returns the turns until the last input is done. O(inputs x (layers log layers +
/// pairs)).
[[nodiscard]] std::int64_t exclusive_pipeline_turns(std::span<const std::int64_t> turns,
                                                    std::span<const std::pair<std::size_t, std::size_t>> exclusions,
                                                    std::int64_t num_inputs);

}  // namespace crossloom
