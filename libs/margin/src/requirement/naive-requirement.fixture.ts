// The requirement once more, as the design's text reads: an oracle that shares no code with the library.
// Loops over objects, uses Math's own functions, forgets nothing between two numbers.
import type { ScenarioModel, Scenario, SkewCap } from '../model/risk-model.ts'
import type { Account, OptionPosition } from '../portfolio/account.ts'
import type { ExpirySnapshot, MarketSnapshot, UnderlyingSnapshot } from '../portfolio/market-snapshot.ts'

/** What the oracle says of an account. */
export interface NaiveRequirement {
  readonly value: number
  readonly maintenanceMargin: number
  readonly initialMargin: number
  readonly profits: readonly (readonly number[])[]
  readonly bases: readonly number[]
}

const unit = (e18: bigint) => Number(e18) / 1e18
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

/**
 * Complementary error function: W. J. Cody's idea in the form of Numerical Recipes' Chebyshev fit, 1.2e-7.
 */
function erfc(x: number): number {
  const z = Math.abs(x)
  // A continued fraction beyond 2, a power series before: both to machine precision
  if (z < 2) {
    let [term, total] = [z, z]
    for (let n = 1; Math.abs(term) > 1e-18; n++) {
      term *= (-z * z) / n
      total += term / (2 * n + 1)
    }
    const value = 1 - (2 / Math.sqrt(Math.PI)) * total
    return x < 0 ? 2 - value : value
  }
  let fraction = 0
  for (let k = 200; k > 0; k--) fraction = k / 2 / (z + fraction)
  const value = Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction)
  return x < 0 ? 2 - value : value
}

const normal = (x: number) => erfc(-x / Math.SQRT2) / 2

function black(
  forward: number,
  strike: number,
  deviation: number,
  discount: number,
  isCall: boolean,
): number {
  if (deviation === 0) return discount * Math.max(0, isCall ? forward - strike : strike - forward)
  const d1 = Math.log(forward / strike) / deviation + deviation / 2
  const d2 = d1 - deviation
  return isCall
    ? discount * (forward * normal(d1) - strike * normal(d2))
    : discount * (strike * normal(-d2) - forward * normal(-d1))
}

function volatility({ markVols, surface }: ExpirySnapshot, { strike, isCall }: OptionPosition): number {
  const mark = markVols?.find((each) => each.strike === strike && each.isCall === isCall)
  if (mark) return mark.volatility
  const { a, b, rho, m, sigma, forward, tau } = surface!
  const cap = 4 * Math.sqrt(a + b * sigma)
  const k = Math.max(-cap, Math.min(cap, Math.log(strike / forward)))
  const w = a + b * (rho * (k - m) + Math.sqrt((k - m) ** 2 + sigma ** 2))
  return Math.sqrt(Math.min(w, 144) / tau)
}

function shockedVolatility(
  model: ScenarioModel,
  years: number,
  forward: number,
  strike: number,
  vol: number,
  direction: Scenario['vol'],
): number {
  const { rangeUp, rangeDown, shortTermPower, longTermPower, floorDays, upVolMin } = model.volShock
  const days = years * 365
  const growth = (30 / Math.max(days, floorDays)) ** (days <= 30 ? shortTermPower : longTermPower)
  if (direction === 'none') return vol
  if (direction === 'up') return Math.max(upVolMin, vol * (1 + rangeUp * growth))
  if (direction === 'down') return vol * Math.max(0, 1 - rangeDown * growth)
  const { kStarMin, width, volBase, volSlope, linear, absolute } = model.skew
  const root = Math.sqrt(years)
  const kStar = Math.max(kStarMin, root * width * (volBase + volSlope * root))
  const x = Math.log(strike / forward)
  const tilt = (cap: SkewCap, at: number) => {
    const limit = cap.cap + cap.slope * root
    return at >= 0 ? Math.min(limit, (at * limit) / kStar) : Math.max(-limit, (at * limit) / kStar)
  }
  return vol * Math.max(0, 1 + (direction === 'linearSkew' ? tilt(linear, x) : tilt(absolute, Math.abs(x))))
}

/** One expiry of one underlying with what an account holds of it. */
class NaiveExpiry {
  readonly years: number
  readonly rate: number
  readonly discount: number
  readonly long: number
  readonly short: number
  readonly model: ScenarioModel
  readonly expiry: ExpirySnapshot
  readonly options: readonly OptionPosition[]
  readonly futureSize: number

