import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { verifyEd25519, voteExtensionSignBytes, voteSignBytes } from '@causeway/light-clients'
import { SignedMsgType } from '@causeway/protocol/tendermint/types/types'
import { sha256, toHexUpper, utf8 } from '@causeway/primitives'
import { testKeys } from '../chain.fixture.ts'
import { PrivateValidator } from './private-validator.ts'
import type { PrecommitRequest } from './private-validator.ts'
import { publicKeyFromJson, publicKeyToJson } from './public-key-json.ts'
import { createFileSignState, createMemorySignState, parseSignState } from './sign-state.ts'
import type { SignStateStore } from './sign-state.ts'
import { generateValidatorKey, parseValidatorKey } from './validator-key.ts'

const directory = mkdtempSync(join(tmpdir(), 'keys-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

// Made by `cometbft init` 0.38.26 for this test
const real = {
  address: '792BD2CB72635BB1D5D57E20FE6F0D597ED2C5A4',
  pub_key: { type: 'tendermint/PubKeyEd25519', value: 'iw8trQ+tSdmz3vb2z3jTxE2nvlU8CKcn3YMK/3d88hc=' },
  priv_key: {
    type: 'tendermint/PrivKeyEd25519',
    value: '2AqGvcOzwy1htQH7TFnTRoHHJHqCKQ1YcRRSaXkluwyLDy2tD61J2bPe9vbPeNPETae+VTwIpyfdgwr/d3zyFw==',
  },
}

const key = parseValidatorKey(testKeys('signer')[0])
const blockId = (name: string): PrecommitRequest['blockId'] => ({
  hash: sha256(utf8(name)),
  partSetHeader: { total: 1, hash: sha256(utf8(`parts of ${name}`)) },
})
const request = (change: Partial<PrecommitRequest> = {}): PrecommitRequest => ({
  height: 5n,
  round: 0,
  blockId: blockId('a'),
  timestamp: { seconds: 100n, nanos: 1 },
  extension: utf8('extension'),
  ...change,
})

describe('a validator key', () => {
  it('is read from a file of CometBFT', () => {
    const parsed = parseValidatorKey(real)
    expect(toHexUpper(parsed.address)).toBe(real.address)
    expect(publicKeyToJson({ ed25519: parsed.publicKey })).toEqual(real.pub_key)
  })

  it('is written as CometBFT writes it', () => {
    const seed = Buffer.from(real.priv_key.value, 'base64').subarray(0, 32)
    expect(generateValidatorKey(seed)).toEqual(real)
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['no private half', { ...real, priv_key: undefined }],
    ['another type', { ...real, priv_key: { ...real.priv_key, type: 'tendermint/PrivKeySecp256k1' } }],
    ['a short key', { ...real, priv_key: { ...real.priv_key, value: 'AAAA' } }],
    [
      'halves of two keys',
      { ...real, priv_key: { ...real.priv_key, value: Buffer.alloc(64, 1).toString('base64') } },
    ],
  ])('is refused with %s', (_, json) => {
    expect(() => parseValidatorKey(json)).toThrow(expect.objectContaining({ codespace: 'engine', code: 4 }))
  })

  it('refuses a seed of another length', () => {
    expect(() => generateValidatorKey(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 4 }))
  })

  it('has a public half of either type', () => {
    const secp256k1 = new Uint8Array(33).fill(2)
    expect(publicKeyFromJson(publicKeyToJson({ secp256k1 }))).toEqual({ secp256k1 })
    for (const json of [null, {}, { type: 'tendermint/PubKeyEd25519', value: 'AAAA' }]) {
      expect(() => publicKeyFromJson(json)).toThrow(expect.objectContaining({ code: 4 }))
    }
  })
})

describe.each<[string, () => SignStateStore]>([
  ['memory', () => createMemorySignState()],
  ['a file', () => createFileSignState(join(directory, `${Math.random()}.json`), true)],
])('a validator with its state in %s', (_, open) => {
  it('signs vote and extension', () => {
    const signed = new PrivateValidator('chain', key, open()).signPrecommit(request())
    const vote = { ...request(), type: SignedMsgType.SIGNED_MSG_TYPE_PRECOMMIT }
    expect(verifyEd25519(key.publicKey, voteSignBytes('chain', vote), signed.signature)).toBe(true)
    const extended = { height: 5n, round: 0, extension: utf8('extension') }
    const extensionBytes = voteExtensionSignBytes('chain', extended)
    expect(verifyEd25519(key.publicKey, extensionBytes, signed.extensionSignature)).toBe(true)
  })

  it('signs no extension while there are none', () => {
    const signed = new PrivateValidator('chain', key, open()).signPrecommit(request({ extension: undefined }))
    expect(signed.extensionSignature.length).toBe(0)
  })

  it('signs the same vote again, with the first time, and any extension', () => {
    const store = open()
    const first = new PrivateValidator('chain', key, store).signPrecommit(request())
    const again = new PrivateValidator('chain', key, store)
    expect(again.signPrecommit(request())).toEqual(first)
    const later = again.signPrecommit(
      request({ timestamp: { seconds: 200n, nanos: 0 }, extension: utf8('other') }),
    )
    expect(later.signature).toEqual(first.signature)
    expect(later.timestamp).toEqual({ seconds: 100n, nanos: 1 })
    expect(later.extensionSignature).not.toEqual(first.extensionSignature)
  })

  it('never signs two blocks at a height and round, nor goes back', () => {
    const store = open()
    new PrivateValidator('chain', key, store).signPrecommit(request({ round: 1 }))
    const restarted = new PrivateValidator('chain', key, store)
    const other = request({ round: 1, blockId: blockId('b') })
    expect(() => restarted.signPrecommit(other)).toThrow(
      expect.objectContaining({ codespace: 'engine', code: 41 }),
    )
    expect(() => restarted.signPrecommit(request({ round: 0 }))).toThrow(
      expect.objectContaining({ code: 40 }),
    )
    expect(() => restarted.signPrecommit(request({ height: 4n }))).toThrow(
      expect.objectContaining({ code: 40 }),
    )
    expect(restarted.signPrecommit(request({ round: 2, blockId: blockId('b') })).signature.length).toBe(64)
    expect(restarted.signPrecommit(request({ height: 6n })).signature.length).toBe(64)
  })
})

describe('the sign state file', () => {
  it('is as CometBFT writes it', () => {
    const path = join(directory, 'state.json')
    const signed = new PrivateValidator('chain', key, createFileSignState(path, false)).signPrecommit(
      request(),
    )
    const vote = { ...request(), type: SignedMsgType.SIGNED_MSG_TYPE_PRECOMMIT }
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      height: '5',
      round: 0,
      step: 3,
      signature: Buffer.from(signed.signature).toString('base64'),
      signbytes: toHexUpper(voteSignBytes('chain', vote)),
    })
  })

  it('is read as `cometbft init` writes it', () => {
    expect(parseSignState('{\n  "height": "0",\n  "round": 0,\n  "step": 0\n}')).toMatchObject({
      height: 0n,
      step: 0,
    })
  })

  it('of another engine that signed further stops this one', () => {
    const path = join(directory, 'ahead.json')
    writeFileSync(path, '{"height":"9","round":0,"step":2,"signature":"AAAA","signbytes":"00"}')
    const validator = new PrivateValidator('chain', key, createFileSignState(path, false))
    expect(() => validator.signPrecommit(request())).toThrow(expect.objectContaining({ code: 40 }))
    // A prevote at the same height and round comes before the precommit
    expect(validator.signPrecommit(request({ height: 9n })).signature.length).toBe(64)
  })

  it('with sign bytes that are no vote counts as a conflict', () => {
    const path = join(directory, 'odd.json')
    writeFileSync(path, '{"height":"5","round":0,"step":3,"signature":"AAAA","signbytes":"00"}')
    const validator = new PrivateValidator('chain', key, createFileSignState(path, false))
    expect(() => validator.signPrecommit(request())).toThrow(expect.objectContaining({ code: 41 }))
  })

  it.each(['', '{}', '{"height":"-1","round":0,"step":0}', '{"height":"1","round":"x","step":0}'])(
    'is refused when it is %j',
    (text) => {
      expect(() => parseSignState(text)).toThrow(expect.objectContaining({ codespace: 'engine', code: 5 }))
    },
  )
})
