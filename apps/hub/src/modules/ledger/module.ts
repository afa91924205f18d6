import type { Context } from '../../block/context.ts'
import type { Module } from '../../block/module.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import { bankQueries } from './bank-queries.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import type { LinePorts } from './genesis-lines.ts'
import { invariants } from './invariants.ts'
import type { Ledger } from './ledger.ts'
import { messages } from './messages.ts'
import { queries } from './queries.ts'
import { ledgerParameters } from './params.ts'
import { LEDGER_STORE } from './state.ts'

/** What the module needs beside its ledger. */
export interface LedgerModulePorts {
  readonly addresses: AddressCodec
  ensureAccount(context: Context, account: Uint8Array): Uint8Array
  /** Throws `ProtocolError` when what has just left a subaccount was needed there. */
  checkWithdrawal(context: Context, holder: Holder): void
  /** Absent on a chain that keeps tokens from elsewhere as plain assets. */
  readonly lines?: LinePorts
}

/** The module `ledger`. */
export function ledgerModule(ledger: Ledger, ports: LedgerModulePorts): Module {
  return {
    name: 'ledger',
    storeName: LEDGER_STORE,
    messages: messages(ledger, ports),
    queries: [...bankQueries(ports.addresses), ...queries(ports.addresses)],
    ...(ports.lines === undefined ? {} : { parameters: ledgerParameters }),
    initGenesis: (context, state) => initGenesis(context, state, ports),
    exportGenesis: (context) => exportGenesis(context, ports.addresses),
    invariants: (context) => invariants(context, ports.lines !== undefined),
  }
}
