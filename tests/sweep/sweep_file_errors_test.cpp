#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/error.h"
#include "sweep/sweep_inputs.h"
#include "sweep/sweep_points.h"
#include "tests/sweep/example_sweep.h"

namespace crossloom {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

/// Reading the axes must fail with a message about their line.
void expect_refused(const std::string& axis, const std::string& message) {
  const std::string text = "axes:\n  network: lenet5\n  chip: edge-64\n  " + axis + "\n";
  EXPECT_THAT([&] { (void)parse_sweep_yaml(text, "s.yaml"); },
              ThrowsMessage<UserError>(AllOf(StartsWith("s.yaml:"), HasSubstr(message))))
      << axis;
}

TEST(SweepFileErrors, AnAxisThatCannotBeIsNamedWithItsLine) {
  expect_refused("effort: fastt", "effort: fastt is not one of fast, default, best");
  expect_refused("crossbars: [1x, -3]", "crossbars");
  expect_refused("input: 3x32", "1xCxHxW");
  expect_refused("adc.bits: []", "adc.bits: is an empty list");
  expect_refused("adc.bits: [4, 4]", "4 stands twice");
  expect_refused("adc.bits: {first: 8, last: 4, step: 1}", "last: 4, allowed at least first, 8");
  expect_refused("adc.bits: {first: 1, last: 4, step: 0}", "step");
  expect_refused("adc.bits: {first: 0, last: 4, factor: 2}", "first: 0, allowed above 0 with a factor");
  expect_refused("adc.bits: {first: 0, last: 1e9, step: 1}", "has 1000000001 values, allowed at most 1000000");
  expect_refused("adc.bits: {min: 1, max: 4}", "min and max need sample.kind");
  expect_refused("adc.bits: {firts: 1, last: 4, step: 1}", "first");
}

TEST(SweepFileErrors, WhatIsMissingOrTwiceIsNamed) {
  const auto parsed = [](const std::string& text) { return [text] { (void)parse_sweep_yaml(text, "s.yaml"); }; };
  EXPECT_THAT(parsed("axes: {network: a}\n"), ThrowsMessage<UserError>(HasSubstr("chip: is missing")));
  EXPECT_THAT(parsed("axes: {network: a, chip: b}\nlinked: [{chip: [c]}]\n"),
              ThrowsMessage<UserError>(HasSubstr("chip varies twice")));
  EXPECT_THAT(parsed("axes: {network: a, chip: b}\nfiltres: []\n"),
              ThrowsMessage<UserError>(HasSubstr("unknown key (did you mean filters?)")));
  EXPECT_THAT(parsed("axes: {network: a, chip: b}\nfilters: [rows < 3]\n"),
              ThrowsMessage<UserError>(HasSubstr("rows is neither")));
  EXPECT_THAT(parsed("evaluate: estimate\nimages: 4\naxes: {network: a, chip: b}\n"),
              ThrowsMessage<UserError>(HasSubstr("images: 4, allowed 1")));
  EXPECT_THAT(parsed("axes: {network: a, chip: b}\nlinked: [{adc.bits: [4, 5], crossbar.rows: [64]}]\n"),
              ThrowsMessage<UserError>(HasSubstr("has 1 values, allowed as many as adc.bits: 2")));
}

TEST(SweepFileErrors, AKeyThatNoChipHasIsNamedWithItsLine) {
  const Sweep sweep = parse_sweep_yaml("axes:\n  network: lenet5\n  chip: edge-64\n  crossbar.rwos: [64]\n", "s.yaml");
  EXPECT_THAT([&] { (void)SweepInputs(sweep); },
              ThrowsMessage<UserError>("s.yaml:4: crossbar.rwos: unknown key (did you mean rows?)"));
}

TEST(SweepFileErrors, AProductBeyondCountingIsRefused) {
  std::string text = "axes:\n  network: a\n  chip: b\n";
  // 8^21 = 2^63.
  for (int i = 0; i < 21; ++i) text += "  adc.key" + std::to_string(i) + ": {first: 1, last: 8, step: 1}\n";
  const Sweep sweep = parse_sweep_yaml(text, "s.yaml");
  EXPECT_THAT([&] { (void)SweepPoints(sweep); }, ThrowsMessage<UserError>(HasSubstr("more than 2^62 points")));
}

}  // namespace
}  // namespace crossloom
