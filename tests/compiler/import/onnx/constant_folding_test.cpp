#include "compiler/import/onnx/constant_folding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "support/random_stream.h"
#include "tests/compiler/import/onnx/model_builder.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

StoredTensor integers(std::vector<std::int64_t> dims, std::vector<std::int64_t> numbers) {
  return {.dims = std::move(dims), .type = ElementType::kInt64, .integers = std::move(numbers)};
}
StoredTensor list(std::vector<std::int64_t> numbers) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  return integers({count}, std::move(numbers));
}
StoredTensor reals(std::vector<std::int64_t> dims, std::vector<double> numbers) {
  return {.dims = std::move(dims), .type = ElementType::kFloat32, .reals = std::move(numbers)};
}

std::optional<StoredTensor> folded(const std::string& op_type, const std::vector<StoredTensor>& inputs,
                                   std::vector<OnnxAttribute> attributes = {}) {
  const OnnxNode node{
      .name = "n", .op_type = op_type, .domain = {}, .inputs = {}, .outputs = {}, .attributes = std::move(attributes)};
  std::vector<const StoredTensor*> pointers;
  for (const StoredTensor& input : inputs) pointers.push_back(&input);
  return fold_constants(node, pointers);
}

std::int64_t below(RandomStream& random, std::int64_t bound) {
  return static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(bound)));
}

StoredTensor random_tensor(RandomStream& random, std::size_t rank) {
  std::vector<std::int64_t> dims;
  std::int64_t count = 1;
  for (std::size_t axis = 0; axis < rank; ++axis) count *= dims.emplace_back(1 + below(random, 4));
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), std::int64_t{100});
  return integers(dims, numbers);
}

/// Every index of the extents, the last axis fastest.
std::vector<std::vector<std::int64_t>> indices_of(const std::vector<std::int64_t>& dims) {
  std::vector<std::vector<std::int64_t>> result{{}};
  for (const std::int64_t extent : dims) {
    std::vector<std::vector<std::int64_t>> longer;
    for (const std::vector<std::int64_t>& start : result) {
      for (std::int64_t i = 0; i < extent; ++i) {
        longer.push_back(start);
        longer.back().push_back(i);
      }
    }
    result = std::move(longer);
  }
  return result;
}

std::int64_t number_at(const StoredTensor& tensor, const std::vector<std::int64_t>& index) {
  std::int64_t place = 0;
  for (std::size_t axis = 0; axis < index.size(); ++axis) place = place * tensor.dims[axis] + index[axis];
  return tensor.integers[static_cast<std::size_t>(place)];
}

TEST(FoldConstants, GatherTakesTheNumbersAtItsIndices) {
  RandomStream random(1, RandomKey{});
  for (int trial = 0; trial < 300; ++trial) {
    const StoredTensor from = random_tensor(random, 1 + static_cast<std::size_t>(below(random, 3)));
    const auto rank = static_cast<std::int64_t>(from.dims.size());
    const std::int64_t axis = below(random, 2 * rank) - rank;
    const auto place = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    StoredTensor at = random_tensor(random, static_cast<std::size_t>(below(random, 3)));
    for (std::int64_t& number : at.integers) number = below(random, 2 * from.dims[place]) - from.dims[place];
    const auto result = folded("Gather", {from, at}, {integer_attribute("axis", axis)});
    ASSERT_TRUE(result.has_value());
    std::vector<std::int64_t> dims(from.dims.begin(), from.dims.begin() + static_cast<std::ptrdiff_t>(place));
    dims.insert(dims.end(), at.dims.begin(), at.dims.end());
    dims.insert(dims.end(), from.dims.begin() + static_cast<std::ptrdiff_t>(place) + 1, from.dims.end());
    ASSERT_EQ(result->dims, dims);
    for (const std::vector<std::int64_t>& index : indices_of(dims)) {
      const auto first = index.begin() + static_cast<std::ptrdiff_t>(place);
      const auto last = first + static_cast<std::ptrdiff_t>(at.dims.size());
      const std::int64_t taken = number_at(at, std::vector<std::int64_t>(first, last));
      std::vector<std::int64_t> source(index.begin(), first);
      source.push_back(taken < 0 ? taken + from.dims[place] : taken);
      source.insert(source.end(), last, index.end());
      ASSERT_EQ(number_at(*result, index), number_at(from, source)) << "trial " << trial;
    }
  }
}

