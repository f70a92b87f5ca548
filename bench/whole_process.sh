#!/usr/bin/env bash
# Measures `crossloom compile` and `crossloom simulate` as whole processes, files written included, on rnc-mnsim-128 with a budget of
# 1.5x the fewest crossbars, 224x224: whole_process.sh CROSSLOOM MEASURE_PROCESS [REPEATS]
# Prints the least wall and user time and the largest memory of the runs; exits 1 when a figure misses its target.
set -euo pipefail

crossloom=$1
measure=$2
repeats=${3:-10}
folder=$(mktemp --directory)
trap 'rm -r "${folder}"' EXIT

row='%-20s %-10s %10s %10s %10s   %s\n'
missed=0

# line NETWORK STEP MOST_MS MOST_MB COMMAND...
line() {
  local network=$1 step=$2 most_ms=$3 most_mb=$4 wall user peak verdict=met
  shift 4
  read -r wall user peak < <("${measure}" "${repeats}" "$@")
  if ! awk -v wall="${wall}" -v peak="${peak}" -v ms="${most_ms}" -v mb="${most_mb}" 'BEGIN { exit !(wall < ms && peak < mb) }'; then
    verdict=missed
    missed=1
  fi
  # shellcheck disable=SC2059
  printf "${row}" "${network}" "${step}" "${wall}" "${user}" "${peak}" "${verdict}: under ${most_ms} ms, ${most_mb} MB"
}

# shellcheck disable=SC2059
printf "${row}" network step 'wall ms' 'user ms' 'peak MB' target
for network in squeezenet1_1 mobilenet_v3_small; do
  out="${folder}/${network}"
  line "${network}" compile 100 100 "${crossloom}" compile "${network}" --chip rnc-mnsim-128 --crossbars 1.5x --out "${out}" --quiet
  line "${network}" simulate 500 100 "${crossloom}" simulate "${out}" --quiet
done
exit "${missed}"
