// Attestations of blocks, as clients of the hub see them.
import {
  attestationBytes,
  freezeHubClient,
  nobleG1Scheme,
  updateHubClient,
  verifyAttestation,
} from '@causeway/light-clients'
import { utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../../app.ts'
import { brokenInvariants } from '../../block/inspect.ts'
import { decodeVoteExtension } from '../../block/vote-extension.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { extendedCommit } from '../../testing/validators.fixture.ts'
import { attestedHub, bls, clientOf, headerOf, signersOf } from './attested-hub.fixture.ts'
import type { AttestedHubOptions } from './attested-hub.fixture.ts'

const FOUR = [10n, 10n, 10n, 10n]
const NOT_FOUND = 22

describe('attestations of blocks', () => {
  it('begin with height 2, each signed by all in the block after it', () => {
    const { hub, driver, blocks, header, set, codeOfAttestation } = attestedHub(FOUR)
    blocks(2)
    expect([codeOfAttestation(2n), codeOfAttestation(0n)]).toEqual([NOT_FOUND, NOT_FOUND])
    blocks(1)
    expect(driver.height).toBe(3n)
    expect(codeOfAttestation(1n)).toBe(NOT_FOUND)
    const found = header(2n)
    expect(verifyAttestation(bls, found, set(2n).setHash).power).toBe(40n)
    expect(found.absentees).toEqual([])
    expect(header()).toEqual(found)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('say what was fixed when the block before was committed', () => {
    const { hub, driver, blocks, header, set } = attestedHub(FOUR)
    blocks(1)
    const time = driver.timeSeconds
    const appHash = hub.chain.stores.appHash()
    blocks(2)
    const { message } = header(2n)
    expect(message).toEqual({
      chainId: 'causeway-1',
      height: 2n,
      timeSeconds: time,
      appHash,
      nextSetHash: set(3n).setHash,
    })
  })

  it('are followed by a client, whatever heights it sees', () => {
    const { driver, blocks, header, set } = attestedHub(FOUR)
    blocks(4)
    let client = clientOf(header(2n), set(2n).setHash)
    blocks(8)
    for (const height of [5n, 3n, 9n, 11n]) {
      const done = updateHubClient(bls, client, header(height), driver.timeSeconds)
      expect(done.update).toBe('updated')
      client = done.state
    }
    expect(client.latestHeight).toBe(11n)
  })

  it('verify with the reference, too', () => {
    const { blocks, header, set } = attestedHub(FOUR)
    blocks(3)
    expect(verifyAttestation(nobleG1Scheme, header(2n), set(2n).setHash).power).toBe(40n)
  })

  it('are not made where nobody has a BLS key', () => {
    const hub = createHubApplication(hubOptions(createMemoryStorage(), { bls }))
    const { driver, blocks } = attestedHub(FOUR)
    blocks(1)
    const plain = new Driver(hub, driver.validators)
    plain.initChain({
      accounts: { gasPrices: [] },
      ledger: { zone: 0, assets: [{ denom: 'ucway', decimals: 6, native: true }], balances: [] },
      oracle: { feeds: [] },
      risk: { weights: [] },
    })
    for (let i = 0; i < 4; i++) plain.block()
    for (const { voteExtension } of plain.lastCommit.votes) {
      expect(decodeVoteExtension(voteExtension)!.attestationSignature).toHaveLength(0)
    }
    const { code } = plain.query('/causeway.attestation.v1.Query/Attestation', new Uint8Array(0))
    expect(code).toBe(NOT_FOUND)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})

/** A hub where some validators send something else than their signature. */
function withBad(powers: readonly bigint[], bad: readonly string[], changed: (s: Uint8Array) => Uint8Array) {
  const tamper: AttestedHubOptions['tamper'] = (validator, signature) =>
    bad.includes(validator.name) ? changed(signature) : signature
  return attestedHub(powers, { tamper })
}

describe('a bad signature', () => {
  const cases: [string, (signature: Uint8Array) => Uint8Array][] = [
    ['of other bytes', (s) => s.with(95, s[95]! ^ 1)],
    ['of zeros', () => new Uint8Array(96)],
    ['of another length', (s) => s.subarray(1)],
    ['that is missing', () => new Uint8Array(0)],
    ['of thousands of bytes', () => new Uint8Array(9_000).fill(1)],
    ['over another message', () => bls.sign(new Uint8Array(32).fill(1), utf8('x'), 'DOMAIN')],
  ]
  it.each(cases)('%s is dropped; its validator keeps its vote and is named absent', (_, changed) => {
    const { driver, validators, blocks, header, set } = withBad(FOUR, ['v1'], changed)
    blocks(3)
    const found = header(2n)
    const index = validators.findIndex(({ name }) => name === 'v1')
    expect(found.absentees.map((absentee) => absentee.index)).toEqual([index])
    expect(verifyAttestation(bls, found, set(2n).setHash).power).toBe(30n)
    expect(driver.lastCommit.votes.every(({ voteExtension }) => voteExtension.length > 0)).toBe(true)
  })

  it('among many costs the others nothing', () => {
    const powers = Array.from({ length: 20 }, () => 10n)
    const bad = ['v0', 'v7', 'v8', 'v19']
    const { blocks, header, set, validators } = withBad(powers, bad, (s) => s.with(0, s[0]! ^ 1))
    blocks(3)
    const found = header(2n)
    const names = found.absentees.map(({ index }) => validators[index]!.name)
    expect(names.sort()).toEqual([...bad].sort())
    expect(verifyAttestation(bls, found, set(2n).setHash).power).toBe(160n)
  })

  it('of more than a third leaves the height without an attestation, and the chain goes on', () => {
    const { driver, blocks, codeOfAttestation } = withBad(FOUR, ['v1', 'v2'], (s) => s.with(0, s[0]! ^ 1))
    blocks(4)
    expect([codeOfAttestation(2n), codeOfAttestation(0n)]).toEqual([NOT_FOUND, NOT_FOUND])
    expect(driver.height).toBe(4n)
  })

  it('of one that cancels another’s counts for nobody alone', () => {
    const stray = bls.sign(new Uint8Array(32).fill(1), utf8('stray'), 'DOMAIN')
    const negated = bls.sign(
      Uint8Array.from(Buffer.from((ORDER - BigInt(`0x${'01'.repeat(32)}`)).toString(16), 'hex')),
      utf8('stray'),
      'DOMAIN',
    )
    const tamper: AttestedHubOptions['tamper'] = ({ name }, signature) => {
      if (name === 'v0') return bls.addSignatures([signature, stray])!
      if (name === 'v1') return bls.addSignatures([signature, negated])!
      return signature
    }
    const { blocks, header, set } = attestedHub(FOUR, { tamper })
    blocks(3)
    // Together they hold: what a client checks is the sum.
    expect(verifyAttestation(bls, header(2n), set(2n).setHash).power).toBe(40n)
  })
})

const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

describe('a validator that precommits two blocks of one height in two rounds', () => {
  it('signs the same attestation twice', () => {
    const signed: Uint8Array[] = []
    const { driver, hub, blocks, submitter } = attestedHub(FOUR, {
      tamper: (_, signature, bytes) => (signed.push(bytes), signature),
    })
    blocks(2)
    signed.length = 0
    const none = new Uint8Array(0)
    const vote = (seconds: bigint, hash: number, txs: Uint8Array[]) => {
      const { time } = driver.proposal([], seconds)
      const about = { proposedLastCommit: undefined, misbehavior: [], nextValidatorsHash: none }
      const request = { ...about, hash: new Uint8Array(32).fill(hash), height: 3n, time, txs }
      const { address } = driver.validators[0]!
      return hub.extendVote({ ...request, proposerAddress: none }, address).voteExtension
    }
    const first = vote(1n, 1, [])
    const second = vote(7n, 2, [utf8('another transaction of'), utf8(submitter.address)])
    expect(signed).toHaveLength(2)
    expect(signed[0]).toEqual(signed[1])
    expect(first.length).toBeGreaterThan(96)
    expect(second.length).toBeGreaterThan(96)
    blocks(2)
    expect(attestationBytes(headerOf(query(driver, 3n)).message)).toEqual(signed[0])
  })
})

function query(driver: Driver, height: bigint): Uint8Array {
  const data = Uint8Array.of(8, Number(height))
  return driver.query('/causeway.attestation.v1.Query/Attestation', data).value
}

describe('replicas', () => {
  it('agree on the state, and keep the same aggregates, whoever signs on them', () => {
    const first = withBad(FOUR, ['v2'], (s) => s.with(0, s[0]! ^ 1))
    first.blocks(10)
    const storage = createMemoryStorage()
    const hub = createHubApplication(hubOptions(storage, { bls: nobleG1Scheme }))
    const second = new Driver(hub, first.driver.validators)
    second.initChain(first.genesis)
    for (const request of first.driver.requests) second.execute(request)
    expect(hub.chain.stores.appHash()).toEqual(first.hub.chain.stores.appHash())
    for (let height = 2n; height < 10n; height++)
      expect(query(second, height)).toEqual(query(first.driver, height))
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('forget what an execution kept that was not committed', () => {
    const { driver, blocks, header, hub } = attestedHub(FOUR)
    blocks(2)
    const { validators, chainId } = driver
    const honest = driver.proposal([])
    // The same height decided with fewer votes: executed, never committed.
    const votes = driver.lastCommit.votes.map((vote) => vote.voteExtension)
    driver.lastCommit = extendedCommit(validators, [...votes.slice(0, 3), undefined], { chainId, height: 2n })
    driver.execute(driver.proposal([]), false)
    driver.execute(honest)
    expect(header(2n).absentees).toEqual([])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('restart with everything kept', () => {
    const storage = createMemoryStorage()
    const made = attestedHub(FOUR, { overrides: { storage } })
    made.blocks(6)
    const before = query(made.driver, 4n)
    const attestationSigners = signersOf(made.validators)
    const hub = createHubApplication(hubOptions(storage, { bls, attestationSigners }))
    expect(hub.query({ path: PATH, data: Uint8Array.of(8, 4), height: 0n, prove: false }).value).toEqual(
      before,
    )
  })
})

const PATH = '/causeway.attestation.v1.Query/Attestation'

describe('a client that is shown', () => {
  it('an attestation of the chain and a forged one of the same set freezes', () => {
    const { driver, blocks, header, set, validators } = attestedHub(FOUR)
    blocks(6)
    const client = clientOf(header(2n), set(2n).setHash)
    const real = header(4n)
    const message = { ...real.message, appHash: new Uint8Array(32).fill(9) }
    const bytes = attestationBytes(message)
    const signature = bls.addSignatures(signersOf(validators).map(({ sign }) => sign(bytes)))!
    const frozen = freezeHubClient(bls, client, [real, { ...real, message, signature }], driver.timeSeconds)
    expect(frozen.frozenAtSeconds).toBe(driver.timeSeconds)
  })
})
