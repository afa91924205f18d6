import { programAddress, readRootAccount } from '@causeway/light-clients'
import type { AccountState } from '@causeway/light-clients'
import { be64, equalBytes, isProtocolError, utf8 } from '@causeway/primitives'

import type { Bank } from '../bank/bank.ts'
import type { TreeEntry } from './packet-trees.ts'

const MAGIC = utf8('cwypackt')
const COMMITMENT_AT = 16
/** More packets than a slot has room for. */
const SENT_IN_SLOT_MAX = 10_000n

/**
 * Packets that one client sent, as the accounts of a bank tell: the program makes an account for each, which
 * holds its commitment. So a transaction whose log was cut hides none. The account's layout:
 * docs/solana-programs.md, "Core".
 */
export function sentIn(
  bank: Bank,
  place: { readonly program: Uint8Array; readonly clientId: string; readonly rootAccount: Uint8Array },
): TreeEntry[] {
  const write = bank.writes.find(({ pubkey }) => equalBytes(pubkey, place.rootAccount))
  const from = sentBy(write?.before, place.program) ?? 0n
  const to = sentBy(write?.after, place.program) ?? from
  if (to <= from || to - from > SENT_IN_SLOT_MAX) return []
  const entries: TreeEntry[] = []
  for (let sequence = from + 1n; sequence <= to; sequence += 1n) {
    const seeds = [utf8('packet'), utf8(place.clientId), be64(sequence)]
    const address = programAddress(place.program, seeds)
    const account = bank.writes.find(({ pubkey }) => equalBytes(pubkey, address))?.after
    if (account === undefined || !equalBytes(account.owner, place.program)) continue
    if (!equalBytes(account.data.subarray(0, MAGIC.length), MAGIC)) continue
    const commitment = account.data.slice(COMMITMENT_AT, COMMITMENT_AT + 32)
    entries.push({ type: 'send_packet', sequence, commitment, slot: bank.slot })
  }
  return entries
}

function sentBy(account: AccountState | undefined, program: Uint8Array): bigint | undefined {
  try {
    return account && readRootAccount(account, program).sent
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}
