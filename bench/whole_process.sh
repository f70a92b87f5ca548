#!/usr/bin/env bash
# Measures `crossloom compile` and `crossloom simulate` as whole processes, files written included, on rnc-mnsim-128 and on isaac-ce
# with 8-bit weights and inputs, with a budget of 1.5x the fewest crossbars, 224x224:
#   whole_process.sh CROSSLOOM MEASURE_PROCESS [REPEATS]
# Prints the least wall and CPU time and the largest memory of the runs; exits 1 when a CPU time or memory misses its target.
set -euo pipefail

crossloom=$1
measure=$2
repeats=${3:-10}
folder=$(mktemp --directory)
trap 'rm -r "${folder}"' EXIT

row='%-20s %-13s %10s %10s %10s   %s\n'
missed=0

# line NETWORK STEP MOST_MS MOST_MB COMMAND...
line() {
  local network=$1 step=$2 most_ms=$3 most_mb=$4 wall cpu peak verdict=met
  shift 4
  read -r wall cpu peak < <("${measure}" "${repeats}" "$@")
  if ! awk -v cpu="${cpu}" -v peak="${peak}" -v ms="${most_ms}" -v mb="${most_mb}" 'BEGIN { exit !(cpu < ms && peak < mb) }'; then
    verdict=missed
    missed=1
  fi
  # shellcheck disable=SC2059
  printf "${row}" "${network}" "${step}" "${wall}" "${cpu}" "${peak}" "${verdict}: under ${most_ms} ms, ${most_mb} MB"
}

# shellcheck disable=SC2059
printf "${row}" network step 'wall ms' 'cpu ms' 'peak MB' target
for network in squeezenet1_1 mobilenet_v3_small; do
  out="${folder}/${network}"
  line "${network}" compile 50 100 "${crossloom}" compile "${network}" --chip rnc-mnsim-128 --crossbars 1.5x --out "${out}" --quiet
  line "${network}" simulate 500 100 "${crossloom}" simulate "${out}" --quiet
done

# isaac NETWORK MOST_MS MOST_COMPILE_MS
isaac() {
  local out="${folder}/$1-isaac"
  line "$1" 'isaac compile' "$3" 200 "${crossloom}" compile "$1" --chip isaac-ce --set arithmetic.weight_bits=8 \
    --set arithmetic.activation_bits=8 --crossbars 1.5x --out "${out}" --quiet
  line "$1" 'isaac 8b' "$2" 200 "${crossloom}" simulate "${out}" --quiet
}
isaac squeezenet1_1 50 50
isaac mobilenet_v3_small 100 50
isaac resnet18 200 500
isaac resnet50 500 500
repeats=1
line resnet18 '64 images' 5000 200 "${crossloom}" simulate "${folder}/resnet18-isaac" --batch 64 --quiet
exit "${missed}"
