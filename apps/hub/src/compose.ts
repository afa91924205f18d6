// The parts that every Cosmos chain made here shares: accounts, ledger, validators, IBC, transfers, and how
// they are joined.
import type { LightClient } from '@causeway/messaging'
import { IBC_STORE_NAME, TRANSFER_PORT, findCounterparty, isClientId } from '@causeway/messaging'
import type { Context, ReadContext } from './block/context.ts'
import type { Composition } from './block/composition.ts'
import { DEFAULT_BLOCK_LIMITS } from './block/lanes.ts'
import type { AddressCodec, Holder } from './identifiers.ts'
import { accountsModule } from './modules/accounts/module.ts'
import { addressOfKey, createAccounts } from './modules/accounts/accounts.ts'
import type { Accounts } from './modules/accounts/accounts.ts'
import { createIbc } from './modules/ibc/ibc.ts'
import type { Ibc } from './modules/ibc/ibc.ts'
import { pendingPackets } from './modules/ibc/invariants.ts'
import { ibcModule } from './modules/ibc/module.ts'
import type { ClientOpened } from './modules/ibc/opened-client.ts'
import { createLedger } from './modules/ledger/ledger.ts'
import type { Ledger, LedgerPorts } from './modules/ledger/ledger.ts'
import { ledgerModule } from './modules/ledger/module.ts'
import {
  LEDGER_STORE,
  assetIdOf,
  lines as storedLines,
  readAsset,
  readBalance,
} from './modules/ledger/state.ts'
import { FEE_COLLECTOR, isUnpayable } from './named-accounts.ts'
import { relayOf } from './packet-relays.ts'
import { linkPorts } from './compose-accounts.ts'
import type { Linking } from './compose-accounts.ts'
import type { Settlement } from './compose-settlement.ts'
import { createTransfer } from './modules/transfer/transfer.ts'
import type { Transfer } from './modules/transfer/transfer.ts'
import type { SettlingBank } from './modules/transfer/hub-bank.ts'
import { transferModule } from './modules/transfer/module.ts'
import type { TransferLedger } from './modules/transfer/ports.ts'
import type { AuthenticationPorts } from './tx/authenticate.ts'
import type { Module } from './block/module.ts'

/** Accounts and balances of a chain. */
export interface Foundation {
  readonly addresses: AddressCodec
  readonly accounts: Accounts
  readonly ledger: Ledger
  /** The same balances; whoever wants to know of fees is told by it. */
  readonly feeLedger: Ledger
  readonly transferLedger: TransferLedger
}

/** Who is told of changes of balances: of fees apart, as nobody pays for what they bring about. */
export interface BalanceListeners {
  readonly balanceChanged?: NonNullable<LedgerPorts['balanceChanged']>
  readonly feePaid?: NonNullable<LedgerPorts['balanceChanged']>
}

/** What differs from chain to chain. */
export interface BridgeOptions {
  readonly lightClients: readonly LightClient[]
  readonly bank: SettlingBank
  readonly checkWithdrawal: (context: Context, holder: Holder) => void
  /**
   * Makes lines of what is listed for a client; absent on a chain that keeps tokens from elsewhere as plain
   * assets.
   */
  readonly openListedLines?: ClientOpened<Context>
  /** What stands beside transfers on a hub. */
  readonly settlement?: Settlement
  readonly linking: Linking
}

/** Accounts, clients, lines and transfers of a chain, joined. */
export interface Bridge {
  readonly ibc: Ibc
  readonly transfer: Transfer
  readonly modules: readonly Module[]
}

/** Makes accounts and balances. */
export function createFoundation(addresses: AddressCodec, listeners: BalanceListeners = {}): Foundation {
  const { balanceChanged = () => undefined, feePaid = () => undefined } = listeners
  const accounts = createAccounts(addresses)
  const ledger = createLedger({ addresses, ensureAccount: accounts.ensure, balanceChanged })
  const feeLedger = createLedger({ addresses, ensureAccount: accounts.ensure, balanceChanged: feePaid })
  const transferLedger: TransferLedger = {
    asset: ledger.asset,
    balance: ledger.balance,
    move: ledger.move,
    isNative: (context, asset) => readAsset(context.store(LEDGER_STORE), asset).native,
  }
  return { addresses, accounts, ledger, feeLedger, transferLedger }
}

/**
 * The modules accounts, ibc, ledger and transfer, joined: in genesis order, as lines are of clients and
 * transfers of lines.
 */
