// Risk joined to balances, cash, prices, markets, and to the clients that collateral came over.
import { IBC_STORE_NAME, clientStatus, createLightClientRegistry } from '@causeway/messaging'
import type { LightClient } from '@causeway/messaging'
import type { ReadContext } from './block/context.ts'
import type { BalanceListeners } from './compose.ts'
import { sameHolder } from './identifiers.ts'
import type { AddressCodec, Holder } from './identifiers.ts'
import { CASH_STORE, readPool } from './modules/cash/state.ts'
import type { Cash } from './modules/cash/cash.ts'
import { LEDGER_STORE, balances, findAsset, linesOf, readAsset, readBalance } from './modules/ledger/state.ts'
import type { Oracle } from './modules/oracle/oracle.ts'
import { ORACLE_STORE, readFeed } from './modules/oracle/state.ts'
import type { Risk } from './modules/risk/risk.ts'
import type { RiskModulePorts } from './modules/risk/module.ts'
import type { HeldAsset, RiskMarkets, RiskPorts, RiskPosition } from './modules/risk/ports.ts'
import { MARKET_HOUSE } from './named-accounts.ts'

/** What risk needs; what is a function is asked for when a block runs, so that it may be made after. */
export interface RiskParts<Position extends RiskPosition> {
  readonly addresses: AddressCodec
  readonly oracle: Pick<Oracle, 'price' | 'surface'>
  readonly pendingE6: RiskPorts['pendingE6']
  readonly owingChanged: NonNullable<RiskPorts['owingChanged']>
  readonly markets: RiskMarkets<Position>
  cash(): Cash
}

/** Joins what risk needs. */
export function riskPorts<Position extends RiskPosition>({
  addresses,
  oracle,
  pendingE6,
  owingChanged,
  markets,
  cash,
}: RiskParts<Position>): RiskPorts<Position> {
  return {
    addresses,
    balance: heldAsset,
    balances: heldAssets,
    price: oracle.price,
    surface: oracle.surface,
    symbol: (context, asset) => readFeed(context.store(ORACLE_STORE), asset)?.symbol,
    markets,
    cash: {
      balanceE6: (context, holder) => cash().balanceE6(context, holder),
      lockedE6: (context, holder) => cash().lockedE6(context, holder),
      unlockedE6: (context, holder) => cash().unlockedE6(context, holder),
      stablePrice: (context) => cash().stablePrice(context),
      debtors: (context) => cash().debtors(context),
      isDebtor: (context, holder) =>
        !sameHolder(holder, MARKET_HOUSE) && cash().balanceE6(context, holder) < 0n,
      debtIndex: (context) => readPool(context.store(CASH_STORE)).debtIndex,
    },
    pendingE6,
    owingChanged,
  }
}

/** What the module risk needs beside it. */
export function riskModulePorts<Position extends RiskPosition>({
  markets,
  cash,
  lightClients,
}: Pick<RiskParts<Position>, 'markets' | 'cash'> & {
  readonly lightClients: readonly LightClient[]
}): RiskModulePorts {
  const registry = createLightClientRegistry(lightClients)
  return {
    *backing(context, asset) {
      for (const { client, escrowed, inFlight } of linesOf(context.store(LEDGER_STORE), asset))
        yield { client, amount: BigInt(escrowed) - BigInt(inFlight) }
    },
    clientStatus: (context, client) =>
      clientStatus(context.store(IBC_STORE_NAME), registry, client, context.timeNanoseconds),
    isAsset: (context, id) => findAsset(context.store(LEDGER_STORE), id) !== undefined,
    isEmpty(context, holder) {
      const [held] = heldAssets(context, holder)
      if (held !== undefined || cash().balanceE6(context, holder) !== 0n) return false
      return markets.positions(context, holder).length === 0 && markets.orders(context, holder).length === 0
    },
  }
}

/** What a subaccount holds of an asset; nothing when it holds none. */
export function heldAsset(context: ReadContext, holder: Holder, asset: bigint): HeldAsset | undefined {
  const store = context.store(LEDGER_STORE)
  const amount = readBalance(store, holder, asset)
  if (amount === 0n) return undefined
  const { denom, decimals } = readAsset(store, asset)
  return { asset, denom, decimals, amount }
}

/** A subaccount's balances, ascending by asset, read as they are asked for. */
export function* heldAssets(context: ReadContext, holder: Holder): Iterable<HeldAsset> {
  const store = context.store(LEDGER_STORE)
  for (const { asset, amount } of balances(store, holder.account, holder.subaccount)) {
    const { denom, decimals } = readAsset(store, asset)
    yield { asset, denom, decimals, amount }
  }
}

/** No market: for a chain that lists none. */
export const NO_MARKETS: RiskMarkets = {
  market: () => undefined,
  markets: () => [],
  figures: () => ({ markE9: 0n, openInterestE9: 0n, funding: undefined }),
  positions: () => [],
  fundingE6: () => 0n,
  orders: () => [],
  holders: () => [],
  changedHolders: () => [],
  observedIndex: () => ({ sum: 0n, coveredNanoseconds: 0n }),
  markVolatilities: () => new Map(),
}

/** Risk hears of every change of a balance, too. */
export function withRisk(listeners: BalanceListeners, risk: () => Pick<Risk, 'changed'>): BalanceListeners {
  const both =
    (listener: BalanceListeners['balanceChanged']): NonNullable<BalanceListeners['balanceChanged']> =>
    (context, holder, asset, delta) => {
      risk().changed(holder)
      listener?.(context, holder, asset, delta)
    }
  return { balanceChanged: both(listeners.balanceChanged), feePaid: both(listeners.feePaid) }
}
