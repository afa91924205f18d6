import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'

const BASE_2 = 0

/**
 * Ranks of the signers that a bitmap names, ascending: `00 ‖ bits u16le ‖ bytes`, the lowest bit first.
 * Throws `solana/30` for another encoding, bits past the set or past its own length, and for no signer. Spec:
 * solana-signer-store, base 2.
 */
export function signersIn(bitmap: Uint8Array, voterCount: number): number[] {
  const refuse = (reason: string) => errors.badBitmap({ reason })
  const reader = new ByteReader(bitmap, refuse)
  if (reader.u8() !== BASE_2) throw refuse('another encoding')
  const bits = reader.u16()
  if (bits > voterCount) throw refuse(`${bits} bits for ${voterCount} voters`)
  const bytes = reader.take(Math.ceil(bits / 8))
  reader.end()
  const ranks: number[] = []
  for (let rank = 0; rank < 8 * bytes.length; rank++) {
    if (((bytes[rank >> 3]! >> (rank & 7)) & 1) === 0) continue
    if (rank >= bits) throw refuse('a bit past its end')
    ranks.push(rank)
  }
  if (ranks.length === 0) throw refuse('nobody signed')
  return ranks
}