export function createBridge(foundation: Foundation, options: BridgeOptions): Bridge {
  const { addresses, accounts, ledger } = foundation
  const { checkWithdrawal, openListedLines, settlement } = options
  const transfer = createTransfer({
    ...{ addresses, bank: options.bank, isBlocked: isUnpayable },
    delivered: (context, delivery, relayer) => settlement?.delivered(context, delivery, relayer),
  })
  const ibc = createIbc({
    lightClients: options.lightClients,
    application: (portId) =>
      portId === TRANSFER_PORT ? transfer.application : settlement?.application(portId),
    received: (context, packet) => settlement?.received(context, packet),
  })
  const lines = openListedLines === undefined ? {} : { lines: { hasCounterparty } }
  const modules = [
    accountsModule(addresses, linkPorts(ledger, options.linking)),
    ibcModule(ibc, addresses, openListedLines ?? (() => undefined)),
    ledgerModule(ledger, { addresses, ensureAccount: accounts.ensure, checkWithdrawal, ...lines }),
    // Before transfers, which want to know which packets are not theirs.
    ...(settlement?.modules ?? []),
    transferModule(transfer, {
      addresses,
      sendPacket: ibc.send,
      genesisPaths: (context) => [...storedLines(context.store(LEDGER_STORE))].map(({ denom }) => denom),
      pendingPackets: (context) =>
        pendingPackets(context).filter((packet) => settlement?.isUnderWay(context, packet) !== true),
      recordsTransfers: openListedLines !== undefined,
      inFlightByLine,
    }),
  ]
  return { ibc, transfer, modules }
}

/** Throws `ProtocolError` when the fee that a holder has just paid in an asset was needed where it was. */
export type CheckFee = (context: Context, holder: Holder, asset: bigint) => void

/** Whether an account is worth enough to send trade transactions for free. */
export type IsWorthEnough = (context: Context, account: Uint8Array) => boolean

/** Fees in cash, which is no asset of the ledger; amounts are micro-cash. */
export interface CashFees {
  freeE6(context: ReadContext, holder: Holder): bigint
  /** Moves it to the fee collector. Throws `risk/1` or `risk/2` when it was needed. */
  pay(context: Context, holder: Holder, amountE6: bigint): void
}

/** What differs in how chains are paid. */
export interface HubFees {
  readonly checkFee?: CheckFee
  readonly isWorthEnough?: IsWorthEnough
  readonly cashFees?: CashFees
}

/** The denomination of fees in cash, where gas prices name it. */
export const CASH_DENOM = 'cash'

/** How transactions of this chain are authenticated and paid. */
export function authenticationPorts(
  { addresses, accounts, feeLedger }: Foundation,
  { checkFee = () => undefined, isWorthEnough = () => false, cashFees }: HubFees = {},
): AuthenticationPorts {
  return {
    addresses,
    addressOfKey,
    findAccount: accounts.find,
    owner: accounts.owner,
    findSession: accounts.findSession,
    takeNonce: accounts.takeNonce,
    takeTokens: (context, account, tokens) =>
      accounts.takeTokens(context, account, tokens, () => isWorthEnough(context, account)),
    advance: accounts.advance,
    gasPrices: accounts.gasPrices,
    spendable: (context, holder, denom) =>
      cashFees !== undefined && denom === CASH_DENOM
        ? cashFees.freeE6(context, holder)
        : balanceOf(context, holder, denom),
    payFee(context, holder, { denom, amount }) {
      if (cashFees !== undefined && denom === CASH_DENOM) return cashFees.pay(context, holder, amount)
      const asset = feeLedger.asset(context, denom)
      feeLedger.move(context, holder, FEE_COLLECTOR, asset, amount)
      checkFee(context, holder, asset.id)
    },
  }
}

/** Joins modules into a chain with default limits; unless told what is urgent, lanes 2 and 3 are empty. */
export function composition(
  foundation: Foundation,
  {
    fees,
    isUrgent = () => false,
    ...parts
  }: Pick<Composition, 'name' | 'modules' | 'validators' | 'voteExtensions' | 'aside' | 'inclusion'> &
    Partial<Pick<Composition, 'isUrgent'>> & { readonly fees?: HubFees },
): Composition {
  return {
    addresses: foundation.addresses,
    authentication: authenticationPorts(foundation, fees),
    limits: DEFAULT_BLOCK_LIMITS,
    relayOf,
    isUrgent,
    ...parts,
  }
}

function balanceOf(context: ReadContext, holder: Holder, denom: string): bigint {
  const store = context.store(LEDGER_STORE)
  const asset = assetIdOf(store, denom)
  return asset === undefined ? 0n : readBalance(store, holder, asset)
}

function hasCounterparty(context: ReadContext, client: string): boolean {
  return isClientId(client) && findCounterparty(context.store(IBC_STORE_NAME), client) !== undefined
}

function inFlightByLine(context: ReadContext): ReadonlyMap<bigint, bigint> {
  return new Map(
    [...storedLines(context.store(LEDGER_STORE))].map(({ id, inFlight }) => [id, BigInt(inFlight)]),
  )
}
