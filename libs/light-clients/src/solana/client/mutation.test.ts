import { packAny } from '@causeway/protocol'
import { Header } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { nobleLatticeXof } from '../lattice/lattice-hash.ts'
import {
  loadRecording,
  recordedProof,
  recordedTower,
  recordedStakes,
  whyNoRecordings,
} from '../recordings.fixture.ts'
import { createNativeSignatureVerifier } from '../../tendermint/native-signatures.ts'
import { blstScheme } from '../../ethereum/bls/blst-scheme.ts'
import { memoryStore } from '../../ethereum/client/example-client.fixture.ts'
import { createSolanaClient } from './client.ts'
import {
  START_SLOT,
  clientStateMessage,
  commitmentOf,
  consensusStateMessage,
  exampleClient,
  exampleCommitments,
  pathOf,
  recorded,
} from './example-client.fixture.ts'
import { SOLANA_HEADER_TYPE_URL } from './type-urls.ts'

const LEADER_SIGNATURE_BYTES = 64

describe.each(['tower', 'alpenglow'] as const)('a header by %s with a byte changed', (consensus) => {
  it('is refused, wherever it is changed', { timeout: 300_000 }, () => {
    const { client, cluster, store, start, open, header, at } = exampleClient({ stakes: [1n] }, consensus)
    open()
    const { changes } = exampleCommitments([1n, 2n], [1n])
    const bank = cluster.bank(start, 43n, new Map([...changes(), ...recorded(cluster.stakesBytes(2n))]))
    const whole = header(bank)
    const bytes = Header.encode(whole).finish()
    const verdict = (changed: Uint8Array) =>
      codeOf(() => client.verifyClientMessage(store, packAny(SOLANA_HEADER_TYPE_URL, changed), at(44n)))
    expect(verdict(bytes)).toBe('accepted')
    const { previousShred, footerShred } = whole.consensus?.alpenglow?.block ?? {}
    const unsigned = [previousShred, footerShred].map((shred) => shred && indexOf(bytes, shred))
    let tried = 0
    for (let i = 0; i < bytes.length; i++) {
      // Who sent a shred is signed, but not in the block id, and nothing here rests on it.
      if (unsigned.some((from) => from !== undefined && i >= from && i < from + LEADER_SIGNATURE_BYTES))
        continue
      const code = verdict(bytes.with(i, bytes[i]! ^ 0x10))
      expect(code, `byte ${i}`).toMatch(/^(solana|primitives)\/\d+$/)
      tried++
    }
    expect(tried).toBeGreaterThan(4_500)
  })
})

describe('a proof of a packet with a byte changed', () => {
  it('is refused', () => {
    const { client, cluster, store, start, open, submit, message, at } = exampleClient()
    open()
    const { changes, proveSent, proveReceived } = exampleCommitments([1n, 2n, 3n, 4n, 5n], [7n])
    submit(message(cluster.bank(start, 43n, changes())), 44n)
    const height = { revisionNumber: 0n, revisionHeight: 43n }
    for (const [proof, path, value] of [
      [proveSent(3n), pathOf(1, 3n), commitmentOf(3n)],
      [proveReceived(7n), pathOf(3, 7n), commitmentOf(7n)],
      [proveReceived(6n), pathOf(2, 6n), undefined],
    ] as const) {
      const code = (changed: Uint8Array) =>
        codeOf(() =>
          value
            ? client.verifyMembership(store, height, changed, path, value, at(44n))
            : client.verifyNonMembership(store, height, changed, path, at(44n)),
        )
      expect(code(proof)).toBe('accepted')
      for (let i = 0; i < proof.length; i++) {
        for (const bit of [1, 0x80])
          expect(code(proof.with(i, proof[i]! ^ bit)), `byte ${i}`).toMatch(/^solana\/(8|6[23])$/)
      }
      for (let length = 0; length < proof.length; length++)
        expect(code(proof.subarray(0, length))).toMatch(/^solana\/(8|6[23])$/)
    }
  })
})

describe('a message that is only verified', () => {
  it('changes nothing', () => {
    const { client, cluster, store, start, open, message, at } = exampleClient()
    open()
    const before = store.keys()
    const any = message(cluster.bank(start, 43n, recorded(cluster.stakesBytes(2n))))
    client.verifyClientMessage(store, any, at(44n))
    expect(client.checkForMisbehaviour(store, any)).toBe(false)
    expect(store.keys()).toEqual(before)
  })
})

describe.skipIf(whyNoRecordings !== undefined)(`recorded slots ${whyNoRecordings ?? ''}`, () => {
  it('a client follows them, over an epoch’s end', () => {
    const recording = loadRecording('tower-epoch-61-68')
    const [first] = recording.slots as [(typeof recording.slots)[number]]
    const client = createSolanaClient({
      verifySignatures: createNativeSignatureVerifier(),
      bls: blstScheme,
      latticeXof: nobleLatticeXof,
    })
    const followed: bigint[] = []
    for (const epoch of [0n, 1n]) {
      const store = memoryStore()
      const example = exampleClient()
      const seconds = 1_795_256_000n
      const context = {
        timeNanoseconds: 1_795_257_000n * 1_000_000_000n,
        height: { revisionNumber: 0n, revisionHeight: 1n },
      }
      const state = example.clientState({
        latestSlot: first.slot,
        latestEpoch: epoch,
        trustingPeriod: { seconds: 10_000n, nanos: 0 },
      })
      const consensus = example.consensusState({
        bankHash: first.bankHash,
        timestampSeconds: seconds,
        epoch,
        epochStakes: recordedStakes(recording, epoch).bytes,
      })
      client.initialise(store, clientStateMessage(state), consensusStateMessage(consensus), context)
      for (const [i, slot] of recording.slots.entries()) {
        if (i === 0 || slot.epoch !== epoch) continue
        const proof = recordedProof(recording, i)
        const header = Header.fromPartial({
          consensus: { tower: recordedTower(recording, i) },
          state: { ...proof, writes: proof.writes.map((write) => ({ ...write })) },
        })
        const any = packAny(SOLANA_HEADER_TYPE_URL, Header.encode(header).finish())
        client.verifyClientMessage(store, any, context)
        expect(client.checkForMisbehaviour(store, any)).toBe(false)
        // What roots them is beyond the recording.
        expect(client.updateState(store, any, context)).toEqual([])
        followed.push(client.optimisticHead(store)!.slot)
      }
      expect(START_SLOT).toBe(40n)
    }
    expect(followed).toEqual([62n, 63n, 64n, 65n, 66n, 67n, 68n])
  })
})

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  return Buffer.from(bytes).indexOf(Buffer.from(part))
}
