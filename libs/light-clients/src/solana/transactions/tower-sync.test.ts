import { concatBytes, equalBytes, le64, sha256, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { VOTE_PROGRAM } from '../addresses.ts'
import { loadRecording, whyNoRecordings } from '../recordings.fixture.ts'
import { encodeTowerWish, encodeExample, encodeVote, exampleAddress, exampleKey } from '../wire.fixture.ts'
import { decodeTowerSync } from './tower-sync.ts'
import { decodeVoteTransaction } from './vote-transaction.ts'

const BANK_HASH = sha256(utf8('bank'))
const WISH = { slot: 600n, bankHash: BANK_HASH, root: 300n, earlier: [301n, 302n, 599n], timestamp: 77n }
const NO_ROOT = new Uint8Array(8).fill(0xff)

/** A TowerSync with these lockouts: offset and confirmations. */
const towerSync = (lockouts: readonly [number, number][], root: Uint8Array = le64(5n)) =>
  concatBytes(
    Uint8Array.of(14, 0, 0, 0),
    root,
    Uint8Array.of(lockouts.length),
    ...lockouts.map((pair) => Uint8Array.from(pair)),
    BANK_HASH,
    Uint8Array.of(0),
    new Uint8Array(32),
  )
const code = (data: Uint8Array) => codeOf(() => decodeTowerSync(data))

describe('a tower', () => {
  it('is read', () => {
    const tower = decodeTowerSync(encodeTowerWish(WISH))
    expect([tower.root, tower.slot, tower.timestamp]).toEqual([300n, 600n, 77n])
    expect(tower.lockouts).toEqual([
      { slot: 301n, confirmations: 4 },
      { slot: 302n, confirmations: 3 },
      { slot: 599n, confirmations: 2 },
      { slot: 600n, confirmations: 1 },
    ])
    expect(toHex(tower.bankHash)).toBe(toHex(BANK_HASH))
    expect(tower.blockId).toEqual(new Uint8Array(32))
  })

  it('is read when it switches forks, without a root, and with a time before 1970', () => {
    const tower = decodeTowerSync(
      encodeTowerWish({ ...WISH, root: undefined, isSwitch: true, timestamp: (1n << 64n) - 2n }),
    )
    expect([tower.root, tower.slot, tower.timestamp]).toEqual([undefined, 600n, -2n])
    expect(decodeTowerSync(towerSync([[0, 1]], NO_ROOT)).slot).toBe(0n)
  })

  it('has one to 31 lockouts that ascend while confirmations descend', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i): [number, number] => [1, 31 - i])
    expect(code(towerSync(many(31)))).toBe('accepted')
    expect(code(towerSync([]))).toBe('solana/21')
    expect(code(towerSync([...many(31), [1, 1]]))).toBe('solana/21')
    expect(code(towerSync([[0, 1]]))).toBe('solana/21')
    expect(
      code(
        towerSync([
          [1, 2],
          [0, 1],
        ]),
      ),
    ).toBe('solana/21')
    expect(
      code(
        towerSync([
          [1, 2],
          [1, 2],
        ]),
      ),
    ).toBe('solana/21')
    expect(
      code(
        towerSync([
          [1, 1],
          [1, 2],
        ]),
      ),
    ).toBe('solana/21')
    expect(code(towerSync([[1, 0]]))).toBe('solana/21')
    expect(code(towerSync([[1, 32]]))).toBe('solana/21')
    expect(code(towerSync([[1, 1]], le64((1n << 64n) - 2n)))).toBe('solana/21')
    expect(code(towerSync([[0, 1]], NO_ROOT))).toBe('accepted')
  })

  it.each([
    ['another instruction', encodeTowerWish(WISH).with(0, 12)],
    ['a tag of 32 bits', encodeTowerWish(WISH).with(3, 1)],
    ['a byte missing', encodeTowerWish(WISH).subarray(0, -1)],
    ['a byte too many', concatBytes(encodeTowerWish(WISH), Uint8Array.of(0))],
    ['a switch without its hash', encodeTowerWish(WISH).with(0, 15)],
    ['an option that is none', towerSync([[1, 1]]).with(4 + 8 + 1 + 2 + 32, 2)],
  ])('is refused with %s', (_, data) => {
    expect(code(data)).toBe('solana/21')
  })

  it('is refused or read, whatever the bytes', () => {
    const data = encodeTowerWish(WISH)
    fc.assert(
      fc.property(fc.nat(data.length - 1), fc.nat(255), (at, byte) => {
        expect(code(data.with(at, byte))).toMatch(/^(accepted|solana\/21)$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a vote', () => {
  const [payer, voter] = [exampleKey('payer'), exampleKey('voter')]
  const voteAccount = exampleAddress('vote account')
  const instruction = {
    program: VOTE_PROGRAM,
    accounts: [voteAccount, voter.publicKey],
    data: encodeTowerWish(WISH),
  }

  it.each(['legacy', 0] as const)('is one instruction of the vote program, %s', (version) => {
    const vote = decodeVoteTransaction(encodeVote([payer, voter], voteAccount, WISH, version))
    expect(toHex(vote.voteAccount)).toBe(toHex(voteAccount))
    expect(vote.signers.map(toHex)).toEqual([payer.publicKey, voter.publicKey].map(toHex))
    expect([vote.signatures.length, vote.towerSync.slot]).toEqual([2, 600n])
  })

  it('stands alone', () => {
    const wires = [
      encodeExample({ signers: [payer], instructions: [instruction, instruction] }),
      encodeExample({ signers: [payer], others: [voteAccount], instructions: [] }),
      encodeExample({ signers: [payer], instructions: [{ ...instruction, program: voteAccount }] }),
      encodeExample({ signers: [payer], instructions: [{ ...instruction, accounts: [] }] }),
    ]
    for (const wire of wires) expect(codeOf(() => decodeVoteTransaction(wire))).toBe('solana/21')
  })

  it('does not take its account from a table', () => {
    const wire = encodeExample({
      signers: [payer],
      instructions: [instruction],
      version: 0,
      tables: concatBytes(Uint8Array.of(1), exampleAddress('table'), Uint8Array.of(1, 0, 0)),
    })
    const at = wire.length - 35 - 1 - 0 - instruction.data.length - 1 - 2
    const moved = wire.with(at, 4)
    expect(codeOf(() => decodeVoteTransaction(moved))).toBe('solana/21')
  })
})

describe.skipIf(whyNoRecordings !== undefined)(`recorded votes ${whyNoRecordings ?? ''}`, () => {
  it.each(['tower-slots-13-45', 'tower-epoch-61-68'] as const)('%s', (name) => {
    const { votes } = loadRecording(name)
    for (const { wire, votedSlot, bankHash, root, blockId } of votes) {
      const { towerSync: tower } = decodeVoteTransaction(wire)
      expect([tower.slot, tower.root]).toEqual([votedSlot, root])
      expect(equalBytes(tower.bankHash, bankHash) && equalBytes(tower.blockId, blockId!)).toBe(true)
    }
    expect(votes.length).toBeGreaterThan(40)
  })
})
