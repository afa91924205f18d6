import { compareBytes, toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { CLOCK_SYSVAR } from '../addresses.ts'
import { ExampleCluster, exampleAccount } from '../example-cluster.fixture.ts'
import type { AccountState } from '../lattice/account-state.ts'
import type { AccountWrite } from '../lattice/lattice-delta.ts'
import { rememberingXof } from '../lattice/remembering-xof.fixture.ts'
import { loadRecording, recordedProof, whyNoRecordings } from '../recordings.fixture.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { verifyStateProof } from './state-proof.ts'
import type { StateProof } from './state-proof.ts'

type Voted = { slot: bigint; bankHash: Uint8Array }
const verdict = (proof: StateProof, voted: Voted) =>
  codeOf(() => verifyStateProof(proof, voted, [], rememberingXof))

const flip = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! ^ 1)
const withWrite = (proof: StateProof, index: number, change: Partial<AccountWrite>): StateProof => ({
  ...proof,
  writes: proof.writes.with(index, { ...proof.writes[index]!, ...change }),
})

/** Every way to change a proof that the recordings' README lists, and a few more. */
function mutations(proof: StateProof): [string, StateProof][] {
  const { writes, parent } = proof
  const changed: [string, StateProof][] = [
    ['signature count + 1', { ...proof, signatureCount: proof.signatureCount + 1n }],
    ['signature count − 1', { ...proof, signatureCount: proof.signatureCount - 1n }],
    ['another last blockhash', { ...proof, lastBlockhash: flip(proof.lastBlockhash, 3) }],
    [
      'parent’s signature count',
      { ...proof, parent: { ...parent, signatureCount: parent.signatureCount + 1n } },
    ],
    ['parent’s blockhash', { ...proof, parent: { ...parent, lastBlockhash: flip(parent.lastBlockhash, 0) } }],
    ['parent’s parent', { ...proof, parent: { ...parent, parentBankHash: flip(parent.parentBankHash, 9) } }],
    ['parent’s sum', { ...proof, parent: { ...parent, accountsLtHash: flip(parent.accountsLtHash, 2047) } }],
  ]
  const copy = { pubkey: exampleAddress('padding'), before: writes[0]!.before, after: writes[0]!.before }
  changed.push(['padded in, unchanged', { ...proof, writes: ascending([...writes, copy]) }])
  const born = { pubkey: exampleAddress('padding'), before: undefined, after: writes[0]!.after }
  changed.push(['made up', { ...proof, writes: ascending([...writes, born]) }])
  for (const [i, { pubkey, before, after }] of writes.entries()) {
    changed.push([`left out ${i}`, { ...proof, writes: writes.toSpliced(i, 1) }])
    changed.push([`twice ${i}`, { ...proof, writes: writes.toSpliced(i, 0, writes[i]!) }])
    changed.push([`swapped ${i}`, withWrite(proof, i, { before: after, after: before })])
    changed.push([`address ${i}`, withWrite(proof, i, { pubkey: flip(pubkey, 31) })])
    for (const [side, state] of Object.entries({ before, after })) {
      if (!state) continue
      for (const [what, other] of statesLike(state))
        changed.push([`${what} ${side} ${i}`, withWrite(proof, i, { [side]: other })])
    }
  }
  return changed
}

function statesLike(state: AccountState): [string, AccountState][] {
  const { data } = state
  const states: [string, AccountState][] = [
    ['lamports', { ...state, lamports: state.lamports + 1n }],
    ['executable', { ...state, isExecutable: !state.isExecutable }],
    ['owner', { ...state, owner: flip(state.owner, 0) }],
    ['longer', { ...state, data: Uint8Array.from([...data, 0]) }],
  ]
  if (data.length === 0) return states
  return [
    ...states,
    ['data', { ...state, data: flip(data, data.length >> 1) }],
    ['shorter', { ...state, data: data.subarray(1) }],
  ]
}

function ascending(writes: readonly AccountWrite[]): AccountWrite[] {
  return [...writes].sort((a, b) => compareBytes(a.pubkey, b.pubkey))
}

describe.skipIf(whyNoRecordings !== undefined)(`recorded slots ${whyNoRecordings ?? ''}`, () => {
  const names = ['tower-slots-13-45', 'tower-epoch-61-68', 'alpenglow-slots-4-14'] as const

  it.each(names)('%s: each slot is proven from its parent', (name) => {
    const recording = loadRecording(name)
    for (const [i, slot] of recording.slots.entries()) {
      if (i === 0) continue
      const clock = verifyStateProof(recordedProof(recording, i), slot, recording.hardForks, rememberingXof)
      expect([clock.slot, clock.epoch]).toEqual([slot.slot, slot.epoch])
    }
  })

  it.each([
    ['tower-slots-13-45', 1],
    ['tower-slots-13-45', 31],
    ['tower-epoch-61-68', 3],
    ['alpenglow-slots-4-14', 2],
  ] as const)('%s, slot at %i: every change is refused', (name, index) => {
    const recording = loadRecording(name)
    const proof = recordedProof(recording, index)
    const slot = recording.slots[index]!
    expect(verdict(proof, slot)).toBe('accepted')
    const tried = mutations(proof)
    for (const [what, changed] of tried)
      expect(verdict(changed, slot), what).toMatch(/^(solana\/4[0-3]|primitives\/20)$/)
    expect(tried.length).toBeGreaterThan(60)
  })

  it('a slot does not prove another, nor a skipped one', () => {
    const recording = loadRecording('tower-slots-13-45')
    const { slots } = recording
    expect(verdict(recordedProof(recording, 2), slots[3]!)).toBe('solana/43')
    const skipped = { ...recordedProof(recording, 3), parent: recordedProof(recording, 2).parent }
    expect(verdict(skipped, slots[3]!)).toBe('solana/42')
  })
})

