#include "simulator/hardware/chip_config.h"

#include <array>

namespace crossloom {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kInputEncodings = {"unsigned", "twos_complement", "sign_magnitude_two_pass"};
constexpr std::array<std::string_view, 3> kPolarities = {"offset", "differential_columns", "differential_arrays"};
constexpr std::array<std::string_view, 2> kPolaritySubtractions = {"analog", "digital"};
constexpr std::array<std::string_view, 2> kWeightRanges = {"symmetric", "twos_complement"};
constexpr std::array<std::string_view, 2> kSlicePlacements = {"columns", "arrays"};
constexpr std::array<std::string_view, 2> kAccumulations = {"home_tile", "tree"};
constexpr std::array<std::string_view, 2> kPhaseOverlaps = {"serial", "pipelined"};

}  // namespace

std::span<const std::string_view> enum_names(InputEncoding) { return kInputEncodings; }
std::span<const std::string_view> enum_names(Polarity) { return kPolarities; }
std::span<const std::string_view> enum_names(PolaritySubtraction) { return kPolaritySubtractions; }
std::span<const std::string_view> enum_names(WeightRange) { return kWeightRanges; }
std::span<const std::string_view> enum_names(SlicePlacement) { return kSlicePlacements; }
std::span<const std::string_view> enum_names(Accumulation) { return kAccumulations; }
std::span<const std::string_view> enum_names(PhaseOverlap) { return kPhaseOverlaps; }

}  // namespace crossloom
