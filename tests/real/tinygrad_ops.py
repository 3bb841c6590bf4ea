"""tinygrad's operations against NumPy, in the manner of its own test_ops.py. Each class is one named test."""

import unittest

import numpy as np
from tinygrad import Tensor, TinyJit, dtypes

rng = np.random.default_rng(7)


def data(*shape, low=-2.0, high=2.0, dtype=np.float32):
    return rng.uniform(low, high, shape).astype(dtype)


def check(case, ours, theirs, inputs, rtol=1e-5, atol=1e-5):
    """Applies both functions to the same arrays and compares shape, kind and values."""
    got = ours(*[Tensor(x) for x in inputs]).numpy()
    want = np.asarray(theirs(*inputs))
    case.assertEqual(got.shape, want.shape)
    np.testing.assert_allclose(got, want, rtol=rtol, atol=atol)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Unary(unittest.TestCase):
    def test_float(self):
        table = {
            "exp": (Tensor.exp, np.exp, -5, 5), "exp2": (Tensor.exp2, np.exp2, -20, 20),
            "log": (Tensor.log, np.log, 0.01, 9), "log2": (Tensor.log2, np.log2, 0.01, 9),
            "sin": (Tensor.sin, np.sin, -9, 9), "cos": (Tensor.cos, np.cos, -9, 9), "tan": (Tensor.tan, np.tan, -1, 1),
            "sqrt": (Tensor.sqrt, np.sqrt, 0, 9), "rsqrt": (Tensor.rsqrt, lambda x: 1 / np.sqrt(x), 0.1, 9),
            "reciprocal": (Tensor.reciprocal, np.reciprocal, 0.1, 9), "abs": (Tensor.abs, np.abs, -2, 2),
            "neg": (Tensor.neg, np.negative, -2, 2), "sign": (Tensor.sign, np.sign, -2, 2),
            "floor": (Tensor.floor, np.floor, -9, 9), "ceil": (Tensor.ceil, np.ceil, -9, 9),
            "trunc": (Tensor.trunc, np.trunc, -9, 9), "round": (Tensor.round, np.round, -9, 9),
            "tanh": (Tensor.tanh, np.tanh, -4, 4), "sigmoid": (Tensor.sigmoid, sigmoid, -5, 5),
            "relu": (Tensor.relu, lambda x: np.maximum(x, 0), -2, 2), "square": (Tensor.square, np.square, -3, 3),
            "silu": (Tensor.silu, lambda x: x * sigmoid(x), -5, 5), "sinh": (Tensor.sinh, np.sinh, -3, 3),
            "softplus": (Tensor.softplus, lambda x: np.log1p(np.exp(x)), -5, 5),
            "asin": (Tensor.asin, np.arcsin, -1, 1), "atan": (Tensor.atan, np.arctan, -9, 9),
            "erf": (lambda t: t.erf(), lambda x: np.vectorize(__import__("math").erf)(x), -3, 3),
        }
        for name, (ours, theirs, low, high) in table.items():
            with self.subTest(name):
                check(self, ours, theirs, [data(45, 65, low=low, high=high)], rtol=2e-5, atol=2e-5)

    def test_special_values(self):
        x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-42, 3e38], dtype=np.float32)
        for name, ours, theirs in [("isnan", Tensor.isnan, np.isnan), ("isinf", Tensor.isinf, np.isinf),
                                   ("neg", Tensor.neg, np.negative), ("double", lambda t: t + t, lambda v: v + v)]:
            with self.subTest(name), np.errstate(all="ignore"):
                check(self, ours, theirs, [x])


class Binary(unittest.TestCase):
    def test_float(self):
        a, b = data(33, 17), data(33, 17, low=0.5, high=3)
        table = [("add", lambda x, y: x + y), ("sub", lambda x, y: x - y), ("mul", lambda x, y: x * y), ("div", lambda x, y: x / y)]
        for name, f in table:
            with self.subTest(name):
                check(self, f, f, [a, b])
        check(self, Tensor.maximum, np.maximum, [a, b])
        check(self, Tensor.minimum, np.minimum, [a, b])
        check(self, lambda x, y: y.pow(x), lambda x, y: np.power(y, x), [a, b], rtol=1e-4)
        check(self, lambda x, y: (x < y).where(x, y * 2), lambda x, y: np.where(x < y, x, y * 2), [a, b])

    def test_broadcast_and_compare(self):
        a, b = data(9, 1, 7), data(5, 1)
        for f in (lambda x, y: x < y, lambda x, y: x >= y, lambda x, y: x != y, lambda x, y: x == y, lambda x, y: x - y):
            check(self, f, f, [a, b])


