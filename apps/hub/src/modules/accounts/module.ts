import type { ReadContext } from '../../block/context.ts'
import type { Module } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { accountQuery } from './account-query.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { messages } from './messages.ts'
import type { LinkPorts } from './ports.ts'
import { queries } from './queries.ts'
import { ACCOUNTS_STORE, accounts, hasAccount, linkedWallets } from './state.ts'

/** The module `accounts`. */
export function accountsModule(addresses: AddressCodec, ports: LinkPorts): Module {
  return {
    name: 'accounts',
    storeName: ACCOUNTS_STORE,
    messages: messages(addresses, ports),
    queries: [...queries(addresses), accountQuery(addresses)],
    initGenesis: (context, state) => initGenesis(context, addresses, state),
    exportGenesis: (context) => exportGenesis(context, addresses),
    invariants: (context) => invariants(context, addresses),
  }
}

function invariants(context: ReadContext, addresses: AddressCodec): string[] {
  const broken: string[] = []
  const numbers = new Set<bigint>()
  const store = context.store(ACCOUNTS_STORE)
  for (const [id, account] of accounts(store)) {
    if (numbers.has(account.number))
      broken.push(`accounts: number ${account.number} of ${addresses.encode(id)} is taken`)
    numbers.add(account.number)
  }
  for (const [wallet, { account }] of linkedWallets(store)) {
    const address = addresses.encode(wallet)
    if (hasAccount(store, wallet)) broken.push(`accounts: ${address} is a linked wallet and an account`)
    if (!hasAccount(store, account)) broken.push(`accounts: ${address} is a wallet of no account`)
  }
  return broken
}
