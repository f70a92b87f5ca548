#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "accuracy/image_set.h"

namespace crossloom {

/// A tensor of bytes as MNIST's IDX files hold it: magic 0 0 8 n, then n extents of four bytes, most significant first, then
/// the values (LeCun, Cortes, Burges, "The MNIST database", 1998).
struct IdxBytes {
  std::vector<std::int64_t> extents;
  std::vector<std::uint8_t> values;
  friend bool operator==(const IdxBytes&, const IdxBytes&) = default;
};

/// Throws UserError naming source and offset: another magic, another element type than unsigned bytes, fewer or more bytes than
/// the extents say.
[[nodiscard]] IdxBytes parse_idx(std::string_view bytes, const std::string& source_name);

/// The bytes inside a gzip file (RFC 1952), or `bytes` itself when they do not begin like one. Throws UserError: damaged,
/// truncated, or more than 1 GiB inside.
[[nodiscard]] std::string gunzipped(std::string_view bytes, const std::string& source_name);

/// Reads train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte of a folder, each
/// plain or with .gz: MNIST, Fashion-MNIST and others of their layout. Images have one channel; classes are counted from the
/// training labels. Throws UserError: a file missing, numbers of images and labels that differ, a test label that no training
/// image has, training and test images of different sizes.
[[nodiscard]] ImageData load_idx(const std::string& folder);

}  // namespace crossloom
