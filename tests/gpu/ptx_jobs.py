#!/usr/bin/env python3
"""Runs the jobs that `cargo run -p anywarp-filetest --example export -- DIR` wrote on a CUDA driver, and prints what
differs from tests/ptx. Usage: ptx_jobs.py DIR [WORKERS]

A file runs in a process of its own, because a fault ends a context; after a fault or a hang the next run has a new one.
"""

import concurrent.futures
import os
import subprocess
import sys

TAG = 0x5AAD
FAULTS = {
    "IllegalAddress": "CUDA_ERROR_ILLEGAL_ADDRESS",
    "MisalignedAddress": "CUDA_ERROR_MISALIGNED_ADDRESS",
    "InvalidAddressSpace": "CUDA_ERROR_INVALID_ADDRESS_SPACE",
    "InvalidPc": "CUDA_ERROR_INVALID_PC",
    "StackOverflow": "CUDA_ERROR_HARDWARE_STACK_ERROR",
    "IllegalInstruction": "CUDA_ERROR_ILLEGAL_INSTRUCTION",
    "Trap": "CUDA_ERROR_LAUNCH_FAILED",
    "Assert": "CUDA_ERROR_ASSERT",
    "Deadlock": "none: a GPU hangs",
}


def runs(path):
    """The jobs of a file: lists of split lines."""
    jobs, errors = [], []
    for line in open(path):
        words = line.split()
        if words[0] == "error":
            errors.append(" ".join(words[1:]))
        elif words[0] == "run":
            jobs.append([words])
        else:
            jobs[-1].append(words)
    return jobs, errors


def patched(text, addresses):
    data = bytearray.fromhex(text)
    for at in range(0, len(data) - 7, 8):
        word = int.from_bytes(data[at : at + 8], "little")
        if word >> 48 == TAG:
            target = addresses[(word >> 24) & 0xFFFFFF]
            data[at : at + 8] = (target + (word & 0xFFFFFF)).to_bytes(8, "little")
    return bytes(data)


LAYOUT = {"f16": (10, 5), "bf16": (7, 8), "f32": (23, 8), "f64": (52, 11)}


def distance(kind, a, b):
    if kind not in LAYOUT:
        return 0 if a == b else 1 << 64
    mantissa, exponent = LAYOUT[kind]
    sign = 1 << (mantissa + exponent)
    infinity = ((1 << exponent) - 1) << mantissa
    nans = [(x & (sign - 1)) > infinity for x in (a, b)]
    if all(nans):
        return 0
    if any(nans):
        return 1 << 64
    order = lambda x: -(x & (sign - 1)) if x & sign else x
    return 1 if a != b and order(a) == order(b) else abs(order(a) - order(b))


def one(path, first):
    """Runs the jobs of a file from number `first`; a line for each."""
    import cuda_driver as cuda

    say = lambda text: os.write(2, (text + "\n").encode())
    source = open(path[: -len("jobs")] + "ptx", "rb").read()
    jobs, errors = runs(path)
    cuda.context()
    if errors:
        try:
            cuda.module(source)
            say(f"DIFFERS loads, where we say {errors}")
        except cuda.CudaError as error:
            say(f"same refused: {error}")
        return
    for number, job in list(enumerate(jobs))[first:]:
        say(f"begin {number} {job[0][1]}")
        if ["fault", "Deadlock"] in job:
            say("same: not launched, it would hang a GPU")
            continue
        try:
            differences = run(cuda, source, job)
        except cuda.CudaError as error:
            wanted = [FAULTS[w[1]] for w in job if w[0] == "fault"]
            if [error.code] == wanted:
                say(f"same {wanted[0]}")
            else:
                say(f"DIFFERS {error}, we: {wanted}")
            os._exit(3)
        for difference in differences:
            say(difference if difference.startswith("info") else "DIFFERS " + difference)
        say("done")


