// Who asks for verification pays for it before it is done.
import { describe, expect, it } from 'vitest'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { utf8 } from '@causeway/primitives'
import { exampleIavlTree, exampleSimpleTree } from '../ics23/example-trees.fixture.ts'
import type { Charge, ClientContext } from '../light-client.ts'
import { createTendermintClient } from './client.ts'
import {
  equalSet,
  exampleClientState,
  exampleHeader,
  exampleMessage,
  exampleStore,
  heightAt,
  packClientState,
  packConsensusState,
  packHeader,
} from './example-chain.fixture.ts'
import { START, at } from './example-client.fixture.ts'
import { createNativeSignatureVerifier } from './native-signatures.ts'
import { createSignatureVerifier, meteredSignatures, type SignatureCheck } from './signatures.ts'

const nine = equalSet(9)

/** A context that notes what is charged, in order with what is verified. */
function noting(charge?: Charge) {
  const log: string[] = []
  const context: ClientContext = {
    ...at(30n),
    charge(work, count) {
      log.push(`${work} ${count}`)
      charge?.(work, count)
    },
  }
  const native = createNativeSignatureVerifier()
  const client = createTendermintClient({
    verifySignatures(checks, onSlow) {
      log.push(`verify ${checks.length}`)
      return native(checks, onSlow)
    },
  })
  return { log, context, client }
}

function trusting(client: ReturnType<typeof noting>['client'], header = exampleHeader(START, nine)) {
  const store = exampleStore()
  client.initialise(store, packClientState(exampleClientState(START)), packConsensusState(header), at(20n))
  return store
}

describe('a header', () => {
  it('is charged for the signatures that are counted, before they are verified', () => {
    const { log, context, client } = noting()
    const message = packHeader(exampleMessage(exampleHeader(START + 1n, nine), nine, START, nine))
    client.verifyClientMessage(trusting(client), message, context)
    expect(log).toEqual(['ed25519 7', 'verify 7'])
  })

  it('is charged for the trusted validators, too, when it skips heights', () => {
    const { log, context, client } = noting()
    const message = packHeader(exampleMessage(exampleHeader(START + 5n, nine), nine, START, nine))
    const store = trusting(client)
    client.verifyClientMessage(store, message, context)
    expect(log).toEqual(['ed25519 4', 'verify 4', 'ed25519 7', 'verify 7'])
    // The decoded message is remembered; what it costs is not.
    client.verifyClientMessage(store, message, context)
    expect(log).toHaveLength(8)
  })

  it('is not verified when the charge throws', () => {
    const { log, context, client } = noting(() => {
      throw new Error('out of gas')
    })
    const message = packHeader(exampleMessage(exampleHeader(START + 1n, nine), nine, START, nine))
    expect(() => client.verifyClientMessage(trusting(client), message, context)).toThrow('out of gas')
    expect(log).toEqual(['ed25519 7'])
  })
})

describe('a proof', () => {
  const entries = Array.from({ length: 8 }, (_, i) => [utf8(`key-${i}`), utf8(`value-${i}`)] as const)
  const tree = exampleIavlTree(entries)
  const app = exampleSimpleTree([
    [utf8('bank'), utf8('b')],
    [utf8('ibc'), tree.root],
  ])
  const header = exampleHeader(START, nine, nine, { appHash: app.root })
  const path = (key: string) => [utf8('ibc'), utf8(key)]
  const top = { exist: app.prove(utf8('ibc')) }
  const bytes = (lowest: object) =>
    MerkleProof.encode(MerkleProof.fromPartial({ proofs: [lowest, top] })).finish()

  it('is charged for its hashes, whether they lead to the root or not', () => {
    const { log, context, client } = noting()
    const store = trusting(client, header)
    const proof = bytes({ exist: tree.prove(utf8('key-3')) })
    client.verifyMembership(store, heightAt(START), proof, path('key-3'), utf8('value-3'), context)
    const wrong = () =>
      client.verifyMembership(store, heightAt(START), proof, path('key-3'), utf8('x'), context)
    expect(wrong).toThrow()
    expect(log).toEqual(['hash 10', 'hash 10'])
  })

  it('of absence as well', () => {
    const { log, context, client } = noting()
    const proof = bytes(tree.proveAbsence(utf8('key-3x')))
    client.verifyNonMembership(trusting(client, header), heightAt(START), proof, path('key-3x'), context)
    expect(log).toEqual([`hash ${3 * 6 + 4}`])
  })

  it('that is too large or no proof is refused before', () => {
    const { log, context, client } = noting()
    const attempt = (proof: Uint8Array) => () =>
      client.verifyMembership(
        trusting(client, header),
        heightAt(START),
        proof,
        path('key-3'),
        utf8('x'),
        context,
      )
    expect(attempt(new Uint8Array(300_000))).toThrow('exceeds')
    expect(attempt(Uint8Array.of(0xff, 0xff))).toThrow()
    expect(log).toEqual([])
  })
})

describe('a batch of signatures', () => {
  const check = (keyType?: 'secp256k1'): SignatureCheck => ({
    ...(keyType && { keyType }),
    publicKey: new Uint8Array(keyType ? 33 : 32),
    message: utf8('a vote'),
    signature: new Uint8Array(64),
  })
  const run = (checks: SignatureCheck[], natives = {}) => {
    const log: string[] = []
    const charge: Charge = (work, count) => void log.push(`${work} ${count}`)
    const failed = meteredSignatures(createSignatureVerifier(natives), charge)(checks)
    return { log, failed }
  }

  it('is charged by kind, all of it before the first', () => {
    const yes = () => true
    const natives = { ed25519: yes, secp256k1: yes }
    const { log, failed } = run([check(), check('secp256k1'), check('secp256k1')], natives)
    expect([log, failed]).toEqual([['ed25519 1', 'secp256k1 2'], undefined])
    expect(run([], natives)).toEqual({ log: [], failed: undefined })
  })

  it('is charged once more for what native verification refuses', () => {
    const { log, failed } = run([check(), check()], { ed25519: () => false })
    // A key of zeros is a point of small order: ZIP-215 accepts it, and a signature of zeros with it.
    expect(log).toEqual(['ed25519 2', 'ed25519Slow 1', 'ed25519Slow 1'])
    expect(failed).toBeUndefined()
  })

  it('stops at the first that does not hold', () => {
    const bad = { ...check(), signature: new Uint8Array(64).fill(255) }
    const { log, failed } = run([check('secp256k1'), bad, check()], {
      ed25519: () => false,
      secp256k1: () => true,
    })
    expect([log, failed]).toEqual([['ed25519 2', 'secp256k1 1', 'ed25519Slow 1'], 1])
  })

  it('costs nothing where nobody counts', () => {
    const verify = createSignatureVerifier()
    expect(meteredSignatures(verify, undefined)).toBe(verify)
  })
})
