#!/usr/bin/env bash
# Kills a training run at random moments, resumes it each time, and compares the weights with those of a run left alone:
# kill_and_resume.sh CROSSLOOM [KILLS] [SECONDS]. KILLS (default 10) are spread over the first SECONDS (default 3) of a process.
set -euo pipefail
crossloom=$1
kills=${2:-10}
seconds=${3:-3}
folder=$(mktemp --directory)
trap 'rm --recursive --force "${folder}"' EXIT
train=("${crossloom}" train resnet8_cifar10 --data synthetic --synthetic-images 2000 --no-flip --epochs 8 --threads 2
  --checkpoint-seconds 0.5 --quiet)

"${train[@]}" --out "${folder}/whole"
resume=()
for ((i = 1; i <= kills; ++i)); do
  "${train[@]}" --out "${folder}/killed" "${resume[@]}" &
  process=$!
  moment=$(awk -v seed="${RANDOM}" -v most="${seconds}" 'BEGIN { srand(seed); printf "%.3f", most * rand() }')
  sleep "${moment}"
  kill -KILL "${process}" 2>/dev/null || true
  wait "${process}" 2>/dev/null || true
  if [[ -e "${folder}/killed/checkpoint.bin" ]]; then resume=(--resume); fi
  log="${folder}/killed/training.csv"
  if [[ -e "${log}" ]]; then lines=$(wc --lines <"${log}"); else lines=1; fi
  echo "killed after ${moment} s, epochs done: $((lines - 1))"
done
"${train[@]}" --out "${folder}/killed" "${resume[@]}"
cmp "${folder}/whole/network.onnx" "${folder}/killed/network.onnx"
echo "the same network.onnx"
