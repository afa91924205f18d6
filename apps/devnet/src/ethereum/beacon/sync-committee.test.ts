import { aggregateSignatures, Signature } from '@chainsafe/blst'
import { describe, expect, it } from 'vitest'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import { SYNC_COMMITTEE_SIZE, memberKey, signingCommittee, syncCommitteeDomain } from './sync-committee.ts'

describe('a sync committee', () => {
  it('has 512 different members, and others in the next period', () => {
    const keys = [0, 1].flatMap((period) => signingCommittee(period).value.pubkeys.map((key) => toHex(key)))
    expect(new Set(keys).size).toBe(2 * SYNC_COMMITTEE_SIZE)
  })

  it('signs as its members do one by one', () => {
    const root = sha256(utf8('a root'))
    const one = (index: number) => Signature.fromBytes(memberKey(3, index).sign(root).toBytes())
    const each = Array.from({ length: SYNC_COMMITTEE_SIZE }, (_, index) => one(index))
    const { syncCommitteeBits, syncCommitteeSignature } = signingCommittee(3).sign(root)
    expect(toHex(syncCommitteeSignature)).toBe(toHex(aggregateSignatures(each).toBytes()))
    expect(syncCommitteeBits.getTrueBitIndexes()).toHaveLength(SYNC_COMMITTEE_SIZE)
  })

  it('signs in its own domain', () => {
    expect(toHex(syncCommitteeDomain(new Uint8Array(32).fill(9)))).toBe(`07000000${'09'.repeat(28)}`)
  })
})
