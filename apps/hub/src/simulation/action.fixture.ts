import type { Any } from '@causeway/protocol'
import type { Scene } from './scene.fixture.ts'

/** Something that somebody does now and then. */
export interface Action {
  /** Under which it is counted, mostly. */
  readonly kind: string
  readonly weight: number
  run(scene: Scene): void
}

interface Codec<Message> {
  encode(message: Message): { finish(): Uint8Array }
  fromPartial(message: object): Message
}

/** A message of `causeway` in its envelope; fields that are left out are their defaults. */
export function packed<Message extends object>(
  name: string,
  codec: Codec<Message>,
  message: Partial<Message>,
): Any {
  return {
    typeUrl: `/causeway.${name}`,
    value: codec.encode(codec.fromPartial(message)).finish(),
  }
}
