import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProtocolError } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import type { VectorFile } from '../vector-file.ts'
import { latticeHashFormat } from './lattice-hash-format.ts'
import { solanaSlotsFormat } from './solana-slots-format.ts'

const VECTORS = fileURLToPath(new URL('../../../../../../shared/vectors', import.meta.url))
const why = existsSync(join(VECTORS, 'solana-slots')) ? '' : `skipped: there is no ${VECTORS}/solana-slots`

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests write into it what it must not have
type Json = Record<string, any>
const load = (name: string): Json => JSON.parse(readFileSync(join(VECTORS, name), 'utf8')) as Json
const [TOWER, EPOCH, ALPENGLOW] = [
  'solana-slots/tower-slots-13-45.json',
  'solana-slots/tower-epoch-61-68.json',
  'solana-slots/alpenglow-slots-4-14.json',
]

/** Names of the cases that fail, and how many there are. */
function run(json: unknown, format = solanaSlotsFormat): { failed: string[]; count: number } {
  const file: VectorFile = {
    path: 'x.json',
    name: 'x.json',
    folders: [],
    json,
    text: '',
    sibling: () => undefined,
    siblingText: () => undefined,
  }
  const cases = format.recognise(file)?.cases ?? []
  const failed = cases.filter(({ run: check }) => {
    try {
      check()
      return false
    } catch (error) {
      expect(isProtocolError(error) || (error as Error).constructor === Error).toBe(true)
      return true
    }
  })
  return { failed: failed.map(({ name }) => name), count: cases.length }
}

/** The recording with only its first slots, which is quicker to judge. */
function short(name: string, slots: number): Json {
  const json = load(name)
  const last = (json.slots as Json[])[slots - 1]!.slot as number
  const upTo = ({ slot, votedSlot = slot }: Json) => votedSlot <= last
  const votes = (json.votes as Json[] | undefined)?.filter(upTo)
  const blocks = (json.alpenglow?.blocks as Json[] | undefined)?.filter(upTo)
  return {
    ...json,
    slots: (json.slots as Json[]).slice(0, slots),
    ...(votes && { votes }),
    ...(blocks && { alpenglow: { ...json.alpenglow, blocks } }),
  }
}

function edited(json: Json, change: (json: Json) => void): string[] {
  const copy = structuredClone(json)
  change(copy)
  return run(copy).failed
}

const flipBase64 = (text: string, at: number) => {
  const bytes = Buffer.from(text, 'base64')
  bytes[at < 0 ? bytes.length + at : at]! ^= 1
  return bytes.toString('base64')
}
const OTHER_HASH = '4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM'

describe.skipIf(why !== '')(`recorded slots ${why}`, () => {
  it.each([
    [TOWER, 2 + 1 + 33 + 73 + 33],
    [EPOCH, 3 + 1 + 8 + 48 + 8],
    [ALPENGLOW, 2 + 1 + 11 + 11],
  ])('%s: everything holds', (name, count) => {
    expect(run(load(name!))).toEqual({ failed: [], count })
  })

  it('nothing else is taken for a recording', () => {
    expect(run({ format: 'other' }).count).toBe(0)
    expect(run([]).count).toBe(0)
    expect(run({ format: 'bridge-solana-lattice-1' })).toEqual({ failed: ['reads'], count: 1 })
  })

  it('members that are not hashed may differ or be missing', () => {
    const failed = edited(short(TOWER!, 3), (json) => {
      for (const state of json.states) state.rentEpoch = '99'
      for (const slot of json.slots) for (const name of ['events', 'accountReports']) delete slot[name]
      delete json.software
      json.note = 'more'
    })
    expect(failed).toEqual([])
  })
})