  constructor(
    model: ScenarioModel,
    now: number,
    expiry: ExpirySnapshot,
    options: readonly OptionPosition[],
    futureSize: number,
  ) {
    this.model = model
    this.expiry = expiry
    this.options = options
    this.futureSize = futureSize
    const seconds = Math.max(0, expiry.expirySeconds - now)
    this.years = seconds / 31_536_000
    this.rate = Math.max(0, expiry.rate)
    const full = Math.exp(-this.rate * this.years)
    this.discount = model.discountsOptions ? full : 1
    const { long, short } = model.staticDiscount
    const factor = ({ base, rateMultiplier, rateAddend }: typeof long, sign: number) =>
      base * Math.exp(sign * this.years * (this.rate * rateMultiplier + rateAddend))
    this.long = seconds === 0 ? 1 : factor(long, -1)
    this.short = seconds === 0 ? 1 : Math.min(1 / full, factor(short, 1))
  }

  valueAt(multiplier: number, direction: Scenario['vol']): number {
    const { forwardFixed, forwardVariable } = this.expiry
    const live = forwardFixed + forwardVariable
    const shocked = forwardFixed + forwardVariable * multiplier
    return sum(
      this.options.map((option) => {
        const vol = shockedVolatility(
          this.model,
          this.years,
          live,
          option.strike,
          volatility(this.expiry, option),
          direction,
        )
        return (
          option.amount *
          black(shocked, option.strike, vol * Math.sqrt(this.years), this.discount, option.isCall)
        )
      }),
    )
  }

  get mark(): number {
    return this.valueAt(1, 'none')
  }

  profit({ spot, vol, dampening }: Scenario): number {
    const value = this.valueAt(spot, vol)
    const change = value * (value >= 0 ? this.long : this.short) - this.mark
    return (vol.endsWith('Skew') ? -Math.abs(change) : change) * dampening
  }

  get basis(): number {
    const { spotUp, spotDown, addend, timeFactor } = this.model.basis
    const move = (multiplier: number) =>
      this.valueAt(multiplier, 'none') -
      this.mark +
      this.futureSize * this.expiry.forwardVariable * (multiplier - 1)
    return Math.min(0, move(spotUp), move(spotDown)) * (addend + timeFactor * this.years)
  }

  get naked(): number {
    const strikes = [...new Set(this.options.map(({ strike }) => strike))]
    return sum(
      strikes.map((strike) => {
        const at = (side: boolean) =>
          sum(
            this.options.filter((o) => o.strike === strike && o.isCall === side).map(({ amount }) => amount),
          )
        const [calls, puts] = [at(true), at(false)]
        if (calls * puts < 0) return Math.max(0, -(calls + puts))
        return Math.max(0, -calls) + Math.max(0, -puts)
      }),
    )
  }
}

interface Side {
  profits: number[]
  basis: number
  mark: number
  maintenance: number
  initial: number
}

function confidenceCost(model: ScenarioModel, ...confidences: readonly bigint[]): number {
  const least = confidences.reduce((a, b) => (b < a ? b : a))
  const { confidenceThreshold, confidenceMargin } = model.contingencies
  return least < confidenceThreshold ? (1 - unit(least)) * confidenceMargin : 0
}

