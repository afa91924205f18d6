// Signatures from those who vote no more: with them a set's last height can always be completed.
import { ATTESTATION_DOMAIN, attestationBytes, updateHubClient } from '@causeway/light-clients'
import type { AttestationMessage } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import {
  QueryMissingSignaturesRequest,
  QueryMissingSignaturesResponse,
} from '@causeway/protocol/causeway/attestation/v1/query'
import { MsgSubmitAttestationSignatures } from '@causeway/protocol/causeway/attestation/v1/tx'
import { MsgCreateValidator } from '@causeway/protocol/causeway/staking/v1/tx'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../../app.ts'
import { GAS } from '../../block/gas.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { POWER, blsKey, operatorOf } from '../../testing/staked-hub.fixture.ts'
import { attestedHub, bls, clientOf, signersOf } from './attested-hub.fixture.ts'
import type { AttestingValidator } from './attested-hub.fixture.ts'
import { aggregateKey } from './state.ts'

interface Shown {
  readonly index: number
  readonly signature: Uint8Array
}

/** A hub at a rotation that only half of the old set has signed, and whose other half stays silent. */
function stuckHub(keepVersions?: bigint) {
  let isQuiet = false
  const newcomer = operatorOf('v4')
  const made = attestedHub([10n, 10n, 10n, 10n, 0n], {
    wallets: [newcomer],
    ...(keepVersions === undefined ? {} : { overrides: { keepVersions } }),
    tamper: ({ name }, signature) => (isQuiet && ['v1', 'v2'].includes(name) ? new Uint8Array(0) : signature),
  })
  const { driver, blocks, validators, set, submitter, header } = made
  const joiner = validators.find(({ power }) => power === 0n)!
  blocks(4)
  const client = clientOf(header(2n), set(2n).setHash)
  const value = MsgCreateValidator.encode({
    operator: newcomer.address,
    consensusKey: joiner.publicKey,
    ...blsKey(joiner.name, newcomer.id),
    moniker: 'newcomer',
    commissionBps: 0,
    amount: (30n * POWER).toString(),
  }).finish()
  const fee = [{ denom: 'ucway', amount: '2500000' }]
  const typeUrl = '/causeway.staking.v1.MsgCreateValidator'
  driver.submit(newcomer.sign([{ typeUrl, value }], { gasLimit: 5_000_000n, fee }))
  isQuiet = true
  blocks(8)
  const last = set(0n).firstHeight - 1n
  const missing = (height = last) => {
    const data = QueryMissingSignaturesRequest.encode({ height }).finish()
    const { value: answer } = driver.query('/causeway.attestation.v1.Query/MissingSignatures', data)
    return QueryMissingSignaturesResponse.decode(answer)
  }
  const messageAt = (height = last): AttestationMessage => {
    const { timeSeconds, appHash, nextSetHash } = missing(height).attestation!
    return { chainId: 'causeway-1', height, timeSeconds, appHash, nextSetHash }
  }
  /** What a validator would have signed, with its index. */
  const by = (name: string, message = messageAt()): Shown => {
    const { blsSecret } = validators.find((validator) => validator.name === name)!
    const key = bls.publicKey(blsSecret)
    const index = set(message.height).attestors.findIndex((attestor) => equalBytes(attestor.key, key))
    return { index, signature: bls.sign(blsSecret, attestationBytes(message), ATTESTATION_DOMAIN) }
  }
  const showing = (signatures: readonly Shown[], height = last, gasLimit = 5_000_000n) => {
    const sorted = [...signatures].sort((one, other) => one.index - other.index)
    const message = { submitter: submitter.address, height, signatures: sorted }
    const encoded = MsgSubmitAttestationSignatures.encode(message).finish()
    const url = '/causeway.attestation.v1.MsgSubmitAttestationSignatures'
    return submitter.sign([{ typeUrl: url, value: encoded }], { gasLimit, fee })
  }
  const show = (...given: Parameters<typeof showing>): ExecTxResult =>
    driver.execute(driver.proposal([showing(...given)])).txResults.at(-1)!
  return { ...made, client, last, missing, messageAt, by, show, showing }
}

