// False attestations: who shows one takes its signers' stake.
import { decodeStrict } from '@causeway/protocol'
import { MsgSubmitAttestationEvidence } from '@causeway/protocol/causeway/attestation/v1/tx'
import { QueryValidatorRequest, QueryValidatorResponse } from '@causeway/protocol/causeway/staking/v1/query'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from '../../block/inspect.ts'
import { operatorOf } from '../../testing/staked-hub.fixture.ts'
import { attestedHub, bls, forged, signedBy } from './attested-hub.fixture.ts'

const FOUR = [10n, 10n, 10n, 10n]
const code = ({ codespace, code: number }: ExecTxResult) => (number === 0 ? 'ok' : `${codespace}/${number}`)

function setUp(powers: readonly bigint[] = FOUR) {
  const made = attestedHub(powers)
  const validatorOf = (name: string) => {
    const data = QueryValidatorRequest.encode({ operator: operatorOf(name).address }).finish()
    const { value } = made.driver.query('/causeway.staking.v1.Query/Validator', data)
    return QueryValidatorResponse.decode(value).validator!
  }
  const named = (...names: string[]) => made.validators.filter(({ name }) => names.includes(name))
  made.blocks(6)
  return { ...made, validatorOf, named, message: made.header(4n).message }
}

describe('a false attestation', () => {
  it('that only another chain has seen is enough, by one signature', () => {
    const { hub, accuse, named, message, validatorOf } = setUp()
    const before = BigInt(validatorOf('v1').tokens)
    expect(code(accuse(forged(message), named('v1')))).toBe('ok')
    const { tokens, jailed, tombstoned } = validatorOf('v1')
    expect([jailed, tombstoned]).toEqual([true, true])
    expect(BigInt(tokens)).toBe((before * 95n) / 100n)
    expect(validatorOf('v0').tombstoned).toBe(false)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it.each(['timeSeconds', 'appHash', 'nextSetHash'] as const)('may differ in %s alone', (what) => {
    const { accuse, named, message } = setUp()
    const other = { timeSeconds: 1n, appHash: new Uint8Array(32), nextSetHash: new Uint8Array(32) }
    expect(code(accuse({ ...message, [what]: other[what] }, named('v0')))).toBe('ok')
  })

  it('of several is evidence against each, by their aggregate', () => {
    const { accuse, named, message, validatorOf } = setUp()
    expect(code(accuse(forged(message), named('v0', 'v2', 'v3')))).toBe('ok')
    expect(['v0', 'v1', 'v2', 'v3'].map((name) => validatorOf(name).tombstoned)).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  it('of a height that the chain has not begun is one whatever it says', () => {
    const { accuse, named, message, validatorOf } = setUp()
    expect(code(accuse({ ...message, height: 1_000_000n }, named('v0')))).toBe('ok')
    expect(validatorOf('v0').tombstoned).toBe(true)
  })

  it('is punished once', () => {
    const { accuse, named, message, validatorOf } = setUp()
    expect(code(accuse(forged(message), named('v1')))).toBe('ok')
    const { tokens } = validatorOf('v1')
    expect(code(accuse(forged(message), named('v1')))).toBe('attestation/63')
    const another = { ...message, timeSeconds: 5n }
    expect(code(accuse(another, named('v1')))).toBe('attestation/63')
    expect(validatorOf('v1').tokens).toBe(tokens)
    expect(code(accuse(another, named('v1', 'v2')))).toBe('ok')
    expect(validatorOf('v2').tombstoned).toBe(true)
  })

  it('tells who showed it', () => {
    const { accuse, named, message, submitter } = setUp()
    const { events } = accuse(forged(message), named('v1'))
    const event = events.find(({ type }) => type === 'causeway.attestation.v1.evidence')
    expect(event?.attributes.slice(0, 3).map(({ key, value }) => [key, value])).toEqual([
      ['submitter', submitter.address],
      ['height', '4'],
      ['slashed', '1'],
    ])
  })

  it('takes its signer out of the set at once, and clients follow', () => {
    const { accuse, named, message, driver, set, blocks, header } = setUp()
    accuse(forged(message), named('v1'))
    const height = driver.height
    expect(set(height + 1n).attestors).toHaveLength(4)
    blocks(2)
    expect(set(height + 2n).attestors).toHaveLength(3)
    expect(set(height + 2n).firstHeight).toBe(height + 2n)
    expect(header(height + 1n).message.nextSetHash).toEqual(set(height + 2n).setHash)
  })
})

describe('what is no false attestation', () => {
  it('is the chain’s own, whoever signed it', () => {
    const { accuse, named, message, validatorOf } = setUp()
    expect(code(accuse(message, named('v1')))).toBe('attestation/40')
    expect(validatorOf('v1').tombstoned).toBe(false)
  })

  it('is one of this very height, signed before its block was decided', () => {
    const { accuse, named, driver, hub, header, blocks } = setUp()
    // What validators sign for the block that the evidence is in: the same as the block says.
    const own = {
      chainId: 'causeway-1',
      height: driver.height + 1n,
      timeSeconds: driver.timeSeconds,
      appHash: hub.chain.stores.appHash(),
      nextSetHash: header(driver.height - 1n).message.nextSetHash,
    }
    expect(code(accuse(own, named('v1')))).toBe('attestation/40')
    blocks(1)
    expect(header(own.height).message).toEqual(own)
  })

  it('is one of another chain', () => {
    const { accuse, named, message } = setUp()
    const elsewhere = { ...forged(message), chainId: 'causeway-2' }
    expect(code(accuse(elsewhere, named('v1')))).toBe('attestation/13')
  })

  it('is one that another key signed', () => {
    const { accuse, named, message, validatorOf } = setUp()
    const [v1, v2] = named('v1', 'v2')
    const keys = [bls.publicKey(v2!.blsSecret)]
    expect(code(accuse(forged(message), [v1!], { keys }))).toBe('attestation/13')
    const both = [...keys, bls.publicKey(v1!.blsSecret)]
    expect(code(accuse(forged(message), [v1!], { keys: both }))).toBe('attestation/13')
    expect(validatorOf('v2').tombstoned).toBe(false)
  })

  it('is one of a key that nobody registered', () => {
    const { accuse, message, validators } = setUp()
    const stranger = { ...validators[0]!, blsSecret: new Uint8Array(32).fill(5) }
    expect(code(accuse(forged(message), [stranger]))).toBe('attestation/61')
  })

  it('is one of a height before there were attestations', () => {
    const { accuse, named, message } = setUp()
    expect(code(accuse({ ...forged(message), height: 1n }, named('v1')))).toBe('attestation/60')
    expect(code(accuse({ ...forged(message), height: 0n }, named('v1')))).toBe('attestation/60')
  })

  it.each<[string, { keys?: Uint8Array[]; signature?: Uint8Array }, string]>([
    ['no keys', { keys: [] }, 'attestation/41'],
    ['a short key', { keys: [new Uint8Array(191)] }, 'attestation/61'],
    ['a key of zeros', { keys: [new Uint8Array(192)] }, 'attestation/61'],
    ['a short signature', { signature: new Uint8Array(95) }, 'attestation/1'],
    ['a signature of zeros', { signature: new Uint8Array(96) }, 'attestation/13'],
    ['too many keys', { keys: Array.from({ length: 1_001 }, () => new Uint8Array(192)) }, 'attestation/62'],
  ])('is malformed: %s', (_, changes, expected) => {
    const { accuse, named, message } = setUp()
    expect(code(accuse(forged(message), named('v1'), changes))).toBe(expected)
  })

  it('is a key named twice, or hashes of another length', () => {
    const { accuse, named, message } = setUp()
    const [v1] = named('v1')
    const key = bls.publicKey(v1!.blsSecret)
    expect(code(accuse(forged(message), [v1!], { keys: [key, key] }))).toBe('attestation/5')
    const short = { ...message, appHash: new Uint8Array(31) }
    const signature = signedBy([v1!], forged(message))
    expect(code(accuse(short, [v1!], { signature }))).toBe('attestation/1')
  })
})

describe('evidence', () => {
  it('reads strictly', () => {
    const typeName = 'causeway.attestation.v1.MsgSubmitAttestationEvidence'
    expect(() => decodeStrict(MsgSubmitAttestationEvidence, typeName, Uint8Array.of(0x7a, 1, 0))).toThrow()
  })

  it('is too old when whoever signed it may have left with its stake', () => {
    const { accuse, named, message, driver, blocks, hub } = setUp()
    driver.block(990n)
    blocks(1)
    driver.block(20n)
    for (let i = 0; i < 3; i++) driver.block()
    expect(code(accuse(forged(message), named('v1')))).toBe('attestation/60')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})
