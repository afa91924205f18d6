import { be32, be64, concatBytes, sha256, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../refusal.fixture.ts'
import {
  attestorLeaf,
  attestorLeafRoot,
  attestorProofs,
  attestorSetHash,
  createAttestorSet,
  isAttestorAt,
} from './attestor-set.ts'
import { mclG1Scheme } from './schemes.fixture.ts'

const keys = Array.from({ length: 33 }, (_, i) => mclG1Scheme.publicKey(new Uint8Array(32).fill(i + 1, 2)))
const attestors = keys.map((key, i) => ({ key, power: BigInt(i + 1) }))
const H = (...parts: Uint8Array[]) => sha256(concatBytes(...parts))

/** The root by the words of RFC 6962, 2.1, written down a second time. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0]!
  const split = 2 ** Math.ceil(Math.log2(hashes.length) - 1)
  return H(Uint8Array.of(1), rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)))
}

describe('a set', () => {
  it('hashes as the design says, for every size', () => {
    for (let count = 1; count <= attestors.length; count++) {
      const members = attestors.slice(0, count)
      const hashes = members.map(({ key, power }, i) => H(Uint8Array.of(0), be32(i), key, be64(power)))
      expect(attestorLeafRoot(members)).toEqual(rootOf(hashes))
    }
    const set = createAttestorSet(mclG1Scheme, attestors)
    expect(set.count).toBe(33)
    expect(set.totalPower).toBe(561n)
    expect(attestorSetHash(set)).toEqual(
      H(
        utf8('causeway/attestor-set/v1'),
        attestorLeafRoot(attestors),
        be32(33),
        be64(561n),
        mclG1Scheme.addKeys(keys)!,
      ),
    )
  })

  it('proves each member at its own index and nowhere else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 33 }), fc.nat(32), fc.nat(32), (count, at, other) => {
        const members = attestors.slice(0, count)
        const index = at % count
        const leafRoot = attestorLeafRoot(members)
        const proof = attestorProofs(members)[index]!
        const member = members[index]!
        expect(isAttestorAt({ leafRoot, count }, index, member, proof)).toBe(true)
        if (other !== index) expect(isAttestorAt({ leafRoot, count }, other, member, proof)).toBe(false)
        const more = { ...member, power: member.power + 1n }
        expect(isAttestorAt({ leafRoot, count }, index, more, proof)).toBe(false)
        expect(isAttestorAt({ leafRoot, count }, index, member, [...proof, leafRoot])).toBe(false)
        if (proof.length > 0) {
          expect(isAttestorAt({ leafRoot, count }, index, member, proof.slice(1))).toBe(false)
          const short = [proof[0]!.subarray(1), ...proof.slice(1)]
          expect(isAttestorAt({ leafRoot, count }, index, member, short)).toBe(false)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('changes its hash with every member, power, place and number', () => {
    const hashOf = (members: typeof attestors) => attestorSetHash(createAttestorSet(mclG1Scheme, members))
    const four = attestors.slice(0, 4)
    const others = [
      attestors.slice(0, 5),
      attestors.slice(1, 5),
      [...four].reverse(),
      four.map(({ key }) => ({ key, power: 1n })),
    ]
    for (const other of others) expect(hashOf(other)).not.toEqual(hashOf(four))
    expect(hashOf([...four])).toEqual(hashOf(four))
  })

  it('is refused when it could not be one', () => {
    const [first, second] = attestors
    const create = (members: typeof attestors) => codeOf(() => createAttestorSet(mclG1Scheme, members))
    expect(create([])).toBe('attestation/2')
    expect(create([first!, { key: new Uint8Array(192), power: 1n }])).toBe('attestation/3')
    expect(create([first!, { key: first!.key.subarray(1), power: 1n }])).toBe('attestation/3')
    expect(create([first!, { ...second!, power: 0n }])).toBe('attestation/4')
    expect(create([first!, { ...second!, power: -1n }])).toBe('attestation/4')
    expect(create([first!, second!, { ...first!, power: 1n }])).toBe('attestation/5')
    const most = 2n ** 64n - 1n
    expect(create([{ ...first!, power: most }, second!])).toBe('attestation/2')
    expect(createAttestorSet(mclG1Scheme, [{ ...first!, power: most }]).totalPower).toBe(most)
    const opposite = mclG1Scheme.subtractKeys(first!.key, [mclG1Scheme.addKeys([first!.key, first!.key])!])!
    expect(create([first!, { key: opposite, power: 1n }])).toBe('attestation/2')
  })

  it('has leaves of known length only', () => {
    expect(attestorLeaf(7, attestors[0]!)).toHaveLength(4 + 192 + 8)
    expect(codeOf(() => attestorLeaf(0, { key: new Uint8Array(191), power: 1n }))).toBe('attestation/1')
    const set = createAttestorSet(mclG1Scheme, attestors.slice(0, 2))
    expect(codeOf(() => attestorSetHash({ ...set, leafRoot: new Uint8Array(31) }))).toBe('attestation/1')
    expect(codeOf(() => attestorSetHash({ ...set, count: -1 }))).toBe('primitives/20')
  })
})
