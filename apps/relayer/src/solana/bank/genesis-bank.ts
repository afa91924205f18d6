import { bankHash } from '@causeway/light-clients'
import type { AccountState } from '@causeway/light-clients'

import type { BankRules } from './close-bank.ts'
import type { OpenSlot } from './open-slot.ts'
import { sumOf } from './startup.ts'
import type { FirstBank } from './startup.ts'

const NO_HASH = new Uint8Array(32)

/** The bank of slot 0, whose accounts come as its writes; it has no parent, and its last entry is genesis. */
export function genesisBank(open: OpenSlot, genesisHash: Uint8Array, rules: BankRules): FirstBank {
  const accounts = new Map<string, AccountState>()
  for (const [key, state] of open.writes()) if (state) accounts.set(key, state)
  const fields = {
    parentBankHash: NO_HASH,
    signatureCount: 0n,
    lastBlockhash: genesisHash,
    accountsLtHash: sumOf(accounts, rules.latticeXof),
  }
  const hash = bankHash(fields, { slot: 0n, parentSlot: 0n }, rules.hardForks)
  const { accountsLtHash } = fields
  return {
    bank: { slot: 0n, accountsLtHash, bankHash: hash, opening: { fields, parentSlot: 0n } },
    accounts,
  }
}
