"""Coefficients of the special functions: `python3 special.py` (needs mpmath; some minutes).

Each block prints a polynomial, highest degree first, as it stands in device/error.h, gamma.h and bessel.h: a truncated
Chebyshev series, converted to powers in 240-bit arithmetic and rounded to floats (24) or doubles (53 bits)."""

import mpmath
from mpmath import besseli, besselj, besseljzero, bessely, besselyzero, erf, erfc, exp, log, loggamma, mp, mpf, pi, sqrt

mp.prec = 240
TINY = mpf(2) ** -40


def chebyshev(f, a, b, n):
    size = 3 * n + 30
    nodes = [mpmath.cos(pi * (k + mpf(1) / 2) / size) for k in range(size)]
    values = [f((b - a) / 2 * x + (a + b) / 2) for x in nodes]
    c = [2 / mpf(size) * sum(v * mpmath.cos(j * pi * (k + mpf(1) / 2) / size) for k, v in enumerate(values)) for j in range(n + 1)]
    c[0] /= 2
    return c


def powers(c, a, b):
    """Chebyshev coefficients on [a, b] to powers of x."""
    total, older, old = [mpf(0)] * len(c), [mpf(1)], [mpf(0), mpf(1)]
    for j, k in enumerate(c):
        current = older if j == 0 else old
        for i, t in enumerate(current):
            total[i] += k * t
        if j >= 1:
            new = [mpf(0)] + [2 * t for t in old]
            for i, t in enumerate(older):
                new[i] -= t
            older, old = old, new
    scale, shift, result = 2 / (b - a), -(a + b) / (b - a), [mpf(0)]
    for k in reversed(total):
        new = [mpf(0)] * (len(result) + 1)
        for i, t in enumerate(result):
            new[i] += t * shift
            new[i + 1] += t * scale
        new[0] += k
        result = new
    return result[: len(c)]


def fit(name, f, a, b, degree, bits):
    print("==", name)
    for c in reversed(powers(chebyshev(f, mpf(a), mpf(b), degree), mpf(a), mpf(b))):
        m, e = mpmath.frexp(c)
        print(float(mpmath.nint(m * mpf(2) ** bits) * mpf(2) ** (int(e) - bits)).hex())


def two(name, value):
    hi = mpf(float(value))
    print("==", name, float(hi).hex(), float(value - hi).hex())


def erfcx(a):
    if a < 60:
        return exp(a * a) * erfc(a)
    s = 1 / (2 * a * a)
    return (1 - s + 3 * s**2 - 15 * s**3 + 105 * s**4 - 945 * s**5 + 10395 * s**6) / (a * sqrt(pi))


def scaled_erfcx(k):
    """(1 + 2a) erfcx(a) as a function of q = (a - k) / (a + k)."""
    return lambda q: (lambda a: (1 + 2 * a) * erfcx(a))(k * (1 + q) / (1 - q))


def erf_tail(z):
    return erf(sqrt(z)) / sqrt(z) - 1 if z > 0 else 2 / sqrt(pi) - 1


def erfinv_central(w):
    """erfinv(x) / x for x = sqrt(1 - e^-w)."""
    x = sqrt(1 - exp(-max(w, TINY)))
    return mpmath.erfinv(x) / x


def erfinv_tail(q, k=5):
    """erfcinv(e^-t^2) / t - 1 for t = k (1 + q) / (1 - q), by Newton's method on the logarithm."""
    t = k * (1 + q) / (1 - q)
    y = t * mpf("0.9")
    for _ in range(60):
        e = erfc(y)
        d = (log(e) + t * t) * e * exp(y * y) * sqrt(pi) / 2
        y += d
        if abs(d) < mpf(2) ** -220 * y:
            break
    return y / t - 1


def error_functions():
    fit("erfcx f32", scaled_erfcx(mpf(3)), -1, 1 - TINY, 12, 24)
    fit("erfcx f64", scaled_erfcx(mpf(4)), -1, 1 - TINY, 24, 53)
    fit("erf f32", erf_tail, mpf(2) ** -60, 1, 6, 24)
    fit("erf f64", erf_tail, mpf(2) ** -60, 1, 13, 53)
    fit("erfinv central f32, w - 1.5", lambda v: erfinv_central(v + mpf("1.5")), mpf("-1.5"), mpf("1.5"), 8, 24)
    fit("erfinv central f64, w - 2.5", lambda v: erfinv_central(v + mpf("2.5")), mpf("-2.5"), mpf("2.5"), 20, 53)
    q = lambda t: (t - 5) / (t + 5)
    fit("erfinv tail f32", erfinv_tail, q(sqrt(-log(mpf("0.026")))), q(mpf("10.3")), 10, 24)
    fit("erfinv tail f64", erfinv_tail, q(sqrt(-log(mpf("0.0036")))), q(mpf("27.5")), 24, 53)