TEST(FoldConstants, TransposeMovesEveryNumber) {
  RandomStream random(2, RandomKey{});
  for (int trial = 0; trial < 100; ++trial) {
    const StoredTensor from = random_tensor(random, 3);
    std::vector<std::int64_t> order{0, 1, 2};
    for (std::int64_t i = below(random, 6); i > 0; --i) std::next_permutation(order.begin(), order.end());
    const auto result = folded("Transpose", {from}, {integers_attribute("perm", order)});
    ASSERT_TRUE(result.has_value());
    for (const std::vector<std::int64_t>& index : indices_of(result->dims)) {
      std::vector<std::int64_t> source(3);
      for (std::size_t axis = 0; axis < 3; ++axis) source[static_cast<std::size_t>(order[axis])] = index[axis];
      ASSERT_EQ(number_at(*result, index), number_at(from, source));
    }
  }
}

/// The Slice of the ONNX operator's text along one axis: start and end count from the back when negative and are clamped, to
/// [0, n] going forwards, to [0, n - 1] and [-1, n - 1] going backwards.
std::vector<std::int64_t> sliced_list(const std::vector<std::int64_t>& numbers, std::int64_t start, std::int64_t end,
                                      std::int64_t step) {
  const auto size = static_cast<std::int64_t>(numbers.size());
  std::vector<std::int64_t> result;
  start = start < 0 ? start + size : start;
  end = end < 0 ? end + size : end;
  start = std::clamp<std::int64_t>(start, 0, step > 0 ? size : size - 1);
  end = step > 0 ? std::clamp<std::int64_t>(end, 0, size) : std::clamp<std::int64_t>(end, -1, size - 1);
  for (std::int64_t i = start; step > 0 ? i < end : i > end; i += step) result.push_back(numbers[static_cast<std::size_t>(i)]);
  return result;
}

TEST(FoldConstants, SliceOfAListFollowsTheOperator) {
  const std::vector<std::int64_t> numbers{10, 11, 12, 13, 14};
  for (std::int64_t start = -7; start <= 7; ++start) {
    for (std::int64_t end = -7; end <= 7; ++end) {
      for (const std::int64_t step : {-7, -3, -2, -1, 1, 2, 3, 7}) {
        const auto result = folded("Slice", {list(numbers), list({start}), list({end}), list({0}), list({step})});
        ASSERT_TRUE(result.has_value());
        EXPECT_EQ(result->integers, sliced_list(numbers, start, end, step)) << start << ' ' << end << ' ' << step;
      }
    }
  }
}

TEST(FoldConstants, SliceWithExtremeBoundsTakesAll) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  const StoredTensor from = list({1, 2, 3});
  EXPECT_EQ(folded("Slice", {from, list({kMin}), list({kMax})})->integers, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(folded("Slice", {from, list({kMax}), list({kMin}), list({0}), list({-1})})->integers,
            (std::vector<std::int64_t>{3, 2, 1}));
  EXPECT_EQ(folded("Slice", {from, list({0}), list({kMax}), list({0}), list({kMax})})->integers, std::vector<std::int64_t>{1});
  EXPECT_EQ(folded("Slice", {from, list({-1}), list({kMin}), list({0}), list({kMin})})->integers, std::vector<std::int64_t>{3});
}