class Integer(unittest.TestCase):
    def test_types(self):
        for dtype in (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64):
            low = -100 if np.issubdtype(dtype, np.signedinteger) else 0
            a = rng.integers(low, 100, (13, 11)).astype(dtype)
            b = rng.integers(1, 100, (13, 11)).astype(dtype)
            with self.subTest(dtype.__name__), np.errstate(over="ignore"):
                for f in (lambda x, y: x + y, lambda x, y: x * y, lambda x, y: x - y, lambda x, y: x // y, lambda x, y: x % y,
                          lambda x, y: x & y, lambda x, y: x | y, lambda x, y: x ^ y):
                    check(self, f, f, [a, b])
                check(self, Tensor.maximum, np.maximum, [a, b])
                check(self, lambda x: x.max(), np.max, [a])

    def test_shifts(self):
        a = rng.integers(0, 1 << 20, (64,)).astype(np.uint32)
        for k in (0, 1, 7, 11):
            check(self, lambda x: x << k, lambda x: x << k, [a])
            check(self, lambda x: x >> k, lambda x: x >> k, [a])

    def test_wide_division(self):
        a = rng.integers(-(1 << 62), 1 << 62, (257,))
        b = rng.integers(1, 1 << 40, (257,))
        check(self, lambda x, y: x // y, lambda x, y: x // y, [a, b])
        c, d = a.astype(np.int32), (b % 1000 + 1).astype(np.int32)
        check(self, lambda x, y: x // y, lambda x, y: x // y, [c, d])


class HalfAndDouble(unittest.TestCase):
    def test_half(self):
        a, b = data(31, 19, dtype=np.float16), data(31, 19, low=0.5, dtype=np.float16)
        for f in (lambda x, y: x + y, lambda x, y: x * y, lambda x, y: x / y, lambda x, y: x < y):
            check(self, f, f, [a, b], rtol=2e-3, atol=2e-3)
        check(self, Tensor.exp, np.exp, [a], rtol=4e-3, atol=4e-3)
        check(self, Tensor.sqrt, np.sqrt, [b], rtol=2e-3, atol=2e-3)
        check(self, lambda x: x.sum(dtype=dtypes.float), lambda x: x.astype(np.float32).sum(), [a], rtol=1e-3, atol=1e-2)

    def test_double(self):
        a, b = data(31, 19, dtype=np.float64), data(31, 19, low=0.5, dtype=np.float64)
        for f in (lambda x, y: x + y, lambda x, y: x * y, lambda x, y: x < y):
            check(self, f, f, [a, b], rtol=1e-14, atol=1e-14)
        for ours, theirs in [(Tensor.exp, np.exp), (Tensor.log, np.log), (Tensor.sin, np.sin), (Tensor.sqrt, np.sqrt),
                             (Tensor.reciprocal, np.reciprocal), (Tensor.tanh, np.tanh), (lambda x: 1 / x, lambda x: 1 / x)]:
            check(self, ours, theirs, [b], rtol=1e-13, atol=1e-13)
        check(self, lambda x: x.sum(), np.sum, [a], rtol=1e-12, atol=1e-12)
        check(self, lambda x, y: x @ y.transpose(), lambda x, y: x @ y.T, [a, b], rtol=1e-12, atol=1e-12)


class Cast(unittest.TestCase):
    def test_pairs(self):
        names = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64", "bool"]
        x = rng.integers(0, 100, (70,))
        for source in names:
            a = x.astype("bool" if source == "bool" else source)
            for target in names:
                with self.subTest(f"{source} to {target}"):
                    tiny = getattr(dtypes, {"float32": "float", "float64": "double", "float16": "half"}.get(target, target))
                    check(self, lambda t: t.cast(tiny), lambda v: v.astype(target), [a])

    def test_bitcast(self):
        a = data(64)
        check(self, lambda t: t.bitcast(dtypes.int), lambda v: v.view(np.int32), [a])


class Reduce(unittest.TestCase):
    def test_axes(self):
        a = data(17, 33, 9)
        for axis in (None, 0, 1, 2, (0, 2), (1, 2)):
            with self.subTest(str(axis)):
                check(self, lambda t: t.sum(axis=axis), lambda v: v.sum(axis=axis), [a], rtol=1e-4, atol=1e-4)
                check(self, lambda t: t.max(axis=axis), lambda v: v.max(axis=axis), [a])
                check(self, lambda t: t.mean(axis=axis), lambda v: v.mean(axis=axis), [a], rtol=1e-4)
        check(self, lambda t: t.prod(axis=2), lambda v: v.prod(axis=2), [a], rtol=1e-4)
        check(self, lambda t: t.argmax(axis=1), lambda v: v.argmax(axis=1), [a])
        check(self, lambda t: t.var(axis=1), lambda v: v.var(axis=1, ddof=1), [a], rtol=1e-4)

    def test_large(self):
        a = data(1 << 20, low=0, high=1)
        check(self, lambda t: t.sum(), lambda v: v.sum(dtype=np.float64), [a], rtol=1e-4)
        check(self, lambda t: t.max(), np.max, [a])

    def test_scan_and_sort(self):
        a = data(700)
        check(self, lambda t: t.cumsum(), lambda v: v.cumsum(), [a], rtol=1e-3, atol=1e-3)
        check(self, lambda t: t.sort()[0], np.sort, [a[:100]])

    def test_softmax(self):
        a = data(33, 65)
        e = np.exp(a - a.max(1, keepdims=True))
        check(self, lambda t: t.softmax(1), lambda v: e / e.sum(1, keepdims=True), [a])
        check(self, lambda t: t.log_softmax(1), lambda v: np.log(e / e.sum(1, keepdims=True)), [a], rtol=1e-4)


class Matmul(unittest.TestCase):
    def test_float(self):
        for m, k, n in ((1, 64, 64), (65, 33, 17), (128, 128, 128), (256, 96, 48)):
            with self.subTest(f"{m}x{k}x{n}"):
                check(self, Tensor.matmul, np.matmul, [data(m, k), data(k, n)], rtol=1e-4, atol=1e-4)
        check(self, Tensor.matmul, np.matmul, [data(3, 20, 30), data(3, 30, 10)], rtol=1e-4, atol=1e-4)

    def test_half_on_tensor_cores(self):
        a, b = data(64, 64, dtype=np.float16), data(64, 64, dtype=np.float16)
        check(self, lambda x, y: x.matmul(y, dtype=dtypes.float), lambda x, y: x.astype(np.float32) @ y.astype(np.float32),
              [a, b], rtol=1e-3, atol=1e-3)
        check(self, Tensor.matmul, lambda x, y: (x.astype(np.float32) @ y.astype(np.float32)), [a, b], rtol=2e-2, atol=5e-2)

    def test_integer(self):
        a, b = rng.integers(-50, 50, (33, 40)).astype(np.int32), rng.integers(-50, 50, (40, 21)).astype(np.int32)
        check(self, Tensor.matmul, np.matmul, [a, b])


class Movement(unittest.TestCase):
    def test_views(self):
        a = data(6, 8, 10)
        table = [
            (lambda t: t.permute(2, 0, 1) + 1, lambda v: v.transpose(2, 0, 1) + 1),
            (lambda t: t.reshape(48, 10)[3:40:2, ::-1] * 2, lambda v: v.reshape(48, 10)[3:40:2, ::-1] * 2),
            (lambda t: t.flip(1).contiguous(), lambda v: v[:, ::-1]),
            (lambda t: t.pad(((1, 2), (0, 0), (3, 1))), lambda v: np.pad(v, ((1, 2), (0, 0), (3, 1)))),
            (lambda t: t.cat(t, dim=1), lambda v: np.concatenate([v, v], 1)),
            (lambda t: t.stack(t, dim=0), lambda v: np.stack([v, v], 0)),
            (lambda t: t.repeat((2, 1, 3)), lambda v: np.tile(v, (2, 1, 3))),
            (lambda t: t.roll(3, 2), lambda v: np.roll(v, 3, 2)),
            (lambda t: t[:, 0].tril(), lambda v: np.tril(v[:, 0])),
        ]
        for i, (ours, theirs) in enumerate(table):
            with self.subTest(i):
                check(self, ours, theirs, [a])

    def test_gather(self):
        a, index = data(50, 8), rng.integers(0, 50, (30,)).astype(np.int32)
        check(self, lambda t, i: t[i], lambda v, i: v[i], [a, index])


class Network(unittest.TestCase):
    def test_convolution(self):
        x, w = data(2, 3, 12, 12), data(5, 3, 3, 3)
        windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), (2, 3))
        want = np.einsum("ncyxij,ocij->noyx", windows, w)
        check(self, lambda a, b: a.conv2d(b), lambda a, b: want, [x, w], rtol=1e-4, atol=1e-4)

    def test_pooling(self):
        x = data(2, 3, 12, 12)
        check(self, lambda t: t.max_pool2d(2), lambda v: v.reshape(2, 3, 6, 2, 6, 2).max((3, 5)), [x])
        check(self, lambda t: t.avg_pool2d(2), lambda v: v.reshape(2, 3, 6, 2, 6, 2).mean((3, 5)), [x])

    def test_gradient(self):
        x, w = data(16, 8), data(8, 4)
        a, b = Tensor(x), Tensor(w)
        (a @ b).relu().sum().backward()
        mask = (x @ w > 0).astype(np.float32)
        np.testing.assert_allclose(a.grad.numpy(), mask @ w.T, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(b.grad.numpy(), x.T @ mask, rtol=1e-4, atol=1e-4)

    def test_layernorm(self):
        x = data(20, 64)
        want = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
        check(self, lambda t: t.layernorm(), lambda v: want, [x], rtol=1e-4, atol=1e-4)

    def test_captured_graph(self):
        step = TinyJit(lambda t: ((t * 2).contiguous() + 1).realize())
        for k in range(6):
            x = data(100)
            np.testing.assert_allclose(step(Tensor(x).realize()).numpy(), x * 2 + 1, rtol=1e-6)


class Random(unittest.TestCase):
    def test_seeded(self):
        Tensor.manual_seed(3)
        # Counter-based: integer arithmetic only, so each device gives these bits.
        want = Tensor.rand(1000, device="CPU").numpy()
        Tensor.manual_seed(3)
        np.testing.assert_array_equal(Tensor.rand(1000).numpy(), want)

    def test_moments(self):
        x = Tensor.randn(20000).numpy()
        self.assertLess(abs(x.mean()), 0.05)
        self.assertLess(abs(x.std() - 1), 0.05)


if __name__ == "__main__":
    unittest.main()