def stirling_rest(x):
    return exp(loggamma(x) + x - (x - mpf("0.5")) * log(x))


def lgamma_between(v):
    """log(Gamma(x)) / ((x - 1)(x - 2)), x = v + 2."""
    x = v + 2
    if abs((x - 1) * (x - 2)) < mpf(2) ** -60:
        x += mpf(2) ** -50
    return loggamma(x) / ((x - 1) * (x - 2))


def gamma_functions():
    fit("gamma L, (x - 1) / (x + 1)", lambda u: stirling_rest((1 + u) / (1 - u)), 0, 1 - mpf(2) ** -34, 20, 53)
    fit("lgamma S, 1/x^2", lambda u: (log(stirling_rest(1 / sqrt(u))) - log(2 * pi) / 2) / sqrt(u), TINY, mpf(1) / 9, 12, 53)
    fit("lgamma R, x - 2", lgamma_between, -1, 1, 26, 53)


def phase(n, s):
    x = 1 / sqrt(s)
    p = mpmath.atan2(bessely(n, x), besselj(n, x)) - x + pi / 4 + n * pi / 2
    return (p - 2 * pi * mpmath.nint(p / (2 * pi))) * x


def modulus(n, s):
    x = 1 / sqrt(s)
    return sqrt((besselj(n, x) ** 2 + bessely(n, x) ** 2) * pi * x / 2)


def without_zeros(f, zeros, squared):
    def g(x):
        p = mpf(1)
        for z in zeros:
            p *= x * x - z * z if squared else x - z
        return f(x) / p
    return g


def y_low(n, zero):
    def g(s):
        x = sqrt(s)
        if abs(x - zero) < TINY:
            x += TINY
        return (bessely(n, x) - 2 / pi * log(x / zero) * besselj(n, x)) * x**n / (x * x - zero * zero)
    return g


def i_large(n, s):
    x = 1 / s
    if x < 720:
        return besseli(n, x) * exp(-x) * sqrt(x)
    term = total = mpf(1)
    for k in range(1, 40):
        term *= -(4 * n * n - (2 * k - 1) ** 2) / (8 * k * x)
        total += term
    return total / sqrt(2 * pi)


def bessel_functions():
    mp.prec = 200
    for n in (0, 1):
        zeros = [besseljzero(n, k) for k in (1, 2)]
        for k, z in enumerate(zeros):
            two(f"j{n} zero {k + 1}", z)
        g = without_zeros(lambda x, n=n: besselj(n, x) / x**n, zeros, True)
        fit(f"j{n}, 1 - x^2/64", lambda t, g=g: g(sqrt((1 - t) * 64)), 0, 1 - TINY, 14, 53)
        fit(f"modulus {n}, 1/x^2", lambda s, n=n: modulus(n, s), mpf(2) ** -20, mpf(1) / 64, 12, 53)
        fit(f"phase {n}, 1/x^2", lambda s, n=n: phase(n, s), mpf(2) ** -20, mpf(1) / 64, 14, 53)
        zeros = [besselyzero(n, k) for k in (1, 2, 3, 4)]
        for k, z in enumerate(zeros):
            two(f"y{n} zero {k + 1}", z)
        g = without_zeros(lambda x, n=n: bessely(n, x), zeros[1 : 4 - n], False)
        fit(f"y{n} on [3, 8], (x - 5.5) / 2.5", lambda v, g=g: g(v * mpf("2.5") + mpf("5.5")), -1, 1, 25, 53)
        fit(f"y{n} below 3, x^2", y_low(n, zeros[0]), TINY, 9, 12, 53)
        fit(f"i{n} below 16, x^2", lambda s, n=n: besseli(n, sqrt(s)) / sqrt(s) ** n, TINY, 256, 23, 53)
        fit(f"i{n} from 16, 1/x", lambda s, n=n: i_large(n, s), TINY, mpf(1) / 16, 12, 53)


if __name__ == "__main__":
    error_functions()
    gamma_functions()
    bessel_functions()
