#include "compiler/import/onnx/tensor_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/random_stream.h"

namespace crossloom {
namespace {

std::int64_t below(RandomStream& random, std::int64_t bound) {
  return static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(bound)));
}

/// Positions of the view's values in the layer's output, in the view's order.
std::vector<std::int64_t> positions(const TensorView& view) {
  std::vector<std::int64_t> result{view.offset};
  for (std::size_t axis = 0; axis < view.dims.size(); ++axis) {
    std::vector<std::int64_t> finer;
    for (const std::int64_t start : result)
      for (std::int64_t i = 0; i < view.dims[axis]; ++i)
        finer.push_back(start + i * (view.dims[axis] == 1 ? 0 : view.strides[axis]));
    result = std::move(finer);
  }
  return result;
}

std::vector<std::int64_t> positions(const std::vector<StridedRun>& runs, std::int64_t offset) {
  TensorView view{.offset = offset};
  for (const StridedRun& run : runs) {
    view.dims.push_back(run.extent);
    view.strides.push_back(run.stride);
  }
  return positions(view);
}

/// A tensor with its numbers, changed by plain index arithmetic.
struct PlainTensor {
  std::vector<std::int64_t> dims;
  std::vector<std::int64_t> values;

  [[nodiscard]] std::int64_t at(const std::vector<std::int64_t>& index) const {
    std::int64_t place = 0;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) place = place * dims[axis] + index[axis];
    return values[static_cast<std::size_t>(place)];
  }

  /// Tensor of extents `to` whose value at each index is this one's at `source(index)`.
  template <class Source>
  [[nodiscard]] PlainTensor mapped(std::vector<std::int64_t> to, Source&& source) const {
    PlainTensor result{.dims = std::move(to), .values = {}};
    std::vector<std::int64_t> index(result.dims.size(), 0);
    for (std::int64_t i = 0; i < product(result.dims); ++i) {
      std::int64_t rest = i;
      for (std::size_t axis = result.dims.size(); axis-- > 0; rest /= result.dims[axis]) index[axis] = rest % result.dims[axis];
      result.values.push_back(at(source(index)));
    }
    return result;
  }
};

/// Extents of a random split of `count` into `rank` factors.
std::vector<std::int64_t> random_factors(RandomStream& random, std::int64_t count, std::size_t rank) {
  std::vector<std::int64_t> dims(rank, 1);
  for (std::int64_t factor = 2; count > 1;) {
    if (count % factor == 0) {
      dims[static_cast<std::size_t>(below(random, static_cast<std::int64_t>(rank)))] *= factor;
      count /= factor;
    } else {
      ++factor;
    }
  }
  return dims;
}

TEST(TensorView, ChainsOfLooksShowWhatCopiesWould) {
  RandomStream random(1, RandomKey{});
  std::int64_t num_reshaped = 0;
  std::int64_t num_without_strides = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    PlainTensor plain{.dims = {1 + below(random, 2), 1 + below(random, 6), 1 + below(random, 4), 1 + below(random, 5)},
                      .values = {}};
    plain.values.resize(static_cast<std::size_t>(product(plain.dims)));
    std::iota(plain.values.begin(), plain.values.end(), std::int64_t{0});
    TensorView view = whole_view(0, plain.dims);
    for (int step = 0; step < 4; ++step) {
      const std::size_t rank = plain.dims.size();
      switch (below(random, 3)) {
        case 0: {
          std::vector<std::int64_t> order(rank);
          std::iota(order.begin(), order.end(), std::int64_t{0});
          for (std::size_t i = rank; i-- > 1;)
            std::swap(order[i], order[static_cast<std::size_t>(below(random, static_cast<std::int64_t>(i) + 1))]);
          std::vector<std::int64_t> dims;
          for (const std::int64_t axis : order) dims.push_back(plain.dims[static_cast<std::size_t>(axis)]);
          plain = plain.mapped(dims, [&](const std::vector<std::int64_t>& index) {
            std::vector<std::int64_t> from(rank);
            for (std::size_t i = 0; i < rank; ++i) from[static_cast<std::size_t>(order[i])] = index[i];
            return from;
          });
          view = transposed(view, order);
          break;
        }
        case 1: {
          const auto axis = static_cast<std::size_t>(below(random, static_cast<std::int64_t>(rank)));
          const std::int64_t stride = 1 + below(random, 2);
          const std::int64_t first = below(random, plain.dims[axis]);
          const std::int64_t count = 1 + below(random, (plain.dims[axis] - 1 - first) / stride + 1);
          std::vector<std::int64_t> dims = plain.dims;
          dims[axis] = count;
          plain = plain.mapped(dims, [&](std::vector<std::int64_t> index) {
            index[axis] = first + index[axis] * stride;
            return index;
          });
          view = sliced(view, axis, first, count, stride);
          break;
        }
        default: {
          const std::vector<std::int64_t> dims =
              random_factors(random, product(plain.dims), 1 + static_cast<std::size_t>(below(random, 4)));
          const std::optional<TensorView> other = reshaped(view, dims);
          ++(other ? num_reshaped : num_without_strides);
          if (!other) break;
          view = *other;
          plain.dims = dims;
        }
      }
      ASSERT_EQ(view.dims, plain.dims);
      ASSERT_EQ(positions(view), plain.values) << "trial " << trial;
      ASSERT_EQ(positions(joined_runs(view), view.offset), plain.values);
      ASSERT_EQ(is_in_order(view), std::ranges::adjacent_find(plain.values, [](std::int64_t a, std::int64_t b) {
                                     return b != a + 1;
                                   }) == plain.values.end());
    }
  }
  EXPECT_GT(num_reshaped, 1000);
  EXPECT_GT(num_without_strides, 100);
}

TEST(TensorView, ReshapeIsRefusedOnlyWhereNoStridesGiveTheOrder) {
  // A transposed 2x3 has the positions 0 3 1 4 2 5: three pairs, but no two triples, at even strides.
  const TensorView turned = transposed(whole_view(0, {2, 3}), std::vector<std::int64_t>{1, 0});
  EXPECT_TRUE(reshaped(turned, {1, 3, 1, 2}).has_value());
  EXPECT_FALSE(reshaped(turned, {2, 3}).has_value());
  EXPECT_FALSE(reshaped(turned, {6}).has_value());
}

TEST(TensorView, ShuffleGroupsAreThoseOfTheTransposedHalves) {
  for (std::int64_t groups = 1; groups <= 12; ++groups) {
    if (12 % groups != 0) continue;
    const TensorView halves = *reshaped(whole_view(0, {1, 12, 2, 3}), {1, groups, 12 / groups, 2, 3});
    const TensorView shuffled = transposed(halves, std::vector<std::int64_t>{0, 2, 1, 3, 4});
    const std::optional<std::int64_t> found = shuffle_groups(shuffled, TensorShape{12, 2, 3});
    // One group, or as many as there are channels, is the order as it was.
    EXPECT_EQ(found.value_or(1), groups == 12 ? 1 : groups);
  }
}

TEST(TensorView, PixelsWithTheirChannelsTogetherAreChannelsLast) {
  const TensorShape image{3, 4, 5};
  const TensorView first = whole_view(0, {1, 3, 4, 5});
  const TensorView last = with_channels_last(first);
  EXPECT_TRUE(is_channels_last(last, image));
  EXPECT_FALSE(is_channels_last(first, image));
  EXPECT_EQ(positions(with_channels_second(last)), positions(first));
}

}  // namespace
}  // namespace crossloom