describe('a proof', () => {
  const cluster = new ExampleCluster({ stakes: [1n] })
  const address = exampleAddress('changed')
  const [one, two] = [1, 2].map((byte) => exampleAccount(Uint8Array.of(byte, 0), exampleAddress('owner')))
  const first = cluster.bank(cluster.genesis, 3n, new Map([[toHex(address), one]]))
  const second = cluster.bank(first, 5n, new Map([[toHex(address), two]]))

  it('begins at genesis, and goes over abandoned slots', () => {
    expect(verdict(cluster.stateProof(first), first)).toBe('accepted')
    expect(verdict(cluster.stateProof(second), second)).toBe('accepted')
  })

  it('is refused with a byte of it changed', () => {
    const proof = cluster.stateProof(second)
    const bytesOf = (p: StateProof) => [p.lastBlockhash, p.parent.parentBankHash, p.parent.lastBlockhash]
    const rebuilt: ((i: number, bytes: Uint8Array) => StateProof)[] = [
      (_, bytes) => ({ ...proof, lastBlockhash: bytes }),
      (_, bytes) => ({ ...proof, parent: { ...proof.parent, parentBankHash: bytes } }),
      (_, bytes) => ({ ...proof, parent: { ...proof.parent, lastBlockhash: bytes } }),
    ]
    for (const [which, bytes] of bytesOf(proof).entries()) {
      for (let i = 0; i < bytes.length; i++)
        expect(verdict(rebuilt[which]!(i, flip(bytes, i)), second)).toBe('solana/42')
    }
    for (const [w, { pubkey, before, after }] of proof.writes.entries()) {
      for (let i = 0; i < 32; i++) {
        expect(verdict(withWrite(proof, w, { pubkey: flip(pubkey, i) }), second)).toMatch(/^solana\/4[0-3]$/)
        const owned = { ...after!, owner: flip(after!.owner, i) }
        expect(verdict(withWrite(proof, w, { after: owned }), second)).toMatch(/^solana\/4[0-3]$/)
      }
      for (let i = 0; i < before!.data.length; i++) {
        const other = { ...before!, data: flip(before!.data, i) }
        expect(verdict(withWrite(proof, w, { before: other }), second)).toMatch(/^solana\/4[0-3]$/)
      }
    }
  })

  it('says how the parent stands to its own parent', () => {
    const proof = cluster.stateProof(second)
    expect(verdict({ ...proof, grandparentSlot: 3n }, second)).toBe('solana/41')
    expect(verdict({ ...proof, grandparentSlot: 4n }, second)).toBe('solana/41')
    expect(
      verdict({ ...proof, parent: { ...proof.parent, accountsLtHash: new Uint8Array(9) } }, second),
    ).toBe('solana/41')
  })

  it('knows the restarts of its cluster, whether at the slot or at its parent', () => {
    const restarted = new ExampleCluster({ stakes: [1n], hardForks: [{ slot: 5n, count: 2n }] })
    const [a, b] = [restarted.genesis, restarted.genesis].map((genesis, i) =>
      restarted.bank(genesis, i === 0 ? 4n : 5n),
    ) as [typeof first, typeof first]
    const ask = (
      bank: typeof first,
      forks: readonly { slot: bigint; count: bigint }[],
      grandparent?: bigint,
    ) => {
      const proof = restarted.stateProof(bank)
      const asked = grandparent === undefined ? proof : { ...proof, grandparentSlot: grandparent }
      return codeOf(() => verifyStateProof(asked, bank, forks, rememberingXof))
    }
    expect(ask(a, restarted.hardForks)).toBe('accepted')
    expect(ask(b, restarted.hardForks)).toBe('accepted')
    expect(ask(b, [])).toBe('solana/42')
    const child = restarted.bank(b, 6n)
    expect(ask(child, restarted.hardForks)).toBe('accepted')
    expect(ask(child, [])).toBe('solana/42')
    const after = restarted.bank(child, 7n)
    expect(ask(after, restarted.hardForks)).toBe('accepted')
    // A restart is mixed in only where the parent's position says so.
    expect(ask(after, restarted.hardForks, 4n)).toBe('solana/42')
  })

  it('is of the slot that was voted, by the Clock', () => {
    const proof = cluster.stateProof(second)
    expect(verdict(proof, { slot: 6n, bankHash: second.bankHash })).toBe('solana/43')
    expect(verdict(proof, { slot: 5n, bankHash: flip(second.bankHash, 0) })).toBe('solana/42')
    const clockless = proof.writes.filter(({ pubkey }) => compareBytes(pubkey, CLOCK_SYSVAR) !== 0)
    expect(verdict({ ...proof, writes: clockless }, second)).toBe('solana/43')
  })
})