function sideOf(
  model: ScenarioModel,
  snapshot: MarketSnapshot,
  account: Account,
  underlying: UnderlyingSnapshot,
): Side {
  const { name, spot, spotConfidence, perp } = underlying
  const { contingencies, scenarios } = model
  const own = account.perps?.find((each) => each.underlying === name)
  const size = own?.size ?? 0
  const held = size !== 0 && perp ? [spotConfidence, perp.confidence] : [spotConfidence]
  const stable = unit(snapshot.stablePrice)
  const futures = (account.futures ?? []).filter((each) => each.underlying === name)
  const expiries = underlying.expiries.map((expiry) => {
    const options = (account.options ?? []).filter(
      (each) => each.underlying === name && each.expirySeconds === expiry.expirySeconds && each.amount !== 0,
    )
    const future = futures.find((each) => each.expirySeconds === expiry.expirySeconds)
    return new NaiveExpiry(model, snapshot.timeSeconds, expiry, options, future?.size ?? 0)
  })
  const cancelling = snapshot.assets.filter((asset) => asset.cancelsRisk && asset.underlying === name)
  const amountOf = (asset: string) => account.collateral?.find((each) => each.asset === asset)?.amount ?? 0
  const exposure =
    size * (perp?.price ?? 0) +
    sum(expiries.map(({ futureSize, expiry }) => futureSize * expiry.forwardVariable)) +
    sum(cancelling.map((asset) => (amountOf(asset.name) * asset.price) / stable))
  const linearNotional = (Math.abs(size) + sum(futures.map((each) => Math.abs(each.size)))) * spot
  const naked = sum(expiries.map((each) => each.naked)) * spot
  const { perp: perpShare, nakedOption } = contingencies
  const maintenance = linearNotional * perpShare.maintenance + naked * nakedOption.maintenance
  const confidence =
    Math.abs(size) * spot * (perp ? confidenceCost(model, spotConfidence, perp.confidence) : 0) +
    sum(
      expiries.map(({ expiry, options, futureSize }) => {
        const { forwardConfidence, rateConfidence, volConfidence } = expiry
        const amount = sum(options.map((each) => Math.abs(each.amount)))
        return (
          amount * spot * confidenceCost(model, ...held, forwardConfidence, rateConfidence, volConfidence) +
          Math.abs(futureSize) * spot * confidenceCost(model, spotConfidence, forwardConfidence)
        )
      }),
    )
  const futureMarks = futures.map((each) => {
    const { forwardFixed, forwardVariable } = underlying.expiries.find(
      ({ expirySeconds }) => expirySeconds === each.expirySeconds,
    )!
    return each.size * (forwardFixed + forwardVariable) + each.quote
  })
  return {
    profits: scenarios.map(
      (scenario) =>
        sum(expiries.map((each) => each.profit(scenario))) +
        (scenario.vol.endsWith('Skew') ? 0 : exposure * (scenario.spot - 1) * scenario.dampening),
    ),
    basis: sum(expiries.map((each) => each.basis)),
    mark:
      sum(expiries.map((each) => each.mark)) +
      sum(futureMarks) +
      (own ? size * perp!.price + own.quote + (own.unsettled ?? 0) : 0),
    maintenance,
    initial: linearNotional * perpShare.initial + naked * nakedOption.initial + confidence,
  }
}

/**
 * Margins of an account under a scenario model of the pm2 kind (contingencies are not scaled by loss
 * factors).
 */
export function naiveRequirement(
  model: ScenarioModel,
  snapshot: MarketSnapshot,
  account: Account,
): NaiveRequirement {
  const sides = snapshot.underlyings.map((underlying) => sideOf(model, snapshot, account, underlying))
  const stable = unit(snapshot.stablePrice)
  const collateral = (account.collateral ?? []).map(({ asset, amount }) => {
    const found = snapshot.assets.find(({ name }) => name === asset)!
    const value = (amount * found.price) / stable
    const spot = snapshot.underlyings.find(({ name }) => name === found.underlying)
    const confidences = spot ? [found.confidence, spot.spotConfidence] : [found.confidence]
    return {
      value,
      maintenance: value * found.maintenanceHaircut,
      initial: value * found.initialHaircut + value * confidenceCost(model, ...confidences),
    }
  })
  const value = account.cash + sum(sides.map(({ mark }) => mark)) + sum(collateral.map((each) => each.value))
  const worstOf = (members: readonly Side[]) => ({
    apart: sum(members.map(({ basis, profits }) => Math.min(basis, ...profits))),
    joint: Math.min(
      sum(members.map(({ basis }) => basis)),
      ...model.scenarios.map((_, s) => sum(members.map(({ profits }) => profits[s]!))),
    ),
  })
  const named = model.offsetGroups.flatMap(({ underlyings }) => underlyings)
  const groups = model.offsetGroups.map(({ underlyings, lambda }) => {
    const members = sides.filter((_, i) => underlyings.includes(snapshot.underlyings[i]!.name))
    const { apart, joint } = worstOf(members)
    return (1 - lambda) * apart + lambda * joint
  })
  const alone = sides.filter((_, i) => !named.includes(snapshot.underlyings[i]!.name))
  const worst = sum(groups) + worstOf(alone).apart
  const maintenance =
    sum(sides.map((each) => each.maintenance)) + sum(collateral.map((each) => each.maintenance))
  const initial = sum(sides.map((each) => each.initial)) + sum(collateral.map((each) => each.initial))
  const peg = Math.max(0, unit(model.peg.threshold) - stable) * model.peg.factor
  return {
    value,
    maintenanceMargin: value + worst * model.lossFactors.maintenance - maintenance,
    initialMargin: value + worst * (model.lossFactors.initial + peg) - maintenance - initial,
    profits: sides.map(({ profits }) => profits),
    bases: sides.map(({ basis }) => basis),
  }
}
