import { getAddressDecoder } from '@solana/addresses'
import {
  getOffchainMessageEncoder,
  offchainMessageApplicationDomain,
  offchainMessageContentUtf8Of1232BytesMax,
  offchainMessageContentUtf8Of65535BytesMax,
} from '@solana/offchain-messages'
import { hashTypedData, publicKeyToAddress } from 'viem/utils'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { fromHex, isProtocolError, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EIP712_DOMAIN, EIP712_TYPES, eip712Digest } from './eip712.ts'
import { packSigningKey, readSigningKey, walletAddress } from './keys.ts'
import type { SigningKey } from './keys.ts'
import { SIGN_MODE, signsIn, solanaWrapping } from './sign-mode.ts'
import { SOLANA_APPLICATION_DOMAIN, solanaMessage } from './solana-message.ts'

const KEY32 = new Uint8Array(32).fill(7)
const KEY33 = secp256k1.getPublicKey(KEY32, true)
const uncompressed = (key: Uint8Array) => secp256k1.Point.fromBytes(key).toBytes(false).slice(1)

describe('EIP-712', () => {
  it('gives the digest that viem gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const typed = {
          domain: EIP712_DOMAIN,
          types: EIP712_TYPES,
          primaryType: 'Transaction',
          message: { text },
        } as const
        expect(`0x${toHex(eip712Digest(utf8(text)))}`).toBe(hashTypedData(typed))
      }),
      { numRuns: 50 },
    )
  })
})

describe('an off-chain message', () => {
  const text = utf8('Causeway transaction v1\nchain: x')
  const domain = `ff${toHex(utf8('solana offchain'))}`
  const length = '2000'

  it('is the text itself where a wallet signs that', () => {
    expect(solanaMessage(text, KEY32, 'none')).toBe(text)
  })

  it('of the command line is domain, version, format, length, text', () => {
    expect(toHex(solanaMessage(text, KEY32, 'cli'))).toBe(`${domain}0001${length}${toHex(text)}`)
  })

  it('of version 0 names application and signer', () => {
    const application = `${toHex(utf8('Causeway'))}${'00'.repeat(24)}`
    expect(toHex(SOLANA_APPLICATION_DOMAIN)).toBe(application)
    expect(toHex(solanaMessage(text, KEY32, 'v0'))).toBe(
      `${domain}00${application}0101${toHex(KEY32)}${length}${toHex(text)}`,
    )
  })

  it('of version 1 has the signer and the text alone', () => {
    expect(toHex(solanaMessage(text, KEY32, 'v1'))).toBe(`${domain}0101${toHex(KEY32)}${toHex(text)}`)
  })

  it('is what @solana/offchain-messages writes, both versions and both formats', () => {
    const signatory = { address: getAddressDecoder().decode(KEY32) }
    const applicationDomain = offchainMessageApplicationDomain(
      getAddressDecoder().decode(SOLANA_APPLICATION_DOMAIN),
    )
    const encode = getOffchainMessageEncoder().encode
    const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 2_000 })
    fc.assert(
      fc.property(anyText, (content) => {
        const requiredSignatories = [signatory]
        const bytes = utf8(content)
        const v1 = encode({ version: 1, requiredSignatories, content })
        expect(toHex(solanaMessage(bytes, KEY32, 'v1'))).toBe(toHex(v1 as Uint8Array))
        const head = { version: 0, applicationDomain, requiredSignatories } as const
        const v0 =
          bytes.length <= 1_147
            ? encode({ ...head, content: offchainMessageContentUtf8Of1232BytesMax(content) })
            : encode({ ...head, content: offchainMessageContentUtf8Of65535BytesMax(content) })
        expect(toHex(solanaMessage(bytes, KEY32, 'v0'))).toBe(toHex(v0 as Uint8Array))
      }),
      { numRuns: 200 },
    )
  })

  it('is of format 1 while a hardware wallet holds it, else of format 2', () => {
    const format = (size: number, wrapping: 'cli' | 'v0') =>
      solanaMessage(new Uint8Array(size), KEY32, wrapping)[wrapping === 'cli' ? 17 : 49]
    expect([format(1_212, 'cli'), format(1_213, 'cli')]).toEqual([1, 2])
    expect([format(1_147, 'v0'), format(1_148, 'v0')]).toEqual([1, 2])
  })
})

describe('keys', () => {
  const keys: SigningKey[] = [
    { type: 0, bytes: KEY33 },
    { type: 1, bytes: KEY33 },
    { type: 2, bytes: KEY32 },
    { type: 'session', bytes: KEY32 },
  ]
  const code = (run: () => unknown) => {
    try {
      run()
      return 0
    } catch (error) {
      return isProtocolError(error) ? error.code : -1
    }
  }

  it('stand in an envelope of their own', () => {
    for (const key of keys) expect(readSigningKey(packSigningKey(key))).toEqual(key)
    expect(keys.map((key) => packSigningKey(key).typeUrl)).toEqual([
      '/cosmos.crypto.secp256k1.PubKey',
      '/causeway.crypto.v1.EthPubKey',
      '/causeway.crypto.v1.SolanaPubKey',
      '/cosmos.crypto.ed25519.PubKey',
    ])
  })

  it('of another form are refused', () => {
    for (const key of keys) {
      const { typeUrl, value } = packSigningKey(key)
      const { value: short } = packSigningKey({ ...key, bytes: key.bytes.slice(1) })
      for (const bad of [new Uint8Array(0), short, Uint8Array.of(...value, 0x10, 1), utf8('garbage')])
        expect(code(() => readSigningKey({ typeUrl, value: bad }))).toBe(42)
    }
    const { value } = packSigningKey(keys[0]!)
    expect(code(() => readSigningKey({ typeUrl: '/cosmos.crypto.multisig.LegacyAminoPubKey', value }))).toBe(
      42,
    )
    const even = KEY33.slice()
    even[0] = 4
    expect(code(() => readSigningKey(packSigningKey({ type: 1, bytes: even })))).toBe(42)
  })

  it('have the addresses of their chains, and of Solana one of our own', () => {
    const generator = fromHex('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')
    const address = (type: 0 | 1 | 2, bytes: Uint8Array) =>
      toHex(walletAddress({ type, bytes }, uncompressed))
    expect(address(0, generator)).toBe('751e76e8199196d454941c45d1b3a323f1433bd6')
    expect(address(1, generator)).toBe('7e5f4552091a69125d5dfcb7b8c2659029395bdf')
    expect(address(1, KEY33)).toBe(
      publicKeyToAddress(`0x04${toHex(uncompressed(KEY33))}`)
        .slice(2)
        .toLowerCase(),
    )
    expect(address(2, new Uint8Array(32))).toBe('d13e5ce499dd1504bd8d95fed972c926b0c20ac8')
  })

  it('sign in the modes of their kind alone', () => {
    const modes = Object.values(SIGN_MODE)
    const allowed = keys.map(({ type }) => modes.filter((mode) => signsIn(type, mode)))
    expect(allowed).toEqual([[1, 127], [712], [501, 502, 503, 504], [1]])
    for (const type of [0, 1, 2, 'session'] as const)
      for (const mode of [0, 2, 3, 191, -1, 500, 505]) expect(signsIn(type, mode)).toBe(false)
    expect(solanaWrapping(712)).toBeUndefined()
  })
})
