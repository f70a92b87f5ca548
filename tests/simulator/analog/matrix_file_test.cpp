#include "simulator/analog/matrix_file.h"

#include <gtest/gtest.h>

#include "tests/support/error_message.h"

namespace crossloom {
namespace {

RealMatrix example() {
  RealMatrix matrix(2, 3);
  matrix.values = {0.1, -2.0, 1e-20, 3.0, 0.0, 1.0 / 3.0};
  return matrix;
}

TEST(MatrixFile, CsvReadsBackToTheSameBits) { EXPECT_EQ(parse_matrix_csv(matrix_csv(example()), "m.csv"), example()); }

TEST(MatrixFile, NpyReadsBackToTheSameBits) { EXPECT_EQ(parse_matrix_npy(matrix_npy(example()), "m.npy"), example()); }

// The format of numpy.lib.format 1.0: the data begin at a multiple of 64 bytes.
TEST(MatrixFile, NpyDataAreAligned) { EXPECT_EQ((matrix_npy(example()).size() - 6 * sizeof(double)) % 64, 0U); }

TEST(MatrixFile, CsvTakesSpacesAndCarriageReturns) {
  RealMatrix expected(1, 2);
  expected.values = {1.0, 2.0};
  EXPECT_EQ(parse_matrix_csv(" 1 , 2 \r\n\n", "m.csv"), expected);
}

TEST(MatrixFileErrors, CsvNamesTheLine) {
  const auto error = [](const std::string& text) { return user_error([&] { return parse_matrix_csv(text, "m.csv"); }); };
  EXPECT_EQ(error("1,2\n3\n"), "m.csv:2: 1 values, allowed: 2 as in the first row");
  EXPECT_EQ(error("1,x\n"), "m.csv:1: x in column 2, allowed: a finite number");
  EXPECT_EQ(error("1,nan\n"), "m.csv:1: nan in column 2, allowed: a finite number");
  EXPECT_EQ(error("1,\n"), "m.csv:1:  in column 2, allowed: a finite number");
  EXPECT_EQ(error("\n"), "m.csv: holds no values");
}

TEST(MatrixFileErrors, NpyRefusesWhatItCannotRead) {
  const auto error = [](const std::string& bytes) { return user_error([&] { return parse_matrix_npy(bytes, "m.npy"); }); };
  const std::string bytes = matrix_npy(example());
  EXPECT_EQ(error("1,2"), "m.npy: is not an .npy file");
  EXPECT_EQ(error(bytes.substr(0, 40)), "m.npy: is cut off");
  EXPECT_EQ(error(bytes.substr(0, bytes.size() - 1)), "m.npy: is cut off");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = bytes;
    return changed.replace(changed.find(from), from.size(), to);
  };
  EXPECT_EQ(error(with("<f8", "<i8")), "m.npy: type '<i8', allowed: little-endian float32 or float64");
  EXPECT_EQ(error(with("False", "True ")), "m.npy: is in Fortran order, allowed: C order");
  EXPECT_EQ(error(with("(2, 3)", "(2, 0)")), "m.npy: shape (2, 0), allowed: one or two dimensions of 1 to 1000000");
}

}  // namespace
}  // namespace crossloom
