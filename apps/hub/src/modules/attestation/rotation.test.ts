// Sets that change: clients follow by the last attestation of each, even when it was signed late.
import { updateHubClient, verifyAttestation } from '@causeway/light-clients'
import type { HubClientState } from '@causeway/light-clients'
import { MsgCreateValidator, MsgDelegate } from '@causeway/protocol/causeway/staking/v1/tx'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from '../../block/inspect.ts'
import { decodeVoteExtension } from '../../block/vote-extension.ts'
import { POWER, blsKey, operatorOf } from '../../testing/staked-hub.fixture.ts'
import type { Wallet } from '../../testing/wallet.fixture.ts'
import { attestedHub, bls, clientOf, forged } from './attested-hub.fixture.ts'
import type { AttestedHubOptions } from './attested-hub.fixture.ts'

const FOUR = [10n, 10n, 10n, 10n]

/** A hub on which `operator v4` can become the fifth validator. */
function setUp(powers: readonly bigint[] = [...FOUR, 0n], options: AttestedHubOptions = {}) {
  const newcomer = operatorOf(`v${powers.length - 1}`)
  const made = attestedHub(powers, { wallets: [newcomer], ...options })
  const joiner = made.validators.find(({ power }) => power === 0n)
  return {
    ...made,
    newcomer,
    send: (wallet: Wallet, typeUrl: string, value: Uint8Array) => {
      const fee = [{ denom: 'ucway', amount: '200000' }]
      const admitted = made.driver.submit(wallet.sign([{ typeUrl, value }], { gasLimit: 5_000_000n, fee }))
      expect(admitted.code).toBe(0)
      expect(made.driver.block().txResults.at(-1)?.code).toBe(0)
    },
    creation: () =>
      MsgCreateValidator.encode({
        operator: newcomer.address,
        consensusKey: joiner!.publicKey,
        ...blsKey(joiner!.name, newcomer.id),
        moniker: 'newcomer',
        commissionBps: 0,
        amount: (20n * POWER).toString(),
      }).finish(),
  }
}

/** Leads a client to a height as a relayer does: by the last header of each set on the way. */
function lead(made: ReturnType<typeof setUp>, client: HubClientState, height: bigint): HubClientState {
  const { set, header, driver } = made
  let state = client
  while (state.latestHeight < height) {
    const { lastHeight } = set(state.latestHeight + 1n)
    const next = lastHeight !== 0n && lastHeight < height ? lastHeight : height
    const done = updateHubClient(bls, state, header(next), driver.timeSeconds)
    expect(done.update).toBe('updated')
    state = done.state
  }
  return state
}

