import { sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { blstScheme } from '../../ethereum/bls/blst-scheme.ts'
import { codeOf } from '../../refusal.fixture.ts'
import { loadRecording, recordedStakes, whyNoRecordings } from '../recordings.fixture.ts'
import type { RecordedBlock } from '../recordings/recording.ts'
import { verifyAlpenglowProof } from './alpenglow-consensus.ts'
import type { AlpenglowProof } from './alpenglow-consensus.ts'
import { alpenglowBlockId, footerBankHash, parentLeaf, readFooter } from './block-opening.ts'
import type { BlockOpening } from './block-opening.ts'
import { SHRED_VERSION, exampleBlock, footer } from './example-block.fixture.ts'
import { shredLeaf, shredProofRoot, shredTreeRoot } from './shred-tree.ts'
import { decodeDataShred } from './shred.ts'

const BANK_HASH = sha256(utf8('bank 9'))
const WISH = { slot: 9n, parentSlot: 7n, bankHash: BANK_HASH }
const BLOCK = exampleBlock(WISH)
const flip = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! ^ 1)
const verdict = (changed: Partial<BlockOpening>, slot = 9n, version = SHRED_VERSION) =>
  codeOf(() => footerBankHash({ ...BLOCK.opening, ...changed }, slot, version))

describe('the tree over shreds', () => {
  it('joins an uneven last node with itself', () => {
    const leaves = [1, 2, 3, 4, 5].map((n) => shredLeaf(Uint8Array.of(n)))
    const pair = (a: number, b: number) => shredTreeRoot([leaves[a]!, leaves[b]!])
    const top = shredTreeRoot([pair(0, 1), pair(2, 3)])
    const last = shredTreeRoot([pair(4, 4), pair(4, 4)])
    expect(toHex(shredTreeRoot(leaves))).toBe(toHex(shredTreeRoot([top, last])))
    expect(toHex(shredTreeRoot([leaves[0]!]))).toBe(toHex(leaves[0]!))
  })

  it('proves a leaf by siblings of 20 bytes', () => {
    const leaves = [1, 2].map((n) => shredLeaf(Uint8Array.of(n)))
    const root = shredTreeRoot(leaves)
    const sibling = leaves[1]!.subarray(0, 20)
    expect(toHex(shredProofRoot(0, leaves[0]!, [sibling])!)).toBe(toHex(root))
    expect(toHex(shredProofRoot(1, leaves[1]!, [leaves[0]!.subarray(0, 20)])!)).toBe(toHex(root))
    expect(shredProofRoot(2, leaves[0]!, [sibling])).toBeUndefined()
    expect(shredProofRoot(0, leaves[0]!, [leaves[1]!])).toBeUndefined()
  })
})

describe('a shred', () => {
  it('gives the root of its FEC set, from any place', () => {
    for (const [i, bytes] of BLOCK.shreds.entries()) {
      const shred = decodeDataShred('data', bytes)
      expect([shred.slot, shred.index, shred.fecSet, shred.version]).toEqual([9n, i, i >> 5, SHRED_VERSION])
      expect(toHex(shred.fecSetRoot.subarray(0, 20))).toBe(toHex(BLOCK.opening.fecSetRoots[i >> 5]!))
      expect(shred.endsComponent).toBe(i % 32 === 31)
    }
  })

  it('has no byte that may be changed but the leader’s signature', () => {
    const root = toHex(BLOCK.opening.fecSetRoots[1]!)
    for (let at = 0; at < 1203; at++) {
      let found = 'refused'
      const code = codeOf(() => {
        found = toHex(decodeDataShred('data', flip(BLOCK.shreds[40]!, at)).fecSetRoot.subarray(0, 20))
      })
      expect(code).toMatch(/^(accepted|solana\/33)$/)
      expect(found === root, `byte ${at}`).toBe(at < 64)
    }
  })

  it('is a whole chained data shred within its set', () => {
    const [bytes] = BLOCK.shreds as [Uint8Array]
    const code = (changed: Uint8Array) => codeOf(() => decodeDataShred('data', changed))
    expect(code(bytes.subarray(1))).toBe('solana/33')
    // Code, unchained data, a set of another size, a place past the set, more data than there is room for.
    expect(code(bytes.with(64, 0x66))).toBe('solana/33')
    expect(code(bytes.with(64, 0x86))).toBe('solana/33')
    expect(code(bytes.with(79, 16))).toBe('solana/33')
    expect(code(bytes.with(73, 32))).toBe('solana/33')
    expect(code(bytes.with(87, 0x10))).toBe('solana/33')
    expect(code(bytes.with(86, 87).with(87, 0))).toBe('solana/33')
    // A proof that is too short for the place.
    expect(code(BLOCK.shreds[31]!.with(64, 0x91))).toBe('solana/33')
    // Resigned: the proof stands before another signature.
    expect(code(bytes.with(64, 0xb6))).toBe('accepted')
  })
})