describe.skipIf(why !== '')(`accounts and banks ${why}`, () => {
  const json = why === '' ? short(TOWER!, 3) : {}
  const write = (copy: Json, index: number) => copy.slots[1].writes[index] as Json
  const stateOf = (copy: Json, index: number, side: 'old' | 'new') => {
    const at = copy.states.push({ ...copy.states[write(copy, index)[side]] }) - 1
    write(copy, index)[side] = at
    return copy.states[at] as Json
  }
  const repack = (state: Json) => {
    state.data ??= Buffer.alloc(state.size as number).toString('base64')
    delete state.deflated
  }

  it.each<[string, (copy: Json) => void]>([
    ['left out', (copy) => copy.slots[1].writes.splice(0, 1)],
    ['twice', (copy) => copy.slots[1].writes.push(write(copy, 0))],
    ['padded in', (copy) => copy.slots[1].writes.push({ pubkey: OTHER_HASH, old: 0, new: 0 })],
    [
      'padded in as nothing',
      (copy) => copy.slots[1].writes.push({ pubkey: OTHER_HASH, old: null, new: null }),
    ],
    [
      'swapped',
      (copy) => Object.assign(write(copy, 0), { old: write(copy, 0).new, new: write(copy, 0).old }),
    ],
    ['with other lamports', (copy) => (stateOf(copy, 0, 'new').lamports = '1')],
    ['with no lamports', (copy) => (stateOf(copy, 0, 'old').lamports = '0')],
    ['executable', (copy) => (stateOf(copy, 0, 'new').executable = true)],
    ['of another owner', (copy) => (stateOf(copy, 1, 'old').owner = OTHER_HASH)],
    ['with other data', (copy) => repack(stateOf(copy, 0, 'new'))],
    ['of another address', (copy) => (write(copy, 2).pubkey = OTHER_HASH)],
    ['with a state that is not there', (copy) => (write(copy, 2).new = 99_999)],
  ])('an account %s', (_, change) => {
    expect(edited(json, change)).not.toEqual([])
  })

  it.each<[string, (copy: Json) => void]>([
    ['signature count + 1', (copy) => copy.slots[1].signatureCount++],
    ['signature count − 1', (copy) => copy.slots[1].signatureCount--],
    ['a transaction missing', (copy) => copy.slots[1].transactions.pop()],
    ['another last blockhash', (copy) => (copy.slots[1].lastBlockhash = OTHER_HASH)],
    ['another parent bank hash', (copy) => (copy.start.bankHash = OTHER_HASH)],
    ['another parent sum', (copy) => (copy.start.accountsLtHash = flipBase64(copy.start.accountsLtHash, 5))],
    ['another sum', (copy) => (copy.slots[1].accountsLtHash = flipBase64(copy.slots[1].accountsLtHash, -1))],
    ['another bank hash', (copy) => (copy.slots[2].bankHash = OTHER_HASH)],
    ['a skipped slot', (copy) => copy.slots.splice(1, 1)],
    ['slots in another order', (copy) => copy.slots.reverse()],
    ['another parent', (copy) => copy.slots[1].parentSlot--],
    ['another slot', (copy) => copy.slots[2].slot++],
    ['another epoch', (copy) => (copy.slots[1].epoch = 1)],
    ['a restart', (copy) => copy.hardForks.push({ slot: 14, count: 1 })],
    ['another capitalization', (copy) => (copy.slots[1].capitalization = '5')],
  ])('%s', (_, change) => {
    expect(edited(json, change)).not.toEqual([])
  })
})

describe.skipIf(why !== '')(`votes ${why}`, () => {
  const json = why === '' ? short(EPOCH!, 4) : {}
  const wireAt = (copy: Json, at: number) => (copy.votes[0].wire = flipBase64(copy.votes[0].wire, at))

  it.each<[string, (copy: Json) => void]>([
    ['of another bank hash', (copy) => (copy.votes[0].bankHash = OTHER_HASH)],
    ['for another slot', (copy) => copy.votes[0].votedSlot++],
    ['with another root', (copy) => (copy.votes[0].root = '29')],
    ['that landed elsewhere', (copy) => copy.votes[0].landedSlot++],
    ['with a bit of the fee payer’s signature flipped', (copy) => wireAt(copy, 9)],
    ['with a bit of the voter’s signature flipped', (copy) => wireAt(copy, 80)],
    ['with a bit of its hash flipped', (copy) => wireAt(copy, -60)],
    [
      'whose authorised voter did not sign',
      (copy) => (copy.validatorSets[0].voters[0].authorizedVoter = OTHER_HASH),
    ],
    [
      'of an account that is not in the set',
      (copy) => (copy.validatorSets[0].voters[0].votePubkey = OTHER_HASH),
    ],
    ['in an epoch whose set is missing', (copy) => copy.validatorSets.shift()],
  ])('a vote %s', (_, change) => {
    expect(edited(json, change)).not.toEqual([])
  })

  it('two thirds have to vote for each slot', () => {
    const total = (factor: bigint) => (copy: Json) => {
      const set = copy.validatorSets[0] as Json
      set.totalStake = String((BigInt(set.voters[0].stake as string) * factor) / 2n)
    }
    expect(edited(json, total(3n))).toEqual([])
    expect(edited(json, total(4n))).toEqual([61, 62, 63].map((slot) => `votes for slot ${slot}`))
    expect(edited(json, total(1n))).not.toEqual([])
    const unvoted = (copy: Json) => (copy.votes = copy.votes.filter((vote: Json) => vote.votedSlot !== 62))
    expect(edited(json, unvoted)).toEqual(['votes for slot 62'])
  })

  it('a vote that landed twice counts once', () => {
    expect(edited(json, (copy) => copy.votes.push(copy.votes[0]))).toEqual([])
  })
})