describe('a set’s last height', () => {
  it('that less than two thirds signed is completed by anybody, and clients go on', () => {
    const { driver, client, last, missing, by, show, header, set, codeOfAttestation, blocks } = stuckHub()
    blocks(3)
    expect(codeOfAttestation(last)).toBe(22)
    expect(missing()).toMatchObject({ signedPower: 20n, totalPower: 40n })
    expect(missing().missing.map(({ operator }) => operator)).toEqual(
      set(last)
        .attestors.map(({ operator }) => operator)
        .filter((operator) => ['v1', 'v2'].some((name) => equalBytes(operator, operatorOf(name).id))),
    )
    const shown = show([by('v1')])
    expect([codeOf(shown), shown.log]).toEqual(['0', ''])
    expect(codeOfAttestation(last)).toBe(0)
    expect(header(last).absentees).toHaveLength(1)
    const first = updateHubClient(bls, client, header(last), driver.timeSeconds)
    const done = updateHubClient(bls, first.state, header(driver.height - 1n), driver.timeSeconds)
    expect(done.state.currentSetHash).toEqual(set(0n).setHash)
    expect(codeOf(show([by('v2')]))).toBe('0')
    expect(header(last).absentees).toEqual([])
    expect(missing()).toMatchObject({ missing: [], signedPower: 40n })
  })

  it('takes several messages of one block, also of the block that brings its own votes', () => {
    const { driver, by, showing, header, codeOfAttestation, last } = stuckHub()
    const [one, two] = [showing([by('v1')]), showing([by('v2')])]
    const { txResults } = driver.execute(driver.proposal([one, two]))
    expect(txResults.slice(-2).map(codeOf)).toEqual(['0', '0'])
    expect(codeOfAttestation(last)).toBe(0)
    expect(header(last).absentees).toEqual([])
  })

  it('of which the votes come in the same block keeps both', () => {
    const { driver, by, show, messageAt, missing } = stuckHub()
    // Not a rotation: any height will do.
    const height = driver.height
    const { attestation } = missing(height)
    expect(attestation).toBeDefined()
    expect(missing(height).signedPower).toBe(0n)
    expect(codeOf(show([by('v1', messageAt(height))], height))).toBe('0')
    expect(missing(height).missing).toHaveLength(1)
  })

  it('takes what is there already for the same gas, and changes nothing', () => {
    const { by, show, header, last } = stuckHub()
    // The first sequence is no byte of its transaction.
    show([by('v0')])
    const first = show([by('v1'), by('v0')])
    const { signature } = header(last)
    const again = show([by('v1'), by('v0')])
    expect([codeOf(first), codeOf(again)]).toEqual(['0', '0'])
    expect(again.gasUsed).toBe(first.gasUsed)
    expect(first.gasUsed).toBeGreaterThan(BigInt(2 * GAS.possession))
    expect(header(last).signature).toEqual(signature)
    const event = again.events.find(({ type }) => type === 'causeway.attestation.v1.signatures')
    expect(event?.attributes.map(({ value }) => value).slice(1, 3)).toEqual([last.toString(), '2'])
  })
})

describe('what is refused', () => {
  it('are signatures that do not hold, each alone, though their sum would', () => {
    const { by, show, codeOfAttestation, last, messageAt } = stuckHub()
    const [one, two] = [by('v1'), by('v2')]
    const swapped = [
      { ...one, signature: two.signature },
      { ...two, signature: one.signature },
    ]
    expect(codeOf(show(swapped))).toBe('attestation/82')
    expect(codeOf(show([{ ...one, signature: one.signature.slice(1) }]))).toBe('attestation/82')
    expect(codeOf(show([by('v1', { ...messageAt(), timeSeconds: 1n })]))).toBe('attestation/82')
    expect(codeOf(show([{ ...one, index: two.index }]))).toBe('attestation/82')
    expect(codeOfAttestation(last)).toBe(22)
  })

  it('are strangers to the set, one index twice, none and too many', () => {
    const { by, show } = stuckHub()
    const one = by('v1')
    expect(codeOf(show([{ ...one, index: 4 }]))).toBe('attestation/81')
    expect(codeOf(show([one, one]))).toBe('attestation/81')
    expect(codeOf(show([]))).toBe('attestation/80')
    expect(codeOf(show(Array.from({ length: 17 }, (_, index) => ({ ...one, index }))))).toBe('attestation/80')
  })

  it('are heights that are not recorded or whose votes are still to come', () => {
    const { driver, by, show } = stuckHub()
    expect(codeOf(show([by('v1')], 1n))).toBe('attestation/60')
    expect(codeOf(show([by('v1')], driver.height + 1n))).toBe('attestation/83')
    expect(codeOf(show([by('v1')], 2n ** 63n))).toBe('attestation/83')
  })

  it('is what is not paid for: each signature is counted before it is checked', () => {
    const { by, show, last } = stuckHub()
    expect(codeOf(show([by('v1'), by('v2')], last, 2_500_000n))).toBe('tx/11')
    expect(codeOf(show([by('v1')], last, 2_500_000n))).toBe('0')
  })
})

describe('replicas', () => {
  it('agree though one of them keeps fewer aggregates and another has lost some', () => {
    const made = stuckHub()
    const { driver, by, show, genesis, validators, last, messageAt, blocks } = made
    const old = messageAt(6n)
    blocks(6)
    show([by('v1'), by('v3')])
    show([by('v2', old)], 6n)
    show([by('v2')])
    show([by('v0'), by('v1'), by('v2'), by('v3')].slice(0, 2))
    blocks(2)
    for (const { keepVersions, loses } of [
      { keepVersions: 2n, loses: false },
      { keepVersions: 100n, loses: true },
    ]) {
      const storage = createMemoryStorage()
      const signers = signersOf(validators as AttestingValidator[])
      const options = { bls, attestationSigners: signers, keepVersions }
      const replica = createHubApplication(hubOptions(storage, options))
      const other = new Driver(replica, driver.validators)
      other.initChain(genesis)
      for (const [i, request] of driver.requests.entries()) {
        const response = replica.finalizeBlock(request)
        replica.commit()
        expect(response).toEqual(driver.responses[i])
        // Its disk forgets what it had of the rotation.
        const key = aggregateKey(last)
        if (loses && request.height === last + 4n)
          storage.write([{ key: Uint8Array.of(4, ...key), value: undefined }])
      }
      other.height = driver.height
      const answer = other.query(
        '/causeway.attestation.v1.Query/MissingSignatures',
        QueryMissingSignaturesRequest.encode({ height: last }).finish(),
      )
      expect(QueryMissingSignaturesResponse.decode(answer.value).missing).toEqual([])
    }
  })
})