TEST(FoldConstants, SliceOfTwoAxesAtOnce) {
  const auto result =
      folded("Slice", {integers({2, 3}, {1, 2, 3, 4, 5, 6}), list({0, 1}), list({2, 3}), list({1, 0}), list({2, 1})});
  EXPECT_EQ(result->dims, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(result->integers, std::vector<std::int64_t>{4});
}

TEST(FoldConstants, ConcatAlongAnyAxis) {
  const StoredTensor a = integers({2, 1}, {1, 2});
  const StoredTensor b = integers({2, 2}, {3, 4, 5, 6});
  EXPECT_EQ(folded("Concat", {a, b}, {integer_attribute("axis", -1)})->integers, (std::vector<std::int64_t>{1, 3, 4, 2, 5, 6}));
  EXPECT_FALSE(folded("Concat", {a, b}, {integer_attribute("axis", 0)}).has_value());
}

TEST(FoldConstants, IntegerDivisionRoundsTowardsZero) {
  for (const std::int64_t a : {-7, -6, 0, 6, 7}) {
    for (const std::int64_t b : {-3, 2, 3})
      EXPECT_EQ(folded("Div", {list({a}), list({b})})->integers.at(0), a / b) << a << '/' << b;
  }
}

TEST(FoldConstants, ArithmeticBroadcastsOneNumber) {
  const StoredTensor numbers = list({5, 6, 7});
  EXPECT_EQ(folded("Sub", {numbers, list({5})})->integers, (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(folded("Sub", {integers({}, {5}), numbers})->integers, (std::vector<std::int64_t>{0, -1, -2}));
  EXPECT_EQ(folded("Mul", {numbers, reals({}, {0.5})})->reals, (std::vector<double>{2.5, 3.0, 3.5}));
}

TEST(FoldConstants, ArithmeticHasTheRankOfTheHigherOperand) {
  EXPECT_EQ(folded("Add", {integers({}, {1}), integers({1, 1}, {2})})->dims, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(folded("Add", {integers({1, 1}, {1}), integers({}, {2})})->dims, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(folded("Add", {integers({3}, {1, 2, 3}), integers({1, 3}, {1, 2, 3})})->dims, (std::vector<std::int64_t>{1, 3}));
}

TEST(FoldConstants, ArithmeticOfARowAndAColumnIsLeftAlone) {
  EXPECT_FALSE(folded("Add", {integers({1, 3}, {1, 2, 3}), integers({3, 1}, {1, 2, 3})}).has_value());
}

TEST(FoldConstants, CastDropsTheFraction) {
  EXPECT_EQ(folded("Cast", {reals({2}, {-1.75, 1.75})}, {integer_attribute("to", 7)})->integers,
            (std::vector<std::int64_t>{-1, 1}));
  EXPECT_FALSE(folded("Cast", {reals({1}, {1e30})}, {integer_attribute("to", 7)}).has_value());
}

TEST(FoldConstants, ReshapeFindsTheExtentLeftOut) {
  const StoredTensor numbers = integers({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(folded("Reshape", {numbers, list({-1})})->dims, std::vector<std::int64_t>{6});
  EXPECT_EQ(folded("Reshape", {numbers, list({0, -1, 1})})->dims, (std::vector<std::int64_t>{2, 3, 1}));
  EXPECT_FALSE(folded("Reshape", {numbers, list({4, -1})}).has_value());
}

TEST(FoldConstants, UnsqueezeAndSqueezeAreInverse) {
  const StoredTensor numbers = integers({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto longer = folded("Unsqueeze", {numbers, list({0, -1})});
  EXPECT_EQ(longer->dims, (std::vector<std::int64_t>{1, 2, 3, 1}));
  EXPECT_EQ(folded("Squeeze", {*longer, list({-1, 0})}), numbers);
  EXPECT_FALSE(folded("Squeeze", {numbers, list({0})}).has_value());
}

TEST(FoldConstantsErrors, RefusesWhatHasNoValue) {
  EXPECT_EQ(user_error([] { return folded("Div", {list({1}), list({0})}); }), "a division by zero");
  EXPECT_EQ(user_error([] { return folded("Slice", {list({1}), list({0}), list({1}), list({0}), list({0})}); }), "a step of 0");
  EXPECT_EQ(user_error([] { return folded("Gather", {list({1, 2}), list({2})}); }), "axis 2, allowed: -2 to 1");
  constexpr std::int64_t kLarge = std::int64_t{1} << 52;
  EXPECT_EQ(user_error([] { return folded("Mul", {list({kLarge}), list({kLarge})}); }), "a number that overflows");
}

TEST(FoldConstants, LeavesLongResultsAlone) {
  const StoredTensor numbers = list(std::vector<std::int64_t>(4000, 1));
  EXPECT_FALSE(folded("Concat", {numbers, numbers}, {integer_attribute("axis", 0)}).has_value());
  EXPECT_FALSE(folded("Gather", {numbers, list(std::vector<std::int64_t>(4097, 0))}).has_value());
  EXPECT_EQ(folded("ConstantOfShape", {list({1000, 1000})})->fill, 0.0);
}

}  // namespace
}  // namespace crossloom
