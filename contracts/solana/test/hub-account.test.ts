import { Keypair, TransactionInstruction } from '@solana/web3.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatBytes, fromUtf8, toBech32 } from '@causeway/primitives'
import { send, startSvm } from './svm.fixture.ts'

const probe = Keypair.generate().publicKey
const chain = startSvm({ probe })

function write(account: Uint8Array) {
  const data = Buffer.from(concatBytes(Uint8Array.of(2), account))
  return send(chain, [new TransactionInstruction({ programId: probe, keys: [], data })])
}

it('writes an account of the hub as libs/primitives does', () => {
  const units: number[] = []
  const account = fc.uint8Array({ minLength: 20, maxLength: 20 })
  fc.assert(
    fc.property(account, (bytes) => {
      const { error, returned, computeUnits } = write(bytes)
      expect([error, fromUtf8(returned)]).toEqual([undefined, toBech32('cway', bytes)])
      units.push(computeUnits)
    }),
    { numRuns: 100, examples: [[new Uint8Array(20)], [new Uint8Array(20).fill(0xff)]] },
  )
  process.stdout.write(`an account's text: ${Math.min(...units)} to ${Math.max(...units)} compute units\n`)
})

it('writes each bit of it', () => {
  for (let bit = 0; bit < 160; bit++) {
    const bytes = new Uint8Array(20)
    bytes[bit >> 3] = 1 << (bit & 7)
    expect(fromUtf8(write(bytes).returned)).toBe(toBech32('cway', bytes))
  }
})
