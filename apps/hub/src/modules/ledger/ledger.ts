// Balances: accounts × assets. Every change is exact, told, and leaves the asset's supply equal to the sum of
// its balances.
import { U256_MAX, assert } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import {
  emitBalance,
  emitBurn,
  emitCoinReceived,
  emitCoinSpent,
  emitCoinbase,
  emitTransfer,
} from './events.ts'
import type { NamedAsset } from './events.ts'
import {
  LEDGER_STORE,
  assetIdOf,
  createAsset,
  readAsset,
  readBalance,
  writeAsset,
  writeBalance,
} from './state.ts'

/** What the ledger needs of other modules. */
export interface LedgerPorts {
  readonly addresses: AddressCodec
  /** Creates the account that an address names unless it exists; gives its id. */
  ensureAccount(context: Context, address: Uint8Array): Uint8Array
  /** Is told of every change of a balance, after it was written. */
  balanceChanged?(context: Context, holder: Holder, asset: bigint, delta: bigint): void
}

/** What other parts of the chain do with balances. */
export interface Ledger {
  balance(context: ReadContext, holder: Holder, asset: bigint): bigint
  /** The asset with this denomination. Throws `ledger/20`. */
  asset(context: ReadContext, denom: string): NamedAsset
  /** The asset with this denomination, created with no supply unless it exists. */
  ensureAsset(context: Context, parts: { denom: string; decimals: number; native: boolean }): NamedAsset
  /** Moves an amount. Throws `ledger/5` or `ledger/6`. */
  move(context: Context, from: Holder, to: Holder, asset: NamedAsset, amount: bigint): void
  /** Credits new units. Throws `ledger/6`. */
  mint(context: Context, to: Holder, asset: NamedAsset, amount: bigint): void
  /** Debits units that cease to exist. Throws `ledger/5`. */
  burn(context: Context, from: Holder, asset: NamedAsset, amount: bigint): void
}

/** Makes the ledger of a chain. */
export function createLedger(ports: LedgerPorts): Ledger {
  return {
    balance: (context, holder, asset) => readBalance(context.store(LEDGER_STORE), holder, asset),
    asset(context, denom) {
      const id = assetIdOf(context.store(LEDGER_STORE), denom)
      if (id === undefined) throw errors.unknownDenom({ denom: denom.slice(0, 128) })
      return { id, denom }
    },
    ensureAsset(context, parts) {
      const store = context.store(LEDGER_STORE)
      const id = assetIdOf(store, parts.denom) ?? createAsset(store, parts).id
      return { id, denom: parts.denom }
    },
    move: (context, from, to, asset, amount) => move(ports, context, { from, to, asset, amount }),
    mint: (context, to, asset, amount) => mint(ports, context, to, asset, amount),
    burn: (context, from, asset, amount) => burn(ports, context, from, asset, amount),
  }
}

interface Movement {
  readonly from: Holder
  readonly to: Holder
  readonly asset: NamedAsset
  readonly amount: bigint
}

function move(ports: LedgerPorts, context: Context, { from, to, asset, amount }: Movement): void {
  debit(ports, context, from, asset, amount)
  credit(ports, context, to, asset, amount)
  const coin = `${amount}${asset.denom}`
  const sender = ports.addresses.encode(from.account)
  const recipient = ports.addresses.encode(to.account)
  emitCoinSpent(context, sender, coin)
  emitCoinReceived(context, recipient, coin)
  emitTransfer(context, recipient, sender, coin)
}

function mint(ports: LedgerPorts, context: Context, to: Holder, asset: NamedAsset, amount: bigint): void {
  const store = context.store(LEDGER_STORE)
  const stored = readAsset(store, asset.id)
  const supply = BigInt(stored.supply) + amount
  if (supply > U256_MAX) throw errors.overflow({ denom: asset.denom, bits: 256 })
  writeAsset(store, { ...stored, supply: supply.toString() })
  credit(ports, context, to, asset, amount)
  const receiver = ports.addresses.encode(to.account)
  emitCoinReceived(context, receiver, `${amount}${asset.denom}`)
  emitCoinbase(context, receiver, `${amount}${asset.denom}`)
}

function burn(ports: LedgerPorts, context: Context, from: Holder, asset: NamedAsset, amount: bigint): void {
  debit(ports, context, from, asset, amount)
  const store = context.store(LEDGER_STORE)
  const stored = readAsset(store, asset.id)
  const supply = BigInt(stored.supply) - amount
  assert(supply >= 0n, 'no balance exceeds the supply')
  writeAsset(store, { ...stored, supply: supply.toString() })
  const spender = ports.addresses.encode(from.account)
  emitCoinSpent(context, spender, `${amount}${asset.denom}`)
  emitBurn(context, spender, `${amount}${asset.denom}`)
}

function debit(
  ports: LedgerPorts,
  context: Context,
  holder: Holder,
  asset: NamedAsset,
  amount: bigint,
): void {
  assert(amount > 0n, 'only positive amounts move')
  const store = context.store(LEDGER_STORE)
  const have = readBalance(store, holder, asset.id)
  if (have < amount) throw errors.insufficient({ denom: asset.denom, need: amount, have })
  writeBalance(store, holder, asset.id, have - amount)
  emitBalance(context, ports.addresses, { holder, asset, delta: -amount, balance: have - amount })
  ports.balanceChanged?.(context, holder, asset.id, -amount)
}

function credit(
  ports: LedgerPorts,
  context: Context,
  receiver: Holder,
  asset: NamedAsset,
  amount: bigint,
): void {
  assert(amount > 0n, 'only positive amounts move')
  const store = context.store(LEDGER_STORE)
  // The address of a linked wallet names the account that it was linked to.
  const holder = { ...receiver, account: ports.ensureAccount(context, receiver.account) }
  const balance = readBalance(store, holder, asset.id) + amount
  if (balance > U256_MAX) throw errors.overflow({ denom: asset.denom, bits: 256 })
  writeBalance(store, holder, asset.id, balance)
  emitBalance(context, ports.addresses, { holder, asset, delta: amount, balance })
  ports.balanceChanged?.(context, holder, asset.id, amount)
}
