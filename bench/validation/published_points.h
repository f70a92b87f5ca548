#pragma once

#include <string>
#include <vector>

namespace crossloom {

/// A figure of a paper beside the one the model gives for the preset of its chip.
struct PublishedPoint {
  std::string preset;
  std::string quantity;
  std::string unit;
  double published = 0.0;
  std::string standing;              ///< "re-read" in a paper or its code, or "recalled"
  double computed = 0.0;             ///< by the model from the preset
  double tolerance_fraction = 0.02;  ///< largest difference relative to the published figure
  std::string origin;                ///< what of the figure already went into the preset
};

/// computed / published.
[[nodiscard]] double ratio(const PublishedPoint& point);

/// All points, computed anew from the presets.
[[nodiscard]] std::vector<PublishedPoint> published_points();

/// The points as a CSV table: `case,quantity,unit,published,ours`, a row each.
[[nodiscard]] std::string published_points_csv();

/// docs/validation.md.
[[nodiscard]] std::string validation_markdown();

}  // namespace crossloom
