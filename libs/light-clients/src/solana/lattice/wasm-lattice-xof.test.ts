import { toHex } from '@causeway/primitives'
import { expect, it } from 'vitest'
import { nobleLatticeXof } from './lattice-hash.ts'
import { createWasmLatticeXof } from './wasm-lattice-xof.ts'

it('is the reference’s BLAKE3, whatever the length', async () => {
  const xof = await createWasmLatticeXof()
  const lengths = [0, 1, 63, 64, 65, 73, 238, 1_023, 1_024, 1_025, 2_048, 2_049, 20_561, 100_000]
  for (const length of lengths) {
    const input = Uint8Array.from({ length }, (_, i) => i * 7 + length)
    expect(toHex(xof(input))).toBe(toHex(nobleLatticeXof(input)))
  }
})

it('gives bytes of its own each time', async () => {
  const xof = await createWasmLatticeXof()
  const first = xof(Uint8Array.of(1))
  const kept = toHex(first)
  xof(Uint8Array.of(2))
  expect(toHex(first)).toBe(kept)
})