describe('a block id', () => {
  it('binds the FEC sets, their order and number, and the parent', () => {
    const { fecSetRoots, parentBlockId, parentSlot } = BLOCK.opening
    const ids = [
      BLOCK.opening,
      { ...BLOCK.opening, fecSetRoots: fecSetRoots.toReversed() },
      { ...BLOCK.opening, fecSetRoots: fecSetRoots.slice(1) },
      { ...BLOCK.opening, fecSetRoots: [...fecSetRoots, fecSetRoots[2]!] },
      { ...BLOCK.opening, parentSlot: parentSlot + 1n },
      { ...BLOCK.opening, parentBlockId: flip(parentBlockId, 5) },
    ].map((opening) => toHex(alpenglowBlockId(opening)))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids[0]).toBe(toHex(BLOCK.blockId))
    const leaf = parentLeaf(parentSlot, parentBlockId, 3)
    expect(toHex(shredTreeRoot([...fecSetRoots, leaf]))).toBe(ids[0])
  })

  it('is of at least one FEC set and at most 1,024', () => {
    const code = (fecSetRoots: Uint8Array[]) =>
      codeOf(() => alpenglowBlockId({ ...BLOCK.opening, fecSetRoots }))
    expect(code([])).toBe('solana/34')
    expect(code(Array.from({ length: 1025 }, () => BANK_HASH.subarray(12)))).toBe('solana/34')
    expect(code([BANK_HASH])).toBe('solana/34')
  })
})

describe('a footer', () => {
  it('holds the bank hash', () => {
    expect(toHex(footerBankHash(BLOCK.opening, 9n, SHRED_VERSION))).toBe(toHex(BANK_HASH))
  })

  it('begins a component, right after the end of another', () => {
    const { shreds } = BLOCK
    expect(verdict({ previousShred: shreds[30]! })).toBe('solana/33')
    expect(verdict({ previousShred: shreds[30]!, footerShred: shreds[31]! })).toBe('solana/33')
    expect(verdict({ previousShred: shreds[32]!, footerShred: shreds[33]! })).toBe('solana/33')
    expect(verdict({ previousShred: shreds[63]!, footerShred: shreds[32]! })).toBe('solana/33')
    expect(verdict({ footerShred: shreds[33]! })).toBe('solana/33')
    // Entries begin there, not a footer.
    expect(verdict({ previousShred: shreds[63]!, footerShred: shreds[64]! })).toBe('solana/35')
  })

  it('is not transactions that look like one', () => {
    // A footer's bytes in the middle of a component: the shred before them does not end one.
    const forged = exampleBlock({ ...WISH, bankHash: sha256(utf8('forged')) })
    const fecSetRoots = [BLOCK.opening.fecSetRoots[0]!, forged.opening.fecSetRoots[1]!]
    const asked = { ...forged.opening, fecSetRoots, previousShred: forged.shreds[30]! }
    expect(codeOf(() => footerBankHash(asked, 9n, SHRED_VERSION))).toBe('solana/33')
  })

  it('is of the slot, the shred version and the block', () => {
    expect(verdict({}, 10n)).toBe('solana/33')
    expect(verdict({}, 9n, SHRED_VERSION + 1)).toBe('solana/33')
    const other = exampleBlock({ ...WISH, bankHash: sha256(utf8('another')) })
    expect(verdict({ footerShred: other.opening.footerShred })).toBe('solana/33')
    expect(verdict({ fecSetRoots: other.opening.fecSetRoots })).toBe('solana/33')
    expect(verdict({ fecSetRoots: BLOCK.opening.fecSetRoots.slice(0, 1) })).toBe('solana/33')
    expect(verdict({ footerShred: other.opening.footerShred, fecSetRoots: other.opening.fecSetRoots })).toBe(
      'accepted',
    )
  })

  it.each([
    ['entries', footer(BANK_HASH).with(0, 1)],
    ['another marker', footer(BANK_HASH).with(10, 1)],
    ['a marker of another version', footer(BANK_HASH).with(8, 2)],
    ['a footer of another version', footer(BANK_HASH).with(13, 2)],
    ['cut', footer(BANK_HASH).subarray(0, 45)],
  ])('%s is none', (_, bytes) => {
    expect(codeOf(() => readFooter(bytes))).toBe('solana/35')
  })
})

