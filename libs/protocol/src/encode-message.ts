import { BinaryWriter } from '@bufbuild/protobuf/wire'
import type { Codec } from './codec.ts'

let writer = new BinaryWriter()

/** Encodes a message with one writer for all: making a writer takes longer than most small messages. */
export function encodeMessage<T>(codec: Codec<T>, message: T): Uint8Array {
  try {
    return codec.encode(message, writer).finish()
  } catch (error) {
    // What it had written of the message must not begin the next one.
    writer = new BinaryWriter()
    throw error
  }
}
