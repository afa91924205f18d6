import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { Keypair, TransactionInstruction } from '@solana/web3.js'
import { concatBytes, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { HINT_BYTES, hashToG1Hints } from '../src/hints/hash-to-g1-hints.ts'
import { send, startSvm } from './svm.fixture.ts'

interface Vector {
  readonly name: string
  readonly domain: string
  readonly message: string
  readonly point: string
}

const probe = Keypair.generate().publicKey
const chain = startSvm({ probe })
const vectors = new URL('../../../libs/light-clients/vectors/attestation/hash-to-curve.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as { cases: Vector[] }
const TAG = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_'

function hash(message: Uint8Array, tag: string, hints = hashToG1Hints(message, tag)) {
  const data = concatBytes(Uint8Array.of(0, tag.length), utf8(tag), hints, message)
  return send(chain, [new TransactionInstruction({ programId: probe, keys: [], data: Buffer.from(data) })])
}

describe('hashing to G1 with hints', () => {
  it.each(cases)('$name', ({ message, domain, point }) => {
    const { error, returned } = hash(fromHex(message.slice(2)), domain)
    expect(error).toBe(undefined)
    expect(`0x${toHex(returned)}`).toBe(point)
  })

  it('is what @noble/curves makes of random messages', () => {
    const units = []
    for (let i = 0; i < 40; i++) {
      const message = sha256(utf8(`message ${i}`)).subarray(0, i % 33)
      const { error, returned, computeUnits } = hash(message, TAG)
      const expected = bls12_381.G1.hashToCurve(message, { DST: TAG })
      expect([error, toHex(returned)]).toEqual([undefined, toHex(expected.toBytes(false))])
      units.push(computeUnits)
    }
    process.stdout.write(`hash to G1: ${Math.min(...units)} to ${Math.max(...units)} compute units\n`)
  })

  it('takes no hint but the right one', { timeout: 240_000 }, () => {
    const message = utf8('attested')
    const hints = hashToG1Hints(message, TAG)
    expect(hints.length).toBe(HINT_BYTES)
    const codes = new Map<number | string | undefined, number>()
    for (let at = 0; at < hints.length; at++) {
      const { error } = hash(message, TAG, hints.with(at, hints[at]! ^ (1 << (at % 8))))
      codes.set(error, (codes.get(error) ?? 0) + 1)
    }
    // Malformed, a wrong inverse, a wrong root
    expect([...codes.keys()].sort()).toEqual([1, 2, 3])
  })

  it('takes neither the other root, nor the other square, nor a number plus p', () => {
    const { Fp } = bls12_381.fields
    const message = utf8('attested')
    const hints = hashToG1Hints(message, TAG)
    const number = (at: number) => BigInt(`0x${toHex(hints.subarray(at, at + 48))}`)
    const changed = (at: number, value: bigint) => {
      const copy = Uint8Array.from(hints)
      copy.set(fromHex(value.toString(16).padStart(96, '0')), at)
      return hash(message, TAG, copy).error
    }
    for (const root of [49, 146]) {
      expect(changed(root, Fp.neg(number(root)))).toBe(3)
      expect(changed(root, 0n)).toBe(3)
    }
    for (const at of [1, 49, 98, 146, 194, 242]) {
      expect(changed(at, Fp.ORDER)).toBe(1)
      if (number(at) + Fp.ORDER < 1n << 384n) expect(changed(at, number(at) + Fp.ORDER)).toBe(1)
    }
    for (const flag of [0, 97]) {
      expect(hash(message, TAG, hints.with(flag, hints[flag]! ^ 1)).error).toBe(3)
      expect(hash(message, TAG, hints.with(flag, 2)).error).toBe(1)
    }
    expect(hash(message, TAG, hashToG1Hints(utf8('other'), TAG)).error).toBe(2)
  })

  it('has the constants that its generator writes', () => {
    const script = fileURLToPath(new URL('../tools/generate-constants.ts', import.meta.url))
    expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
      status: 0,
    })
  })
})
