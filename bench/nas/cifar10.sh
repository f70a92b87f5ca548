#!/usr/bin/env bash
# The search of docs/nas.md on CIFAR-10 in its binary layout, from training to the table:
#   bench/nas/cifar10.sh CROSSLOOM RNC_COMPARE DATA OUT [SEARCH.yaml]
# trains the weights that all networks share and the baseline alone, searches under budgets of 0.8, 1 and 1.2 times the baseline's weight
# blocks, trains the networks picked from each front on, and scores them on the test images. Interrupted at any moment it goes on where
# it was when it is started again with the same arguments. Writes OUT/table.md. From the environment: EPOCHS (60) of the shared
# weights, RETRAIN_EPOCHS (30), RETRAIN_RATE (0.05), BUDGETS (0.8, 1 and 1.2 times the crossbars of SEARCH.yaml), THREADS (2), and
# DEVICE=cuda, which trains on a GPU. TEACHER, a trained network: shared weights and baseline are trained on from it for TEACHER_EPOCHS
# (40), with twice as many networks drawn in a step, and picked networks learn from it, too.
set -euo pipefail
crossloom=$(realpath "$1")
rnc_compare=$(realpath "$2")
data=$(realpath "$3")
mkdir -p "$4"
out=$(realpath "$4")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
search=$(realpath "${5:-${here}/../../configs/searches/cifar10.yaml}")
epochs=${EPOCHS:-60}
retrain_epochs=${RETRAIN_EPOCHS:-30}
retrain_rate=${RETRAIN_RATE:-0.05}
teaching=()
if [[ -n "${TEACHER:-}" ]]; then teaching=(--teacher "$(realpath "${TEACHER}")" --cutout 8); fi
baseline=$(sed -n 's/^baseline: *\([^ ]*\).*/\1/p' "${search}")
at_1x=$(sed -n 's/^  crossbars: *\([0-9]*\).*/\1/p' "${search}")
read -ra budgets <<<"${BUDGETS:-$(((at_1x * 8 + 5) / 10)) ${at_1x} $(((at_1x * 12 + 5) / 10))}"
images=(--data "${data}")
computing=(--threads "${THREADS:-2}")
if [[ "${DEVICE:-cpu}" == cuda ]]; then computing=(--device cuda); fi

# train_in FOLDER COMMAND...: nothing when it was done, the rest when it was interrupted.
train_in() {
  local folder=$1
  shift
  if [[ -e "${folder}/done" ]]; then return; fi
  local resume=()
  if [[ -e "${folder}/checkpoint.bin" ]]; then resume=(--resume); fi
  "${crossloom}" "$@" "${images[@]}" "${computing[@]}" "${resume[@]}"
  touch "${folder}/done"
}

first="${out}"
if ((${#teaching[@]})); then first="${out}/first"; fi
train_in "${first}/supernet" nas train "${search}" --epochs "${epochs}" --out "${first}/supernet"
# As many epochs as a picked network has seen.
train_in "${first}/baseline" train "${baseline}" --epochs "$((epochs + retrain_epochs))" --out "${first}/baseline"
if ((${#teaching[@]})); then
  more=(--epochs "${TEACHER_EPOCHS:-40}" "${teaching[@]}")
  train_in "${out}/supernet" nas train "${search}" --supernet "${first}/supernet" --drawn 4 --largest-epochs 0 "${more[@]}" \
    --out "${out}/supernet"
  train_in "${out}/baseline" train "${first}/baseline/network.onnx" "${more[@]}" --out "${out}/baseline"
fi

for budget in "${budgets[@]}"; do
  folder="${out}/${budget}"
  sed "s/^  crossbars: [0-9]*/  crossbars: ${budget}/" "${search}" >"${out}/${budget}.yaml"
  "${crossloom}" nas search "${out}/${budget}.yaml" "${images[@]}" --supernet "${out}/supernet" --out "${folder}" -j "${THREADS:-2}"
  for candidate in $(python3 "${here}/cifar10_table.py" picks "${folder}"); do
    train_in "${folder}/retrained_${candidate}" nas retrain "${folder}" --pick "${candidate}" --epochs "${retrain_epochs}" \
      --learning-rate "${retrain_rate}" "${teaching[@]}"
  done
  if [[ ! -e "${folder}/test.csv" ]]; then "${crossloom}" nas report "${folder}" "${images[@]}" --baseline "${out}/baseline/network.onnx"; fi
done
python3 "${here}/cifar10_table.py" table "${out}" "${rnc_compare}" "${baseline}" "${budgets[@]}" | tee "${out}/table.md"
