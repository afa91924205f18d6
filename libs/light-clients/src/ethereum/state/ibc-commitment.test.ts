import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, keccak256, utf8 } from '@causeway/primitives'
import { codeOf } from '../../refusal.fixture.ts'
import { COMMITMENT_SLOT, CONTRACT, executionState } from '../client/example-client.fixture.ts'
import { ibcCommitmentSlot, requireCommitment, verifyIbcCommitment } from './ibc-commitment.ts'

const contract = { address: CONTRACT, commitmentSlot: COMMITMENT_SLOT }
const value = keccak256(utf8('value'))
const state = executionState([['path', value]])

describe('a commitment', () => {
  it('stands at keccak256(keccak256(path) ‖ slot)', () => {
    const path = utf8('client-0')
    const expected = keccak256(concatBytes(keccak256(path), COMMITMENT_SLOT))
    expect(ibcCommitmentSlot(contract, [path])).toEqual(expected)
  })

  it('is read through the account of the contract, and of no other', () => {
    const { root, prove } = state
    expect(verifyIbcCommitment(root, contract, [utf8('path')], prove('path'))).toEqual(value)
    expect(verifyIbcCommitment(root, contract, [utf8('none')], prove('none'))).toBeUndefined()
    const stranger = { ...contract, address: fromHex('44'.repeat(20)) }
    expect(codeOf(() => verifyIbcCommitment(root, stranger, [utf8('path')], prove('path')))).not.toBe(
      'accepted',
    )
    const elsewhere = { ...contract, commitmentSlot: new Uint8Array(32) }
    expect(codeOf(() => verifyIbcCommitment(root, elsewhere, [utf8('path')], prove('path')))).not.toBe(
      'accepted',
    )
  })

  it('is not proven absent by a contract that does not exist', () => {
    const empty = executionState([])
    const missing = { ...contract, address: fromHex('55'.repeat(20)) }
    const { accountProof } = empty.prove('path')
    const judge = () =>
      verifyIbcCommitment(empty.root, missing, [utf8('path')], { accountProof, storageProof: [] })
    expect(codeOf(judge)).not.toBe('accepted')
  })

  it('has 32 bytes, and is the one that is asked for', () => {
    expect(codeOf(() => requireCommitment(value, value))).toBe('accepted')
    expect(codeOf(() => requireCommitment(value, value.subarray(1)))).toBe('ethereum/52')
    expect(codeOf(() => requireCommitment(value, new Uint8Array(33)))).toBe('ethereum/52')
    expect(codeOf(() => requireCommitment(undefined, value))).toBe('ethereum/50')
    expect(codeOf(() => requireCommitment(value, keccak256(value)))).toBe('ethereum/49')
  })
})
