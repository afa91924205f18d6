import {
  alpenglowBlockId,
  blstScheme,
  decodeDataShred,
  readFooter,
  shredProofRoot,
  verifyAlpenglowProof,
} from '@causeway/light-clients'
import type { RecordedBlock, Recording } from '@causeway/light-clients'
import { EMPTY_BYTES, be16, concatBytes, le64, toHex } from '@causeway/primitives'
import { expectBytes, expectSame } from '../expectations.ts'
import type { StakesOf } from './solana-slots-format.ts'

/** Rule 7: certificate → block id → footer → bank hash. */
export function checkBlock(recording: Recording, index: number, stakesOf: StakesOf): void {
  const { slots, blocks, shredVersion } = recording
  const block = blocks[index]!
  const slot = slots.find((each) => each.slot === block.slot)
  if (!slot) throw new Error(`slot ${block.slot} was not recorded`)
  const { opening, notarize, finalize } = block
  expectSame('the parent', opening.parentSlot, slot.parentSlot)
  const parent = blocks.find((each) => each.slot === opening.parentSlot)
  if (parent) expectBytes("the parent's block id", opening.parentBlockId, parent.blockId)
  expectBytes('the block id', alpenglowBlockId(opening), block.blockId)
  checkFooter(block, shredVersion!)
  const proof = { slot: block.slot, notarize, finalize, block: opening }
  const rules = { shredVersion: shredVersion!, bls: blstScheme }
  const settled = verifyAlpenglowProof(proof, stakesOf(slot.epoch), rules)
  expectBytes('the bank hash', settled.bankHash, slot.bankHash)
  checkCarrier(recording, block)
}

/** Every shred of the footer follows the one before, and its FEC set leads to the block id. */
function checkFooter(block: RecordedBlock, shredVersion: number): void {
  const previous = decodeDataShred('previous', block.opening.previousShred)
  const shreds = block.footerShreds.map((bytes) => decodeDataShred('footer', bytes))
  const expectInBlock = (shred: typeof previous, siblings: readonly Uint8Array[]) => {
    const root = shredProofRoot(shred.fecSet, shred.fecSetRoot, siblings)
    if (!root) throw new Error('the proof of a FEC set can not be read')
    expectBytes('the root of a FEC set', shred.fecSetRoot, block.fecSetRoots[shred.fecSet] ?? EMPTY_BYTES)
    expectBytes('the block id of a FEC set', root, block.blockId)
  }
  expectInBlock(previous, block.previousSetProof)
  for (const [i, shred] of shreds.entries()) {
    expectSame('the slot of a shred', shred.slot, block.slot)
    expectSame('the version of a shred', shred.version, shredVersion)
    expectSame('the place of a shred', shred.index, previous.index + 1 + i)
    // One proof is given for the footer's set; shreds past it are in sets of which only the root is known.
    if (shred.fecSet === shreds[0]!.fecSet) expectInBlock(shred, block.footerSetProof)
    else
      expectBytes('the root of a FEC set', shred.fecSetRoot, block.fecSetRoots[shred.fecSet] ?? EMPTY_BYTES)
  }
  const footer = footerBytes(block)
  readFooter(footer)
  const length = footer[11]! | (footer[12]! << 8)
  if (footer.length < 13 + length) throw new Error('the footer is not whole')
}

/** The certificate stands in the footer of the later block that is named, when that was recorded. */
function checkCarrier({ blocks }: Recording, block: RecordedBlock): void {
  const carrier = blocks.find((each) => each.slot === block.inFooterOfSlot)
  if (!carrier) return
  if (carrier.slot <= block.slot) throw new Error('an earlier block can not hold the certificate')
  const { signature, bitmap } = block.finalize ?? block.notarize
  const length = be16(bitmap.length).reverse()
  const certificate = concatBytes(le64(block.slot), block.blockId, signature, length, bitmap)
  if (!toHex(footerBytes(carrier)).includes(toHex(certificate)))
    throw new Error(`the certificate is not in the footer of slot ${carrier.slot}`)
}

function footerBytes({ footerShreds }: RecordedBlock): Uint8Array {
  return concatBytes(...footerShreds.map((bytes) => decodeDataShred('footer', bytes).data))
}
