import type { PublicKey } from '@solana/web3.js'
import { Keypair, SystemProgram } from '@solana/web3.js'
import { concatBytes, fromBe64, sha256, utf8 } from '@causeway/primitives'
import type { AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import { describe, expect, it } from 'vitest'
import {
  UPDATE_OUTCOMES,
  closeHubState,
  hubClientAddress,
  hubStateAddress,
  initialiseHubClient,
  knownSetAddress,
  takeBackHubState,
  updateHubClient,
} from '../src/hub-client.ts'
import { ATTESTATION_BYTES, encodeHeader } from '../src/hub-message.ts'
import { exampleSet, signHeader } from './example-hub.fixture.ts'
import {
  HUB_CLIENT_PROGRAM,
  bufferWith,
  clientOf,
  show,
  showBoth,
  startClient,
  startHubChain,
  stateOf,
} from './hub-client.fixture.ts'
import type { HubChain } from './hub-client.fixture.ts'
import { accountData, lamportsOf, send, setAccount, setNow } from './svm.fixture.ts'

const TIME = 1_767_323_200n
const DAY = 86_400n
const a = exampleSet('programs A', 4)
const b = exampleSet('programs B', 7)

function messageAt(height: bigint, change: Partial<AttestationMessage> = {}): AttestationMessage {
  const timeSeconds = TIME + height - 1000n
  const appHash = sha256(utf8(`state ${height}`))
  return { chainId: 'causeway-1', height, timeSeconds, appHash, nextSetHash: a.setHash, ...change }
}

const trusted = messageAt(1000n)
const by = (set: typeof a, height: bigint, change: Partial<AttestationMessage> = {}, absent: number[] = []) =>
  signHeader(set, messageAt(height, change), absent)
const start = (nowSeconds = TIME + 100n): HubChain => startClient(trusted, a.setHash, nowSeconds)

function outcome(chain: HubChain, header: AttestationHeader): number | string | undefined {
  const { error, returned } = show(chain, header)
  return error ?? UPDATE_OUTCOMES[returned[0] ?? 0]
}

/** Sends an update with other accounts in some places. */
function updateWith(chain: HubChain, header: AttestationHeader, places: Record<number, PublicKey>) {
  const instruction = updateHubClient(chain.address, chain.payer.publicKey, header)
  for (const [place, pubkey] of Object.entries(places)) instruction.keys[Number(place)]!.pubkey = pubkey
  return send(chain, [instruction]).error
}

describe('a client', () => {
  it('is made once, at an address that says what it began with', () => {
    const chain = start()
    expect(clientOf(chain)).toMatchObject({
      latestHeight: 1000n,
      exitHeight: 1000n,
      trustingPeriodSeconds: 14n * DAY,
      contradictedHeight: 2n ** 64n - 1n,
      setHash: a.setHash,
    })
    const again = initialiseHubClient(HUB_CLIENT_PROGRAM, chain.payer.publicKey, trusted, a.setHash)
    expect(send(chain, [again]).error).toBe(7)
    const other = messageAt(1000n, { appHash: sha256(utf8('another')) })
    expect(hubClientAddress(HUB_CLIENT_PROGRAM, other, a.setHash).client).not.toEqual(chain.address.client)
    again.keys[1]!.pubkey = hubClientAddress(HUB_CLIENT_PROGRAM, other, a.setHash).client
    expect(send(chain, [again]).error).toBe(5)
  })

  it('is made where somebody sent lamports before', () => {
    const chain = startHubChain()
    const { client } = hubClientAddress(HUB_CLIENT_PROGRAM, trusted, a.setHash)
    const gift = { fromPubkey: chain.payer.publicKey, toPubkey: client, lamports: 1_000_000 }
    expect(send(chain, [SystemProgram.transfer(gift)]).error).toBe(undefined)
    expect(outcome(startClient(trusted, a.setHash, TIME, chain), by(a, 1001n))).toBe('updated')
  })

  it.each<[string, Partial<AttestationMessage>, Uint8Array, number]>([
    ['no chain id', { chainId: '' }, a.setHash, 326],
    ['height 1', { height: 1n }, a.setHash, 326],
    ['time 0', { timeSeconds: 0n }, a.setHash, 326],
    ['an app hash of zeros', { appHash: new Uint8Array(32) }, a.setHash, 330],
    ['a next set of zeros', { nextSetHash: new Uint8Array(32) }, a.setHash, 330],
    ['a set of zeros', {}, new Uint8Array(32), 330],
    ['a time ahead of the clock', { timeSeconds: TIME + 30n }, a.setHash, 322],
  ])('is not made with %s', (_, change, setHash, code) => {
    expect(() => startClient({ ...trusted, ...change }, setHash, TIME)).toThrow(`not made: ${code}`)
  })

  it('follows a header that fits into the transaction', () => {
    const chain = start()
    const header = by(a, 1010n)
    const { error, returned } = send(chain, [updateHubClient(chain.address, chain.payer.publicKey, header)])
    expect([error, ...returned]).toEqual([undefined, 0])
    expect(stateOf(chain, 1010n)).toMatchObject({ height: 1010n, previousHeight: 1000n })
    expect(stateOf(chain, 1010n)!.appHash).toEqual(header.message.appHash)
    expect(outcome(chain, header)).toBe('unchanged')
  })
})

describe('accounts that are others', () => {
  const chain = start()
  const header = by(a, 1010n)
  const stranger = Keypair.generate().publicKey

  it('a client that another program owns, or that is none', () => {
    const data = accountData(chain, chain.address.client)!
    setAccount(chain, stranger, { owner: SystemProgram.programId, data })
    expect(updateWith(chain, header, { 1: stranger })).toBe(3)
    expect(updateWith(chain, header, { 1: Keypair.generate().publicKey })).toBe(3)
    expect(updateWith(chain, header, { 1: hubStateAddress(chain.address, 1000n) })).toBe(4)
    for (const other of [
      data.with(0, 0),
      data.with(8, 2),
      data.with(15, 1),
      data.subarray(1),
      new Uint8Array(),
    ]) {
      setAccount(chain, stranger, { owner: HUB_CLIENT_PROGRAM, data: other })
      expect(updateWith(chain, header, { 1: stranger })).toBe(4)
    }
  })

  it('a state or set at another address', () => {
    for (const place of [2, 3, 4]) {
      expect(updateWith(chain, header, { [place]: Keypair.generate().publicKey })).toBe(5)
    }
    expect(updateWith(chain, header, { 2: hubStateAddress(chain.address, 1011n) })).toBe(5)
    expect(updateWith(chain, header, { 2: hubStateAddress(chain.address, 1000n) })).toBe(5)
    expect(updateWith(chain, header, { 3: knownSetAddress(chain.address, b.setHash) })).toBe(5)
  })

  it('a state of another client', () => {
    const other = startClient(messageAt(999n), a.setHash, TIME + 100n, chain)
    expect(updateWith(chain, header, { 2: hubStateAddress(other.address, 1010n) })).toBe(5)
  })

  it('no signature of who pays, or no account to write', () => {
    const instruction = updateHubClient(chain.address, stranger, header)
    instruction.keys[0]!.isSigner = false
    expect(send(chain, [instruction]).error).toBe(2)
    const readOnly = updateHubClient(chain.address, chain.payer.publicKey, header)
    readOnly.keys[1]!.isWritable = false
    expect(send(chain, [readOnly]).error).toMatch(/ReadonlyDataModified/)
  })

  it('too few of them, or too many', () => {
    const few = updateHubClient(chain.address, chain.payer.publicKey, header)
    few.keys.length = 5
    expect(send(chain, [few]).error).toBe(1)
    const many = updateHubClient(chain.address, chain.payer.publicKey, header)
    many.keys.push(many.keys[2]!)
    expect(send(chain, [many]).error).toBe(1)
    const unknown = updateHubClient(chain.address, chain.payer.publicKey, header)
    unknown.data[0] = 9
    expect(send(chain, [unknown]).error).toBe(10)
  })

  it('a message with another length, or in an account that the update writes', () => {
    const encoded = encodeHeader(header)
    expect(show(chain, header, concatBytes(encoded, Uint8Array.of(0))).error).toBe(301)
    for (const length of [0, 1, 80, 700]) {
      expect(show(chain, header, encoded.subarray(0, length)).error).toBe(301)
    }
    const buffer = bufferWith(chain, encoded)
    const from = (change: Partial<typeof buffer>) =>
      send(chain, [updateHubClient(chain.address, chain.payer.publicKey, header, { ...buffer, ...change })])
        .error
    expect(from({ length: buffer.length + 1 })).toBe(9)
    expect(from({ offset: 2 ** 32 - 1 })).toBe(9)
    expect(from({ offset: buffer.offset - 1, length: buffer.length + 1 })).toBe(301)
    expect(from({ account: chain.address.client })).toBe(5)
  })

  it('and the right ones', () => expect(outcome(chain, header)).toBe('updated'))
})

describe('time, by the cluster’s own clock', () => {
  it('bounds what is attested', () => {
    const chain = start(TIME + 100n)
    expect(outcome(chain, by(a, 1130n))).toBe(322)
    expect(outcome(chain, by(a, 1129n))).toBe('updated')
    setNow(chain, TIME + 129n + 14n * DAY - 1n)
    expect(outcome(chain, by(a, 1128n))).toBe(323)
    expect(outcome(chain, by(a, 1130n))).toBe('updated')
    setNow(chain, TIME + 130n + 14n * DAY)
    expect(outcome(chain, by(a, 1131n))).toBe(321)
  })
})

describe('a byte of a header that is changed', () => {
  const chain = start()
  const header = by(a, 1010n, {}, [2])
  const encoded = encodeHeader(header)

  it('is refused, whichever it is', { timeout: 240_000 }, () => {
    const codes = new Map<number | string | undefined, number>()
    for (let at = 0; at < encoded.length; at++) {
      const bytes = encoded.with(at, encoded[at]! ^ (1 << (at % 8)))
      // Accounts and hints are those of the changed bytes: neither is why it is refused
      const changed = headerOf(header, bytes)
      const { error } = show(chain, changed, at < ATTESTATION_BYTES ? encodeHeader(changed) : bytes)
      codes.set(error, (codes.get(error) ?? 0) + 1)
    }
    expect(codes.has(undefined)).toBe(false)
    process.stdout.write(`${encoded.length} bytes changed: ${JSON.stringify([...codes])}\n`)
    expect(clientOf(chain).latestHeight).toBe(1000n)
    expect(show(chain, header, encoded).error).toBe(undefined)
  })
})

/** The header with attestation and set of these bytes. */
function headerOf(header: AttestationHeader, bytes: Uint8Array): AttestationHeader {
  const set = bytes.subarray(ATTESTATION_BYTES)
  return {
    ...header,
    message: {
      ...header.message,
      height: fromBe64(bytes.subarray(0, 8)),
      timeSeconds: fromBe64(bytes.subarray(8, 16)),
      appHash: bytes.slice(16, 48),
      nextSetHash: bytes.slice(48, ATTESTATION_BYTES),
    },
    set: {
      leafRoot: set.slice(0, 32),
      count: new DataView(set.buffer, set.byteOffset).getUint32(32),
      totalPower: fromBe64(set.subarray(36, 44)),
      aggregateKey: set.slice(44, 236),
    },
  }
}

describe('a client that is contradicted', () => {
  const otherHash = { appHash: sha256(utf8('other')) }

  it('takes back what was accepted above, one by one, before exits', () => {
    const chain = start()
    for (const height of [1010n, 1020n, 1030n]) expect(outcome(chain, by(a, height))).toBe('updated')
    expect(outcome(chain, by(a, 1015n))).toBe('updated')
    const takeBack = (height: bigint) => send(chain, [takeBackHubState(chain.address, height)]).error
    expect(takeBack(1030n)).toBe(352)
    expect(outcome(chain, by(a, 1020n, otherHash))).toBe('frozen')
    expect(clientOf(chain)).toMatchObject({
      contradictedHeight: 1020n,
      exitHeight: 1030n,
      latestHeight: 1030n,
    })
    expect(clientOf(chain).frozenAtSeconds).toBe(TIME + 100n)
    expect(outcome(chain, by(a, 1040n))).toBe(320)
    for (const wrong of [1020n, 1015n, 1000n]) expect(takeBack(wrong)).toBe(351)
    expect(takeBack(1030n)).toBe(undefined)
    expect(takeBack(1020n)).toBe(undefined)
    expect(clientOf(chain).exitHeight).toBe(1010n)
    expect(takeBack(1010n)).toBe(352)
    // Another contradiction, further down: to what the client began with, and no further
    expect(showBoth(chain, [by(a, 1005n), by(a, 1005n, otherHash)]).error).toBe(undefined)
    expect(takeBack(1010n)).toBe(undefined)
    expect(clientOf(chain).exitHeight).toBe(1000n)
    expect(takeBack(1000n)).toBe(352)
  })

  it('hears no more a trusting period after it stopped', () => {
    const chain = start()
    const both = [by(a, 1005n), by(a, 1005n, otherHash)] as const
    expect(showBoth(chain, [by(a, 1005n), by(a, 1006n)]).error).toBe(325)
    expect(showBoth(chain, both).error).toBe(undefined)
    setNow(chain, TIME + 100n + 14n * DAY - 1n)
    expect(showBoth(chain, both).error).toBe(undefined)
    setNow(chain, TIME + 100n + 14n * DAY)
    expect(showBoth(chain, both).error).toBe(320)
  })

  it('by sets that it knows, in accounts that are theirs', () => {
    const chain = start()
    expect(showBoth(chain, [by(b, 1005n), by(b, 1005n, otherHash)]).error).toBe(328)
    const headers = [by(a, 1005n), by(a, 1005n, otherHash)] as const
    const forged = [headers[0], { ...headers[1], signature: headers[0].signature }] as const
    expect(showBoth(chain, forged).error).toBe(313)
    expect(clientOf(chain).frozenAtSeconds).toBe(0n)
  })

  it('by a set that left, after a rotation', () => {
    const chain = start()
    expect(outcome(chain, by(a, 1010n, { nextSetHash: b.setHash }))).toBe('updated')
    expect(accountData(chain, knownSetAddress(chain.address, a.setHash))).toBeDefined()
    expect(outcome(chain, by(a, 1020n, { nextSetHash: b.setHash }))).toBe(306)
    expect(outcome(chain, by(b, 1020n, { nextSetHash: b.setHash }))).toBe('updated')
    expect(outcome(chain, by(a, 1020n, otherHash))).toBe('frozen')
  })
})

describe('an old state', () => {
  it('is closed, to who paid for it, once nothing can contradict it', () => {
    const chain = start()
    const { publicKey } = chain.payer
    const close = (height: bigint, payer = publicKey) =>
      send(chain, [closeHubState(chain.address, height, payer)]).error
    expect(outcome(chain, by(a, 1010n))).toBe('updated')
    expect(close(1000n)).toBe(353)
    // A header a week, for five weeks
    for (let week = 1n; week <= 5n; week++) {
      setNow(chain, TIME + week * 7n * DAY)
      const change = { timeSeconds: TIME + week * 7n * DAY }
      expect(outcome(chain, by(a, 1010n + week, change))).toBe('updated')
    }
    expect(close(1000n, Keypair.generate().publicKey)).toBe(351)
    const before = lamportsOf(chain, publicKey)
    expect(close(1000n)).toBe(undefined)
    expect(close(1010n)).toBe(undefined)
    expect(lamportsOf(chain, publicKey)).toBeGreaterThan(before)
    expect(stateOf(chain, 1010n)).toBe(undefined)
    for (const height of [1011n, 1012n, 1015n]) expect(close(height)).toBe(353)
    // Nor can it come back
    expect(outcome(chain, by(a, 1010n))).toBe(323)
  })
})
