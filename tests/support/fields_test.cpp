#include "support/fields.h"

#include <gtest/gtest.h>

#include "tests/support/fields_example.h"

namespace crossloom::fields_example {
namespace {

Chip unusual_chip() {
  return {.name = "two \"words\"",
          .read_volt = 1.0,
          .phase_overlap = true,
          .encoding = Encoding::kTwosComplement,
          .adc = {.bits = 8},
          .sizes = {3, 1},
          .notes = {"8", ""},
          .spares = {{.bits = 2}, {.bits = 16}}};
}

TEST(Fields, WritesMembersInTheOrderOfTheVisit) {
  EXPECT_EQ(write_fields(unusual_chip()).dump(-1),
            R"({"name": "two \"words\"", "read_volt": 1.0, "phase_overlap": true, "encoding": "twos_complement", )"
            R"("adc": {"bits": 8}, "sizes": [3, 1], "notes": ["8", ""], "spares": [{"bits": 2}, {"bits": 16}]})");
}

TEST(Fields, ReadsBackWhatItWrote) {
  for (const Chip& chip : {Chip{}, unusual_chip()}) {
    const Document document = parse_json(write_fields(chip).dump(), "chip.json");
    ConfigReader reader(document, "chip.json");
    EXPECT_EQ(read_fields<Chip>(reader), chip);
  }
}

}  // namespace
}  // namespace crossloom::fields_example