describe('a rotation', () => {
  it('is announced by the last attestation of the old set and followed by clients', () => {
    const made = setUp()
    const { blocks, send, creation, newcomer, set, header, driver, hub } = made
    blocks(4)
    const client = clientOf(header(2n), set(2n).setHash)
    send(newcomer, '/causeway.staking.v1.MsgCreateValidator', creation())
    blocks(8)
    const first = set(0n).firstHeight
    expect([set(first - 1n).attestors.length, set(first).attestors.length]).toEqual([4, 5])
    expect(set(first - 1n).lastHeight).toBe(first - 1n)
    expect(header(first - 1n).message.nextSetHash).toEqual(set(first).setHash)
    expect(() => updateHubClient(bls, client, header(first), driver.timeSeconds)).toThrow(/set/)
    const led = lead(made, client, driver.height - 1n)
    expect(led.currentSetStart).toBe(first)
    expect(led.currentSetHash).toEqual(set(first).setHash)
    expect(verifyAttestation(bls, header(first), set(first).setHash).power).toBe(60n)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('comes with changed powers, too', () => {
    const made = setUp()
    const { blocks, send, newcomer, validators, set, header, driver } = made
    blocks(4)
    const client = clientOf(header(2n), set(2n).setHash)
    const operator = operatorOf(validators.find(({ power }) => power > 0n)!.name).address
    const value = MsgDelegate.encode({
      delegator: newcomer.address,
      operator,
      amount: (3n * POWER).toString(),
    }).finish()
    send(newcomer, '/causeway.staking.v1.MsgDelegate', value)
    blocks(8)
    expect(set(0n).set!.totalPower).toBe(43n)
    expect(lead(made, client, driver.height - 1n).currentSetHash).toEqual(set(0n).setHash)
  })

  it('has its aggregate kept when those around it are gone', () => {
    const made = setUp([...FOUR, 0n], { overrides: { keepVersions: 5n } })
    const { blocks, send, creation, newcomer, set, header, driver, codeOfAttestation } = made
    blocks(4)
    const client = clientOf(header(2n), set(2n).setHash)
    send(newcomer, '/causeway.staking.v1.MsgCreateValidator', creation())
    blocks(30)
    const last = set(2n).lastHeight
    expect([last - 1n, last, last + 1n].map(codeOfAttestation)).toEqual([22, 0, 22])
    expect(lead(made, client, driver.height - 1n).latestHeight).toBe(driver.height - 1n)
  })

  it('whose signers were too few is signed late, and clients go on', () => {
    let isQuiet = false
    const quiet = ['v1', 'v2']
    const made = setUp([...FOUR, 0n], {
      tamper: ({ name }, signature) => (isQuiet && quiet.includes(name) ? new Uint8Array(0) : signature),
    })
    const { blocks, send, creation, newcomer, set, header, driver, codeOfAttestation } = made
    blocks(4)
    const client = clientOf(header(2n), set(2n).setHash)
    send(newcomer, '/causeway.staking.v1.MsgCreateValidator', creation())
    isQuiet = true
    blocks(8)
    const last = set(0n).firstHeight - 1n
    expect(codeOfAttestation(last)).toBe(22)
    isQuiet = false
    blocks(2)
    expect(codeOfAttestation(last)).toBe(0)
    expect(header(last).absentees).toEqual([])
    expect(lead(made, client, driver.height - 1n).latestHeight).toBe(driver.height - 1n)
    // Only who was missing signed it again, and once it is enough, nobody does.
    const late = () =>
      driver.lastCommit.votes.filter(
        ({ voteExtension }) => decodeVoteExtension(voteExtension)!.lateAttestation !== undefined,
      ).length
    expect(late()).toBe(2)
    blocks(1)
    expect(late()).toBe(0)
  })

  it('is not signed late by who did not belong to the old set, and bad late signatures are dropped', () => {
    let isQuiet = false
    const made = setUp([...FOUR, 0n], {
      tamper: ({ name }, signature) => {
        if (isQuiet && ['v1', 'v2'].includes(name)) return new Uint8Array(0)
        return name === 'v3' && isQuiet ? signature.with(5, signature[5]! ^ 1) : signature
      },
    })
    const { blocks, send, creation, newcomer, set, codeOfAttestation, header } = made
    blocks(4)
    send(newcomer, '/causeway.staking.v1.MsgCreateValidator', creation())
    isQuiet = true
    blocks(12)
    const last = set(0n).firstHeight - 1n
    expect(codeOfAttestation(last)).toBe(22)
    isQuiet = false
    blocks(2)
    expect(header(last).set.count).toBe(4)
    // Who signed badly before is not listened to yet.
    expect(verifyAttestation(bls, header(last), set(last).setHash).power).toBe(30n)
  })
})

describe('who has left the set', () => {
  it('answers for what it signs later, as long as its stake can be had', () => {
    const { accuse, validators, header, blocks, set, driver, hub } = attestedHub([10n, 10n, 10n, 1n])
    blocks(6)
    const { message } = header(4n)
    const liar = validators.filter(({ name }) => name === 'v1')
    const other = validators.filter(({ name }) => name === 'v2')
    expect(accuse(forged(message), liar).code).toBe(0)
    blocks(4)
    expect(set(0n).attestors).toHaveLength(3)
    const key = bls.publicKey(liar[0]!.blsSecret)
    expect(set(0n).attestors.some((attestor) => Buffer.from(attestor.key).equals(key))).toBe(false)
    // Its key is known still: a client that has not moved on would believe it. It was slashed before.
    const later = { ...forged(message), height: driver.height }
    expect(accuse(later, liar).code).toBe(63)
    expect(accuse(later, other).code).toBe(0)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})
