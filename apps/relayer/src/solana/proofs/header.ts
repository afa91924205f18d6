import { SOLANA_HEADER_TYPE_URL } from '@causeway/light-clients'
import type { TowerProof } from '@causeway/light-clients'
import { assert } from '@causeway/primitives'
import { Header } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import type { Any } from '@causeway/protocol/google/protobuf/any'

import type { Bank } from '../bank/bank.ts'

/** A header of a bank: what settles its hash, and every account that it wrote. */
export function headerOf(bank: Bank, { slot, bankHash, votes, descendants }: TowerProof): Any {
  const { parent, fields, writes } = bank
  assert(parent !== undefined, 'a bank that is proven has a parent that opens')
  const header = Header.encode({
    consensus: {
      tower: { slot, bankHash, votes: [...votes], descendants: [...descendants] },
      alpenglow: undefined,
    },
    state: {
      parent: parent.fields,
      grandparentSlot: parent.parentSlot,
      signatureCount: fields.signatureCount,
      lastBlockhash: fields.lastBlockhash,
      writes: writes.map((write) => ({ ...write })),
    },
  })
  return { typeUrl: SOLANA_HEADER_TYPE_URL, value: header.finish() }
}
