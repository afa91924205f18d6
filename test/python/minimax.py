"""Makes the coefficients of libs/margin/src/math, in 50 digits, and prints them as JSON.

Each approximation is a weighted least-squares fit on Chebyshev's points whose weights are moved until all errors
are alike (C. L. Lawson's algorithm), which is the minimax one. A quotient is made linear by the denominator of
the round before (C. K. Sanathanan and J. Koerner). Needs mpmath; takes about a minute.
"""
import json
from mpmath import atanh, cos, erfc, exp, log, matrix, mp, mpf, pi, polyval, qr_solve, sqrt

mp.dps = 50


def chebyshev(low, high, count):
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def value(coefficients, x):
    return polyval(coefficients[::-1], x)


def solve(rows, right):
    a, b = matrix(len(rows), len(rows[0])), matrix(len(right), 1)
    for i, row in enumerate(rows):
        for j, x in enumerate(row):
            a[i, j] = x
        b[i] = right[i]
    return list(qr_solve(a, b)[0])


def reweight(weights, errors):
    worst = max(errors)
    moved = [w * (e / worst + mpf(10) ** -6) for w, e in zip(weights, errors)]
    mean = sum(moved) / len(moved)
    return [w / mean for w in moved]


def polynomial(f, weight, degree, xs, rounds=60):
    """The minimax polynomial of f under the weight of its error: (error, coefficients)."""
    fx, scale = [f(x) for x in xs], [weight(x) for x in xs]
    weights, best = [mpf(1)] * len(xs), None
    for _ in range(rounds):
        roots = [sqrt(w) * s for w, s in zip(weights, scale)]
        p = solve([[r * x**j for j in range(degree + 1)] for r, x in zip(roots, xs)], [r * y for r, y in zip(roots, fx)])
        errors = [abs((value(p, x) - y) * s) for x, y, s in zip(xs, fx, scale)]
        if best is None or max(errors) < best[0]:
            best = (max(errors), p)
        weights = reweight(weights, errors)
    return best


def quotient(f, start, n, m, xs, rounds=60, settle=8):
    """The minimax P/Q of f in relative error, P(0) = start and Q(0) = 1: (error, P, Q)."""
    fx = [f(x) for x in xs]
    weights, q, best = [mpf(1)] * len(xs), None, None
    for turn in range(rounds):
        before = [mpf(1)] * len(xs) if q is None else [value(q, x) for x in xs]
        roots = [sqrt(w) / (b * y) for w, b, y in zip(weights, before, fx)]
        rows = [
            [r * x**j for j in range(1, n + 1)] + [-r * y * x**j for j in range(1, m + 1)]
            for r, x, y in zip(roots, xs, fx)
        ]
        found = solve(rows, [r * (y - start) for r, y in zip(roots, fx)])
        p, q = [start] + found[:n], [mpf(1)] + found[n:]
        errors = [abs(value(p, x) / value(q, x) / y - 1) for x, y in zip(xs, fx)]
        if best is None or max(errors) < best[0]:
            best = (max(errors), p, q)
        if turn >= settle:
            weights = reweight(weights, errors)
    return best


def doubles(coefficients):
    return [float(c) for c in coefficients]


def main():
    # e^r = 1 + r + r²·P(r) for |r| ≤ ½·ln 2
    half = log(mpf(2)) / 2 * mpf("1.0001")
    _, e = polynomial(lambda r: (exp(r) - 1 - r) / r**2, lambda r: r * r / exp(r), 9, chebyshev(-half, half, 50))
    # ln((1 + s)/(1 − s)) = 2s + s·z·P(z) with z = s², for |s| ≤ (√2 − 1)/(√2 + 1)
    end = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.0005")
    _, l = polynomial(lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z, lambda z: z / 2, 6, chebyshev(mpf(0), end, 40))
    # e^(a²/2)·N(−a) = P(a)/Q(a) for 0 ≤ a ≤ 39, on points that are Chebyshev's in (a − 2)/(a + 2)
    turns = chebyshev(mpf(-1), mpf(37) / 41, 84)
    points = [2 * (1 + t) / (1 - t) for t in turns]
    _, p, q = quotient(lambda a: exp(a * a / 2) * erfc(a / sqrt(mpf(2))) / 2, mpf(1) / 2, 9, 10, points)
    print(json.dumps({"exp": doubles(e), "ln": doubles(l), "tailNumerator": doubles(p), "tailDenominator": doubles(q)}))


main()
