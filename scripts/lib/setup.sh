# shellcheck shell=bash
# Shared set-up of the scripts: sourced, not run. Leaves the shell in the root of the repository.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit

# What building and testing needs, as Debian 12/13 and Ubuntu 22.04/24.04 name it.
# shellcheck disable=SC2034  # used by the scripts that source this file
CROSSLOOM_PACKAGES=(g++ cmake ninja-build libcli11-dev libfmt-dev nlohmann-json3-dev libyaml-cpp-dev libeigen3-dev libonnx-dev libprotobuf-dev
  zlib1g-dev libpng-dev coinor-libclp-dev libturbojpeg0-dev
  libgtest-dev libgmock-dev)

# What training needs besides; without it all else is built.
# shellcheck disable=SC2034
CROSSLOOM_TRAINING_PACKAGES=(libtorch-dev)

# What sweeps under mpirun need besides; without it all else is built.
# shellcheck disable=SC2034
CROSSLOOM_MPI_PACKAGES=(libopenmpi-dev openmpi-bin)

# At most two at a time: a compiler process takes up to 1 GB.
CROSSLOOM_JOBS=$(($(nproc) < 2 ? 1 : 2))

has_package() {
  dpkg-query --show --showformat '${Status}' "$1" 2>/dev/null | grep --quiet '^install ok installed$'
}

# install_packages NAME...: installs with apt those that are missing; elsewhere names them and exits 2.
install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    name_missing_tools
    return
  fi
  local missing=() package
  for package in "$@"; do
    has_package "${package}" || missing+=("${package}")
  done
  if ((${#missing[@]} == 0)); then return; fi

  local as_root=()
  if (($(id -u) != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "error: missing packages, and neither root nor sudo to install them: ${missing[*]}" >&2
      exit 2
    fi
    as_root=(sudo)
  fi
  echo "Installing with apt: ${missing[*]}" >&2
  "${as_root[@]}" apt-get update --quiet --quiet >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends "${missing[@]}" >&2
}

# On a system without apt: the packages cannot be named for it, but what they hold can be looked for.
name_missing_tools() {
  local missing=() tool header
  for tool in cmake ninja; do
    command -v "${tool}" >/dev/null || missing+=("${tool}")
  done
  if command -v c++ >/dev/null; then
    for header in CLI/CLI.hpp fmt/format.h nlohmann/json.hpp yaml-cpp/yaml.h eigen3/Eigen/Core google/protobuf/message.h onnx/checker.h zlib.h png.h coin/Clp_C_Interface.h turbojpeg.h gtest/gtest.h gmock/gmock.h; do
      echo "#include <${header}>" | c++ -x c++ -std=c++20 -E - >/dev/null 2>&1 || missing+=("<${header}>")
    done
  else
    missing+=("a C++20 compiler (g++ 12 or clang 14 and later)")
  fi
  if ((${#missing[@]} == 0)); then return; fi
  echo "error: this system has no apt, please install:" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 2
}

# build PRESET [TARGET...]: configures build/PRESET and builds all or the named targets.
build() {
  local preset=$1
  shift
  cmake --preset "${preset}" -Wno-dev >&2
  cmake --build "build/${preset}" --parallel "${CROSSLOOM_JOBS}" ${1:+--target "$@"} >&2
}

# run_tests PRESET: the whole suite; ctest's summary is the last it prints.
run_tests() {
  ctest --test-dir "build/$1" --output-on-failure --no-tests=error --parallel "${CROSSLOOM_JOBS}"
}
