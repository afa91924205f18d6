import { describe, expect, it } from 'vitest'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { utf8 } from '@causeway/primitives'
import { exampleIavlTree, exampleSimpleTree } from '../ics23/example-trees.fixture.ts'
import { codeOf } from '../refusal.fixture.ts'
import { exampleHeader, heightAt } from './example-chain.fixture.ts'
import { START, at, client, set, trustingClient } from './example-client.fixture.ts'

describe('membership', () => {
  const entries = Array.from({ length: 7 }, (_, i) => [utf8(`key-${i}`), utf8(`value-${i}`)] as const)
  const store = exampleIavlTree(entries)
  const app = exampleSimpleTree([
    [utf8('bank'), utf8('b')],
    [utf8('ibc'), store.root],
  ])
  const header = exampleHeader(START, set, set, { appHash: app.root })
  const path = (key: string) => [utf8('ibc'), utf8(key)]
  const top = { exist: app.prove(utf8('ibc')) }
  const proof = (key: string) =>
    MerkleProof.encode(MerkleProof.fromPartial({ proofs: [{ exist: store.prove(utf8(key)) }, top] })).finish()
  const absence = (key: string) =>
    MerkleProof.encode(MerkleProof.fromPartial({ proofs: [store.proveAbsence(utf8(key)), top] })).finish()
  const trusting = () => trustingClient({}, header)
  const member = (key: string, value: string, bytes = proof(key), height = START) =>
    codeOf(() =>
      client.verifyMembership(trusting(), heightAt(height), bytes, path(key), utf8(value), at(30n)),
    )

  it('verifies presence and absence under the stored root', () => {
    expect(member('key-3', 'value-3')).toBe('accepted')
    expect(
      codeOf(() =>
        client.verifyNonMembership(trusting(), heightAt(START), absence('key-3x'), path('key-3x'), at(30n)),
      ),
    ).toBe('accepted')
  })

  it('refuses forged values, absence of what is there, other heights, junk', () => {
    expect(member('key-3', 'forged')).toBe('ics23/21')
    expect(member('key-3', '')).toBe('ics23/16')
    expect(
      codeOf(() =>
        client.verifyNonMembership(trusting(), heightAt(START), absence('key-3x'), path('key-3'), at(30n)),
      ),
    ).toBe('ics23/20')
    expect(member('key-3', 'value-3', proof('key-3'), START + 1n)).toBe('07-tendermint/29')
    expect(member('key-3', 'value-3', proof('key-3'), START - 1n)).toBe('07-tendermint/21')
    expect(member('key-3', 'value-3', proof('key-3'), 0n)).toBe('07-tendermint/21')
    expect(member('key-3', 'value-3', Uint8Array.of(0xff, 0xff))).toBe('ics23/1')
    expect(member('key-3', 'value-3', new Uint8Array(300_000))).toBe('ics23/2')
    expect(member('key-3', 'value-3', new Uint8Array(0))).toBe('ics23/40')
  })

  it('a path of another length than there are specs', () => {
    for (const keys of [[], ['ibc'], ['ibc', 'key-3', 'x']]) {
      const attempt = () =>
        client.verifyMembership(
          trusting(),
          heightAt(START),
          proof('key-3'),
          keys.map(utf8),
          utf8('value-3'),
          at(30n),
        )
      expect(codeOf(attempt)).toBe('ics23/40')
    }
  })
})
