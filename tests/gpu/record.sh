#!/bin/bash
# Asks a GPU: run it at the repository's root on a machine with an NVIDIA GPU, its driver and nvcc.
#
#   tests/gpu/record.sh programs       builds tests/cuda/recorded/*.cu with nvcc, runs them, writes what they print to *.out
#   tests/gpu/record.sh ptx JOBS       runs the jobs of `cargo run -p anywarp-filetest --example export -- JOBS`
#   tests/gpu/record.sh ops FILE       writes the results of every PTX form to FILE; `op_sweep.py compare` reads two of them
#
# Each program runs under a time limit, one at a time: one that faults or hangs must not disturb the others.
set -u
here=$(cd "$(dirname "$0")" && pwd)
programs() {
    local work arch flags settings source
    work=$(mktemp -d)
    arch=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader | head -1 | tr -d .)
    for source in "$here"/../cuda/recorded/*.cu; do
        flags=$(sed -n 's,^// cc: ,,p' "$source")
        settings=$(sed -n 's,^// env: ,,p' "$source")
        # shellcheck disable=SC2086
        if ! nvcc -O3 -w -arch="sm_$arch" $flags -o "$work/program" "$source"; then
            echo "$source: does not compile" >&2
            continue
        fi
        # shellcheck disable=SC2086
        if ! (cd "$work" && timeout -s KILL "${LIMIT:-60}" env $settings ./program >output 2>errors); then
            echo "$source: fails: $(tail -1 "$work/errors")" >&2
        fi
        mv "$work/output" "${source%.cu}.out"
    done
    rm -r "$work"
}
case "${1:-}" in
programs) programs ;;
ptx) python3 "$here/ptx_jobs.py" "$2" "$(nproc)" ;;
ops) python3 "$here/op_sweep.py" run "$2" "$(nproc)" ;;
*) sed -n '2,8s/^# \?//p' "$0" ;;
esac
