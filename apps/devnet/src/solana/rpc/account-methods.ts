import { equalBytes, toBase58 } from '@causeway/primitives'
import type { AccountState } from '@causeway/light-clients'
import type { Cluster } from '../cluster/cluster.ts'
import { isTokenProgram, mintDecimals, readTokenAccount } from '../cluster/token-balances.ts'
import { bytesOf } from '../execution/accounts.ts'
import { encodeAccount, requireEncoding } from './encode-account.ts'
import { encodeAmount } from './encode-transaction.ts'
import { readFilters } from './filters.ts'
import type { Methods } from './method.ts'
import { contextSlot, readAddress, readConfig, readList, withContext } from './parameters.ts'
import type { Config } from './parameters.ts'
import { invalidParams } from './rpc-error.ts'

const ACCOUNTS_MAX = 100

/** Reads of accounts, at the commitment that is asked for. */
export const accountMethods: Methods = {
  getAccountInfo(cluster, [address, config]) {
    const { slot, options, account } = reader(cluster, config)
    const found = account(readAddress(address))
    requireEncoding(options)
    return withContext(slot, found ? encodeAccount(found, options) : null)
  },
  getMultipleAccounts(cluster, [addresses, config]) {
    const { slot, options, account } = reader(cluster, config)
    requireEncoding(options)
    const encoded = readList(addresses, ACCOUNTS_MAX, readAddress).map((address) => {
      const found = account(address)
      return found ? encodeAccount(found, options) : null
    })
    return withContext(slot, encoded)
  },
  getBalance(cluster, [address, config]) {
    const { slot, account } = reader(cluster, config)
    return withContext(slot, account(readAddress(address))?.lamports ?? 0n)
  },
  getProgramAccounts(cluster, [program, config]) {
    const { slot, options } = reader(cluster, config)
    const owner = readAddress(program)
    const isWanted = readFilters(options['filters'])
    const found = accountsAt(
      cluster,
      slot,
      (account) => equalBytes(account.owner, owner) && isWanted(account),
    )
    const list = found.map(([address, account]) => keyed(address, account, options))
    return options['withContext'] === true ? withContext(slot, list) : list
  },
  getTokenAccountBalance(cluster, [address, config]) {
    const { slot, account } = reader(cluster, config)
    const state = account(readAddress(address))
    const token = state && readTokenAccount(state)
    const decimals = token && mintDecimals(account(token.mint))
    if (!token || decimals === undefined) throw invalidParams('could not find account')
    return withContext(slot, encodeAmount(token.amount, decimals))
  },
  getTokenSupply(cluster, [address, config]) {
    const { slot, account } = reader(cluster, config)
    const mint = account(readAddress(address))
    const decimals = mintDecimals(mint)
    if (!mint || decimals === undefined) throw invalidParams('not a Token mint')
    const supply = new DataView(mint.data.buffer, mint.data.byteOffset).getBigUint64(36, true)
    return withContext(slot, encodeAmount(supply, decimals))
  },
  getTokenAccountsByOwner(cluster, [address, filter, config]) {
    const { slot, options } = reader(cluster, config)
    const owner = readAddress(address)
    const isWanted = readTokenFilter(filter)
    const found = accountsAt(cluster, slot, (account) => {
      const token = readTokenAccount(account)
      return token !== undefined && equalBytes(token.owner, owner) && isWanted(account, token.mint)
    })
    return withContext(
      slot,
      found.map(([key, account]) => keyed(key, account, options)),
    )
  },
}

function reader(cluster: Cluster, config: unknown) {
  const options = readConfig(config)
  const slot = contextSlot(cluster, options)
  const account = (address: Uint8Array) => cluster.history.accountAt(address, slot)
  return { slot, options, account }
}

/** All accounts, as a slot left them, that are wanted. */
function accountsAt(
  { state, history }: Cluster,
  slot: bigint,
  isWanted: (account: AccountState) => boolean,
): [Uint8Array, AccountState][] {
  const changed = history.writtenAfter(slot)
  const found: [Uint8Array, AccountState][] = []
  for (const [key, account] of state.accounts)
    if (!changed.has(key) && isWanted(account)) found.push([bytesOf(key), account])
  for (const key of changed) {
    const address = bytesOf(key)
    const account = history.accountAt(address, slot)
    if (account && isWanted(account)) found.push([address, account])
  }
  return found
}

function keyed(address: Uint8Array, account: AccountState, options: Config): unknown {
  return { pubkey: toBase58(address), account: encodeAccount(account, options) }
}

function readTokenFilter(value: unknown): (account: AccountState, mint: Uint8Array) => boolean {
  const { mint, programId } = readConfig(value)
  if (mint !== undefined) {
    const wanted = readAddress(mint)
    return (_, of) => equalBytes(of, wanted)
  }
  const program = readAddress(programId)
  if (!isTokenProgram(program)) throw invalidParams('unrecognized Token program id')
  return ({ owner }) => equalBytes(owner, program)
}
