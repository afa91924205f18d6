// What each height attests, who has signed it, and what is still missing.
import { attestationBytes } from '@causeway/light-clients'
import type { AttestationMessage } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import { Aggregate } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { AttestationRecord } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { AsideRecords } from '../../block/aside-records.ts'
import type { BlockInfo, ReadContext } from '../../block/context.ts'
import type { Signed } from './aggregate.ts'
import type { SigningSet, Sets } from './sets.ts'
import { ATTESTATION_STORE, aggregateKey, readRecord, setHeights } from './state.ts'

/** An attestation with the set whose members sign it. */
export interface Attested {
  readonly record: AttestationRecord
  readonly set: SigningSet
}

/** The attestation of a stored height; nothing where none is made, or it is forgotten. */
export function attestedAt(sets: Sets, context: ReadContext, height: bigint): Attested | undefined {
  const record = readRecord(context.store(ATTESTATION_STORE), height)
  const set = record && sets.stored(context, height)
  return record && set && { record, set }
}

/** The bytes that attestors of a height sign. */
export function signedBytes(
  { chainId }: Pick<BlockInfo, 'chainId'>,
  height: bigint,
  record: AttestationRecord,
): Uint8Array {
  return attestationBytes(messageOf(chainId, height, record))
}

/** An attestation as clients know it. */
export function messageOf(chainId: string, height: bigint, record: AttestationRecord): AttestationMessage {
  const { timeSeconds, appHash, nextSetHash } = record
  return { chainId, height, timeSeconds, appHash, nextSetHash }
}

/** Who has signed a height, and the sum of the signatures; nothing when this node has not seen any. */
export function readAggregate(aside: AsideRecords, height: bigint): Signed | undefined {
  return decodeAggregate(aside.get(aggregateKey(height)))
}

/** The same, with what the block that is being executed has added. */
export function newestAggregate(aside: AsideRecords, height: bigint): Signed | undefined {
  return decodeAggregate(aside.newest(aggregateKey(height)))
}

function decodeAggregate(bytes: Uint8Array | undefined): Signed | undefined {
  if (bytes === undefined) return undefined
  const { signers, signature } = Aggregate.decode(bytes.slice())
  const indices = [...signers].flatMap((byte, i) =>
    Array.from({ length: 8 }, (_, bit) => 8 * i + bit).filter((index) => (byte >> (index % 8)) & 1),
  )
  return { indices, signature }
}

/** Keeps who has signed a height. */
export function writeAggregate(aside: AsideRecords, height: bigint, { indices, signature }: Signed): void {
  const signers = new Uint8Array(Math.floor((indices.at(-1) ?? 0) / 8) + 1)
  for (const index of indices) signers[index >> 3]! |= 1 << (index % 8)
  aside.set(aggregateKey(height), Aggregate.encode({ signers, signature }).finish())
}

/** Power of those who have signed. */
export function powerOf({ attestors }: SigningSet, indices: readonly number[]): bigint {
  return indices.reduce((sum, index) => sum + attestors[index]!.power, 0n)
}

/** Whether clients accept what has been signed: more than two thirds of the power. */
export function isEnough(set: SigningSet, signed: Signed | undefined): boolean {
  return signed !== undefined && 3n * powerOf(set, signed.indices) > 2n * set.set.totalPower
}

/** Whether an attestation names another set than the one that signs it: clients need it to go on. */
export function isRotation({ record, set }: Attested): boolean {
  return !equalBytes(record.nextSetHash, set.hash)
}

/** Heights whose attestation names the next set and lacks signatures, ascending. */
export type LackingRotations = (context: ReadContext) => bigint[]

/**
 * Finds rotations that lack signatures: until they have them no client can follow the chain. A height's
 * signatures come with the block after it, so the newest that can lack any is two below the context's.
 */
export function createLackingRotations(sets: Sets, aside: AsideRecords): LackingRotations {
  // What was signed stays so.
  const complete = new Set<bigint>()
  const isLacking = (context: ReadContext, height: bigint): boolean => {
    const attested = attestedAt(sets, context, height)
    if (attested === undefined || !isRotation(attested)) return false
    if (!isEnough(attested.set, readAggregate(aside, height))) return true
    complete.add(height)
    return false
  }
  return (context) => {
    const heights = setHeights(context.store(ATTESTATION_STORE)).map((firstHeight) => firstHeight - 1n)
    for (const height of complete) if (!heights.includes(height)) complete.delete(height)
    return heights.filter(
      (height) => height + 2n <= context.height && !complete.has(height) && isLacking(context, height),
    )
  }
}