describe.skipIf(why !== '')(`blocks and certificates ${why}`, () => {
  const json = why === '' ? short(ALPENGLOW!, 4) : {}
  const block = (copy: Json) => copy.alpenglow.blocks[1] as Json
  const next = (copy: Json) => copy.alpenglow.blocks[2] as Json
  const certificate = (copy: Json) => block(copy).certificate as Json

  it.each<[string, (copy: Json) => void]>([
    ['footer of another block', (copy) => (block(copy).footerShreds = next(copy).footerShreds)],
    [
      'shred in the middle of a component',
      (copy) => (block(copy).previousShred = next(copy).footerShreds[0]),
    ],
    ['shred of another block', (copy) => (block(copy).previousShred = next(copy).previousShred)],
    ['shred version', (copy) => copy.alpenglow.shredVersion++],
    ['order of FEC sets', (copy) => block(copy).fecSetRoots.reverse()],
    ['number of FEC sets', (copy) => block(copy).fecSetRoots.pop()],
    ['root of a FEC set', (copy) => (block(copy).fecSetRoots[0] = OTHER_HASH)],
    ['parent block id', (copy) => (block(copy).parentBlockId = OTHER_HASH)],
    ['parent slot', (copy) => (block(copy).parentSlot = 3)],
    ['block id', (copy) => (block(copy).blockId = OTHER_HASH)],
    ['bank hash', (copy) => (copy.slots[1].bankHash = OTHER_HASH)],
    ['proof of a FEC set', (copy) => block(copy).footerSetProof.reverse()],
    ['proof of the other FEC set', (copy) => block(copy).previousSetProof.pop()],
    ['certificate', (copy) => (block(copy).certificate = next(copy).certificate)],
    ['signature', (copy) => (certificate(copy).signature = flipBase64(certificate(copy).signature, 60))],
    ['empty bitmap', (copy) => (certificate(copy).bitmap = 'AAEAAA==')],
    ['long bitmap', (copy) => (certificate(copy).bitmap = 'AAIAAQ==')],
    ['kind of certificate', (copy) => (certificate(copy).type = 'skip')],
    ['slow certificate without a notarisation', (copy) => (certificate(copy).type = 'finalize')],
    ['place of the certificate', (copy) => (certificate(copy).inFooterOfSlot = 7)],
    ['place before the block', (copy) => (certificate(copy).inFooterOfSlot = 4)],
    ['genesis hash', (copy) => (copy.genesisHash = OTHER_HASH)],
    ['block missing', (copy) => copy.alpenglow.blocks.splice(1, 1)],
    ['stake below the threshold', (copy) => (copy.validatorSets[0].totalStake = '1300000000000000')],
    ['key', (copy) => (copy.validatorSets[0].voters[0].blsPubkey = 'aa'.repeat(48))],
  ])('another %s', (_, change) => {
    expect(edited(json, change)).not.toEqual([])
  })

  it('a footer’s every shred is looked at', () => {
    const doubled = (copy: Json) => block(copy).footerShreds.push(block(copy).footerShreds[0])
    expect(edited(json, doubled)).toEqual(['block 5'])
  })

  it('ranks stand in their order, and a set is there once', () => {
    const second = (copy: Json) => {
      const { voters } = copy.validatorSets[1] as Json
      voters.push({ ...voters[0], votePubkey: OTHER_HASH, nodePubkey: OTHER_HASH, stake: '1999999995434240' })
      voters[1].blsPubkey =
        'b614e014af46d02308b5c1ae33cf7c03dd0e1268b57838f122d1092618e31b7c1b19b310947ddbe29732dfa4e84bd06a'
      copy.validatorSets[1].totalStake = '2999999993151360'
    }
    expect(edited(json, second)).toEqual(['epoch 1'])
    expect(edited(json, (copy) => copy.validatorSets.push(copy.validatorSets[0]))).toContain('epoch 0')
  })
})

describe.skipIf(why !== '')(`the lattice hash ${why}`, () => {
  const json = why === '' ? load('lattice-hash/vectors.json') : {}

  it('holds', () => {
    expect(run(json, latticeHashFormat)).toEqual({ failed: [], count: 5 })
  })

  it.each<[string, (copy: Json) => void, string]>([
    ['a lane', (copy) => (copy.recorded[0].ltHash = `00${copy.recorded[0].ltHash.slice(2)}`), 'recorded[0]'],
    ['a checksum', (copy) => (copy.recorded[1].checksum = '00'.repeat(32)), 'recorded[1]'],
    ['the sum of nothing', (copy) => (copy.derived[0].checksum = '00'.repeat(32)), 'derived[0]'],
    ['a first lane', (copy) => (copy.derived[1].first8_u16[7] = 1), 'derived[1]'],
    ['an operation', (copy) => (copy.derived[2].operation = 'world! - hello'), 'derived[2]'],
    ['an operation that is none', (copy) => (copy.derived[2].operation = 'hello * world!'), 'derived[2]'],
  ])('another %s', (_, change, name) => {
    const copy = structuredClone(json)
    change(copy)
    expect(run(copy, latticeHashFormat).failed).toEqual([name])
  })
})
