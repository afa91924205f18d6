"""Values and Greeks of European options by QuantLib, for test/interop/quantlib.test.ts.

Reads rows of eight doubles (forward, spot, strike, volatility, years, rate, dividend yield, sign) and writes
rows of twelve: value, the Greeks on the forward (delta, gamma, vega, theta, rho), those on the spot (delta,
gamma, theta, rho, dividend rho) and the elasticity. What QuantLib refuses or can't compute is NaN.
"""
import math
import sys
from array import array

import QuantLib as ql

NAN = float("nan")


def attempt(compute):
    try:
        return compute()
    except (RuntimeError, ZeroDivisionError, OverflowError):
        return NAN


def row(forward, spot, strike, volatility, years, rate, _dividend, sign):
    payoff = ql.PlainVanillaPayoff(ql.Option.Call if sign > 0 else ql.Option.Put, strike)
    try:
        option = ql.BlackCalculator(payoff, forward, volatility * math.sqrt(years), math.exp(-rate * years))
    except RuntimeError:
        return [NAN] * 12
    value = attempt(option.value)
    return [
        value,
        attempt(option.deltaForward),
        attempt(option.gammaForward),
        attempt(lambda: option.vega(years)),
        attempt(lambda: option.theta(forward, years)),
        -years * value,
        attempt(lambda: option.delta(spot)),
        attempt(lambda: option.gamma(spot)),
        attempt(lambda: option.theta(spot, years)),
        attempt(lambda: option.rho(years)),
        attempt(lambda: option.dividendRho(years)),
        attempt(lambda: option.elasticity(spot)),
    ]


def main():
    inputs = array("d")
    inputs.frombytes(sys.stdin.buffer.read())
    answers = array("d")
    for i in range(0, len(inputs), 8):
        answers.extend(row(*inputs[i : i + 8]))
    sys.stdout.buffer.write(answers.tobytes())


main()
