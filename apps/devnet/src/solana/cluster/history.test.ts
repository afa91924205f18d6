import { SystemProgram } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { createWasmLatticeXof, toBase58 } from '@causeway/light-clients'
import { OWNER, exampleKeypair, exampleOptions, ownersTransaction } from '../programs.fixture.ts'
import { Cluster } from './cluster.ts'

describe('the history', () => {
  it('drops writes and votes of old blocks, and keeps transactions', async () => {
    const cluster = new Cluster(exampleOptions({ programs: [], validators: 1 }), await createWasmLatticeXof())
    const { history } = cluster
    cluster.advance()
    const transfer = {
      fromPubkey: OWNER.publicKey,
      toPubkey: exampleKeypair('kept').publicKey,
      lamports: 1_000_000,
    }
    const wire = ownersTransaction([SystemProgram.transfer(transfer)], toBase58(cluster.head.blockhash))
    const { signature, slot } = cluster.submit(wire)
    const vote = cluster.open.transactions.find(({ isVote }) => isVote)!.signature
    for (let i = 0; i < 60; i++) cluster.advance()
    expect(history.block(slot)!.writes.length).toBeGreaterThan(0)
    expect(history.status(vote)).toBeDefined()
    for (let i = 0; i < 470; i++) cluster.advance()
    expect(history.block(slot)!.writes).toEqual([])
    expect(history.status(vote)).toBeUndefined()
    expect(history.block(slot)!.transactions.map((each) => each.signature)).toEqual([signature])
    expect(history.status(signature)).toBeDefined()
    expect(history.oldest.slot).toBe(0n)
    const held = history.blocks.filter(({ writes }) => writes.length > 0).length
    expect(held).toBe(64)
  })

  it('finds the block of a slot, or the one before it', async () => {
    const cluster = new Cluster(exampleOptions({ programs: [] }), await createWasmLatticeXof())
    cluster.advance()
    cluster.skip()
    cluster.skip()
    for (let i = 0; i < 4; i++) cluster.advance()
    const { history } = cluster
    expect(history.blocks.map(({ slot }) => slot)).toEqual([0n, 1n, 2n, 5n, 6n, 7n])
    expect([2n, 3n, 4n, 5n].map((slot) => history.block(slot)?.slot)).toEqual([2n, undefined, undefined, 5n])
    expect([4n, 100n].map((slot) => history.blockUpTo(slot)?.slot)).toEqual([2n, 7n])
    expect(history.newest.height).toBe(5n)
  })
})
