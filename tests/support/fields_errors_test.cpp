#include <gtest/gtest.h>

#include "tests/support/error_message.h"
#include "tests/support/fields_example.h"

namespace crossloom::fields_example {
namespace {

template <class T>
std::string error_of(const std::string& text) {
  return user_error([&] {
    const Document document = parse_yaml(text, "c.yaml");
    ConfigReader reader(document, "c.yaml");
    return read_fields<T>(reader);
  });
}

TEST(FieldsErrors, EnforcesTheBoundsOfAField) {
  EXPECT_EQ(error_of<Adc>("bits: 17"), "c.yaml:1: bits: 17, allowed: an integer from 1 to 16");
}

TEST(FieldsErrors, RequiresEveryField) {
  EXPECT_EQ(error_of<Adc>("{}"), "c.yaml:1: bits: is missing, allowed: an integer from 1 to 16");
}

TEST(FieldsErrors, RefusesUnknownKeysAtEveryLevel) {
  EXPECT_EQ(error_of<Adc>("bits: 1\nbit: 2"), "c.yaml:2: bit: unknown key (did you mean bits?)");
  const std::string head = "name: a\nread_volt: 0\nphase_overlap: false\nencoding: unsigned\nsizes: []\nnotes: []\n";
  EXPECT_EQ(error_of<Chip>(head + "adc: {bits: 1, bitz: 2}\nspares: []\n"),
            "c.yaml:7: adc.bitz: unknown key (did you mean bits?)");
  EXPECT_EQ(error_of<Chip>(head + "adc: {bits: 1}\nspares: [{bits: 1}, {bits: 0}]\n"),
            "c.yaml:8: spares[1].bits: 0, allowed: an integer from 1 to 16");
}

}  // namespace
}  // namespace crossloom::fields_example
