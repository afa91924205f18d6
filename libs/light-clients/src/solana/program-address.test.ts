import { PublicKey } from '@solana/web3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase58, utf8 } from '@causeway/primitives'
import { programAddress } from './program-address.ts'

describe('the address of a program', () => {
  it('is known: a wallet’s associated account of USDC', () => {
    const [program, wallet, token, mint] = [
      'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
      'B8UwBUUnKwCyKuGMbFKWaG7exYdDk2ozZrPg72NyVbfj',
      'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
      'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
    ].map((text) => new PublicKey(text).toBytes()) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const [expected] = PublicKey.findProgramAddressSync([wallet, token, mint], new PublicKey(program))
    expect(toBase58(programAddress(program, [wallet, token, mint]))).toBe(expected.toBase58())
  })

  it('is that of web3.js for any program and seeds', () => {
    const seed = fc.uint8Array({ maxLength: 32 })
    const program = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(program, fc.array(seed, { maxLength: 4 }), (id, seeds) => {
        const [expected] = PublicKey.findProgramAddressSync(seeds, new PublicKey(id))
        expect(programAddress(id, seeds)).toEqual(Uint8Array.from(expected.toBytes()))
      }),
      { numRuns: 50 },
    )
  })

  it('depends on how seeds are cut no more than the cluster’s does', () => {
    const program = new Uint8Array(32).fill(7)
    expect(programAddress(program, [utf8('ab'), utf8('c')])).toEqual(
      programAddress(program, [utf8('a'), utf8('bc')]),
    )
  })
})
