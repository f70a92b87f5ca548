#pragma once

namespace crossloom {

/// How much a view shows: what fits a screen, or everything there is.
enum class Detail { kShort, kFull };

/// Lines of a list that a short view shows.
inline constexpr int kShortListLines = 5;

}  // namespace crossloom
