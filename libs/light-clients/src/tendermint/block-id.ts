import type { BlockID } from '@causeway/protocol/tendermint/types/types'
import { equalBytes } from '@causeway/primitives'
import { WireWriter } from './wire.ts'

const EMPTY = new Uint8Array(0)

/** Protobuf bytes of a `BlockID`; an absent one is the empty one (`12 00`), as CometBFT hashes it. */
export function encodeBlockId(id: BlockID | undefined): Uint8Array {
  const parts = new WireWriter()
    .varint(1, id?.partSetHeader?.total ?? 0)
    .data(2, id?.partSetHeader?.hash ?? EMPTY)
    .finish()
  return new WireWriter()
    .data(1, id?.hash ?? EMPTY)
    .message(2, parts)
    .finish()
}

/** Whether it is the id of a nil block. */
export function isZeroBlockId(id: BlockID | undefined): boolean {
  return (
    (id?.hash.length ?? 0) === 0 &&
    (id?.partSetHeader?.total ?? 0) === 0 &&
    (id?.partSetHeader?.hash.length ?? 0) === 0
  )
}

/** Whether two ids name the same block and the same parts. */
export function equalBlockIds(a: BlockID | undefined, b: BlockID | undefined): boolean {
  return (
    equalBytes(a?.hash ?? EMPTY, b?.hash ?? EMPTY) &&
    (a?.partSetHeader?.total ?? 0) === (b?.partSetHeader?.total ?? 0) &&
    equalBytes(a?.partSetHeader?.hash ?? EMPTY, b?.partSetHeader?.hash ?? EMPTY)
  )
}