describe.skipIf(whyNoRecordings !== undefined)(`recorded blocks ${whyNoRecordings ?? ''}`, () => {
  const recording = whyNoRecordings === undefined ? loadRecording('alpenglow-slots-4-14') : undefined
  const proofOf = ({ slot, notarize, finalize, opening }: RecordedBlock): AlpenglowProof => ({
    slot,
    notarize,
    finalize,
    block: opening,
  })
  const judge = (proof: AlpenglowProof, shredVersion = recording!.shredVersion!) =>
    codeOf(() =>
      verifyAlpenglowProof(proof, recordedStakes(recording!, 0n), { shredVersion, bls: blstScheme }),
    )

  it('certificate → block id → footer → bank hash', () => {
    for (const [i, block] of recording!.blocks.entries()) {
      const rules = { shredVersion: recording!.shredVersion!, bls: blstScheme }
      const settled = verifyAlpenglowProof(proofOf(block), recordedStakes(recording!, 0n), rules)
      expect(toHex(settled.blockId)).toBe(toHex(block.blockId))
      expect(toHex(settled.bankHash)).toBe(toHex(recording!.slots[i]!.bankHash))
      const shred = decodeDataShred('footer', block.footerShreds[0]!)
      const root = shredProofRoot(shred.fecSet, shred.fecSetRoot, block.footerSetProof)
      expect(toHex(root!)).toBe(toHex(block.blockId))
    }
  })

  it('every change of a block is refused', () => {
    const [, block, another] = recording!.blocks as [RecordedBlock, RecordedBlock, RecordedBlock]
    const proof = proofOf(block)
    const opened = (change: Partial<BlockOpening>) => ({ ...proof, block: { ...proof.block, ...change } })
    const { opening } = block
    const changed: [string, AlpenglowProof][] = [
      ['another footer', opened({ footerShred: another.opening.footerShred })],
      ['another footer whole', opened({ ...another.opening })],
      ['another previous shred', opened({ previousShred: another.opening.previousShred })],
      ['the footer for the previous', opened({ previousShred: opening.footerShred })],
      ['order', opened({ fecSetRoots: opening.fecSetRoots.toReversed() })],
      ['count + 1', opened({ fecSetRoots: [...opening.fecSetRoots, opening.fecSetRoots[0]!] })],
      ['count − 1', opened({ fecSetRoots: opening.fecSetRoots.slice(0, -1) })],
      ['parent', opened({ parentSlot: opening.parentSlot + 1n })],
      ['parent id', opened({ parentBlockId: flip(opening.parentBlockId, 0) })],
      ['slot', { ...proof, slot: another.slot }],
      ['certificate', { ...proof, notarize: another.notarize }],
      ['empty bitmap', { ...proof, notarize: { ...proof.notarize, bitmap: Uint8Array.of(0, 1, 0, 0) } }],
      ['long bitmap', { ...proof, notarize: { ...proof.notarize, bitmap: Uint8Array.of(0, 2, 0, 1) } }],
      ['as the slow way', { ...proof, finalize: proof.notarize }],
    ]
    expect(judge(proof)).toBe('accepted')
    for (const [what, other] of changed) expect(judge(other), what).toMatch(/^solana\/3[0-5]$/)
    expect(judge(proof, recording!.shredVersion! + 1)).toBe('solana/33')
    for (let at = 64; at < 1203; at += 3) {
      const footerShred = flip(opening.footerShred, at)
      expect(judge(opened({ footerShred })), `byte ${at}`).toMatch(/^solana\/3[2-5]$/)
      const previousShred = flip(opening.previousShred, at)
      expect(judge(opened({ previousShred })), `byte ${at}`).toMatch(/^solana\/3[2-5]$/)
    }
  })
})
