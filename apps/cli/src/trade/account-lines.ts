// Accounts and portfolios as a terminal shows them.
import type {
  AccountRow,
  CreditedDeposit,
  Deposit,
  Portfolio,
  ProtectionRow,
  ProvenAccount,
  SentWithdrawal,
  VenueGrantRow,
} from '@causeway/client'
import { table } from '../margin/table.ts'
import { ordersLines, sentLines } from './order-lines.ts'

/** Which account a key is. */
export function addressLines({ address, nativeAddress, kind }: Readonly<Record<string, string>>): string[] {
  return table([
    ['account', address!],
    [`${kind} wallet`, nativeAddress!],
  ])
}

/** Wallets, sessions and what is free. */
export function accountLines({ account, wallets, sessions, freeTransactions }: AccountRow): string[] {
  return [
    `account ${account}`,
    ...wallets.map(({ address, kind }) => `  wallet ${address} (${kind})`),
    ...sessions.map(
      ({ publicKey, expirySeconds }) =>
        `  session key ${publicKey}, until ${new Date(expirySeconds * 1000).toISOString()}`,
    ),
    `  ${freeTransactions} trade messages are free now, where the account is worth 100 cash`,
  ]
}

/** What became of a deposit. */
export function depositLines(what: string, { status, receiver }: Deposit & CreditedDeposit): string[] {
  if (status === 'credited') return [`credited ${what} to ${receiver}`]
  return [`the hub refused ${what}: it goes back to the wallet it came from`]
}

/** What a withdrawal did. */
export function withdrawalLines(what: string, sent: SentWithdrawal): string[] {
  const left = sent.sequence === undefined ? [] : [`sent ${what}, packet ${sent.sequence}`]
  const waits =
    sent.waiting === undefined
      ? []
      : [`withdrawal ${sent.waiting} waits for room in the line’s hourly window; it goes by itself`]
  return [...left, ...waits, ...sentLines('', sent)]
}

/** What venues may clear. */
export function venueLines(grants: readonly VenueGrantRow[]): string[] {
  if (grants.length === 0) return ['no venue may clear trades']
  return table([
    ['venue', 'client', 'a day', 'open', 'from mark', 'until', 'markets'],
    ...grants.map((grant) => [
      ...[
        grant.venue,
        grant.client,
        grant.notionalPerDay,
        grant.openNotional,
        `${grant.distanceBps / 100} %`,
      ],
      ...[new Date(grant.expirySeconds * 1000).toISOString(), grant.markets.join(' ')],
    ]),
  ])
}

/** What may be filled of quotes, and what was. */
export function protectionLines(set: ProtectionRow): string[] {
  const { underlying, windowSeconds, sizeMax, deltaMax, vegaMax, filled, isFrozen } = set
  if (windowSeconds === 0) return [`no protection of quotes in ${underlying}`]
  return [
    `quotes in ${underlying}, in ${windowSeconds} s`,
    ...table([
      ['', 'at most', 'filled'],
      ['size', sizeMax ?? '-', filled.size],
      ['delta', deltaMax ?? '-', filled.delta],
      ['vega of a point', vegaMax ?? '-', filled.vega],
    ]),
    ...(isFrozen ? ['FROZEN: quotes are refused until it is reset'] : []),
  ]
}

/** What is proven of a subaccount, and the header to trust next. */
export function provenLines(proven: ProvenAccount): string[] {
  const { account, height, timeSeconds, cash, positions, balances, trust } = proven
  return [
    `${account}: proven in the state after block ${height}`,
    `of ${new Date(timeSeconds * 1000).toISOString()}; how tokens are called is the node’s word`,
    ...table([
      ['cash', cash],
      ...balances.map(({ denom, amount }) => [denom, amount]),
      ...positions.map(({ marketId, size }) => [`position in market ${marketId}`, size]),
    ]),
    `next time: --trust ${trust.height}:${trust.hash}`,
  ]
}

/** All that a subaccount has and needs. */
export function portfolioLines(portfolio: Portfolio): string[] {
  const { account, subaccount, height, collateral, positions, orders, greeks } = portfolio
  return [
    `${account}${subaccount === 0 ? '' : `/${subaccount}`} at block ${height}, in cash`,
    ...table([
      ['equity', portfolio.equity],
      ['  cash', portfolio.cash],
      ...collateral.map(({ denom, amount, value }) => [`  ${amount} ${denom}`, value]),
      ['initial margin left', portfolio.initialMargin],
      ['  required', portfolio.initialRequirement],
      ['  left with orders', portfolio.initialMarginWithOrders],
      ['maintenance margin left', portfolio.maintenanceMargin],
      ['  required', portfolio.maintenanceRequirement],
    ]),
    ...(portfolio.mode === 'free' ? [] : [`mode: ${portfolio.mode} until its prices are fresh`]),
    ...(portfolio.belowMaintenance ? ['BELOW MAINTENANCE: it can open nothing'] : []),
    ...section('Positions', positions.length, () => positionLines(portfolio)),
    ...section('Open orders', orders.length, () => ordersLines(orders)),
    ...(greeks === undefined || positions.length === 0
      ? []
      : [
          '',
          `Greeks  delta ${greeks.deltaCash}  gamma of 1 % ${greeks.gammaCash}` +
            `  vega of a point ${greeks.vegaCash}  theta of a day ${greeks.thetaCash}`,
        ]),
  ]
}

function positionLines({ positions }: Portfolio): string[] {
  return table([
    ['market', 'size', 'mark', 'value', 'unrealised', 'delta', 'vega'],
    ...positions.map(({ market, size, mark = '-', value, unrealised, greeks }) => [
      market,
      size,
      mark,
      value,
      unrealised,
      greeks?.deltaCash ?? '-',
      greeks?.vegaCash ?? '-',
    ]),
  ])
}

function section(title: string, count: number, lines: () => string[]): string[] {
  return count === 0 ? [] : ['', title, ...lines()]
}
