// The vault: an account that quotes every listed market by a rule of the chain, and shares of it.
// docs/vault.md.
import type { Module } from '../../block/module.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { messages } from './messages.ts'
import { vaultParameters } from './params.ts'
import type { VaultPorts } from './ports.ts'
import { queries } from './queries.ts'
import { VAULT_STORE } from './state.ts'
import { beginBlock } from './vault.ts'

/** The module `vault`: begins a block after prices, margin, insurance and liquidation. */
export function vaultModule(ports: VaultPorts): Module {
  return {
    name: 'vault',
    storeName: VAULT_STORE,
    messages: messages(ports),
    queries: queries(ports),
    parameters: vaultParameters,
    initGenesis,
    exportGenesis,
    beginBlock: (context) => beginBlock(context, ports),
    invariants: (context) => invariants(context, ports),
  }
}