def run(cuda, source, job):
    head = job[0]
    loaded = cuda.module(source)
    kernel = cuda.function(loaded, head[1])
    numbers = [int(w) for w in head[2:]]
    grid, block, shared, stack = numbers[0:3], numbers[3:6], numbers[6], numbers[7]
    cuda.call("cuCtxSetLimit", 0, cuda.ctypes.c_size_t(stack))
    names, sizes, addresses = {}, {}, {}
    for words in job:
        if words[0] in ("pointer", "buffer"):
            sizes[words[1]] = len(words[2]) // 2 if len(words) > 2 else 0
            names[words[1]] = cuda.allocate(sizes[words[1]])
    for words in job:
        if words[0] == "target":
            name = words[2]
            addresses[int(words[1])] = cuda.variable(loaded, name[1:])[0] if name[0] == "@" else names[name]
    params, before = [], {}
    for words in job:
        if words[0] not in ("pointer", "buffer", "variable", "value"):
            continue
        data = patched(words[2] if len(words) > 2 else "", addresses)
        if words[0] == "value":
            params.append(data)
        elif words[0] == "variable":
            cuda.write(cuda.variable(loaded, words[1])[0], data)
        else:
            cuda.write(names[words[1]], data)
            before[words[1]] = data
            if words[0] == "pointer":
                params.append(names[words[1]].to_bytes(8, "little"))
    os.lseek(1, 0, 0)
    os.ftruncate(1, 0)
    cuda.launch(kernel, grid, block, shared, params)
    differences = []
    if any(w[0] == "fault" for w in job):
        differences.append(f"no fault, we: {[w[1] for w in job if w[0] == 'fault']}")
    for words in job:
        if words[0] == "out":
            name, kind, size, at, ulp, line = words[1], words[2], int(words[3]), int(words[4]), int(words[5]), words[6]
            want = patched(words[7] if len(words) > 7 else "", addresses)
            base = cuda.variable(loaded, name[1:])[0] if name[0] == "@" else names[name]
            got = cuda.read(base + at * size, len(want))
            values = [
                (n // size, int.from_bytes(got[n : n + size], "little"), int.from_bytes(want[n : n + size], "little"))
                for n in range(0, len(want), size)
            ]
            wrong = [(at + n, g, w) for n, g, w in values if distance(kind, g, w) > ulp]
            worst = max([distance(kind, g, w) for n, g, w in values], default=0)
            if ulp:
                differences.append(f"info: line {line}: {name}: {worst} ulp between chip and file, {ulp} allowed")
            if wrong:
                shown = ", ".join(f"[{n}] chip {g:#x} file {w:#x}" for n, g, w in wrong[:12])
                differences.append(f"line {line}: {name}: {len(wrong)} of {len(values)}: {shown}")
    outs = {w[1] for w in job if w[0] == "out"}
    for name, data in before.items():
        if name not in outs and cuda.read(names[name], len(data)) != data:
            differences.append(f"{name} changed")
    wanted = b"".join(bytes.fromhex(w[1]) if len(w) > 1 else b"" for w in job if w[0] == "printed")
    printed = os.pread(1, 1 << 20, 0)
    if printed != wanted:
        differences.append(f"printed {printed!r}, file {wanted!r}")
    for address in names.values():
        cuda.free(address)
    return differences


def all_of(path):
    """Every run of a file, begun again behind one that ends the process."""
    text, first, count = "", 0, max(len(runs(path)[0]), 1)
    while first < count:
        output = path[: -len("jobs")] + "out"
        with open(output, "w+b") as out:
            command = [sys.executable, os.path.abspath(__file__), "--one", path, str(first)]
            child = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
            try:
                said = child.communicate(timeout=40)[1]
            except subprocess.TimeoutExpired:
                child.kill()
                said = child.communicate()[1] + "DIFFERS does not end\n"
        text += said
        begun = [int(line.split()[1]) for line in said.splitlines() if line.startswith("begin ")]
        if child.returncode == 0:
            break
        if not begun:
            text += f"DIFFERS the process ended with {child.returncode}\n"
            break
        first = begun[-1] + 1
    return path, text


def main():
    if sys.argv[1] == "--one":
        return one(sys.argv[2], int(sys.argv[3]))
    folder, workers = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4
    paths = sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".jobs"))
    total = 0
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for path, text in pool.map(all_of, paths):
            name, begun = os.path.basename(path), ""
            for line in text.splitlines():
                if line.startswith("begin "):
                    begun = line[6:]
                elif line.startswith(("done", "same")):
                    total += 1
                else:
                    print(f"{name} {begun}: {line}")
    print(f"{total} runs ended; what differs is above")


main()
