import { existsSync, readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readClock, readRecording, toBase58 } from '@causeway/light-clients'
import type { AccountWrite, Recording } from '@causeway/light-clients'
import { equalBytes, sha256, utf8 } from '@causeway/primitives'
import {
  CLOCK,
  EPOCH_REWARDS,
  RECENT_BLOCKHASHES,
  SLOT_HASHES,
  SLOT_HISTORY,
  STAKE_HISTORY,
} from '../execution/well-known.ts'
import {
  addToSlotHistory,
  clockData,
  epochRewardsData,
  newSlotHistory,
  recentBlockhashesData,
  slotHashesData,
  stakeHistoryData,
} from './sysvars.ts'

const RECORDINGS = new URL('../../../../../../shared/vectors/solana-slots/', import.meta.url)
const whyNot = existsSync(RECORDINGS) ? undefined : 'the recorded slots are not beside the checkout'
if (whyNot) console.log(whyNot)
const NAMES = ['tower-slots-13-45', 'tower-epoch-61-68']

function load(name: string): Recording {
  const json: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, RECORDINGS), 'utf8'))
  return readRecording(json, (packed) => new Uint8Array(inflateRawSync(packed)))
}

function writeOf(writes: readonly AccountWrite[], key: Uint8Array): AccountWrite | undefined {
  return writes.find(({ pubkey }) => equalBytes(pubkey, key))
}

/** The entries of 40 bytes that a sysvar holds, after a number of them. */
function entries(data: Uint8Array): Uint8Array[] {
  const count = Number(Buffer.from(data).readBigUInt64LE(0))
  return Array.from({ length: count }, (_, i) => data.slice(8 + 40 * i, 48 + 40 * i))
}

describe.skipIf(whyNot)("a real validator's bank", () => {
  it.each(NAMES)('writes the sysvars that we write, to the byte: %s', (name) => {
    const { slots, slotsPerEpoch, genesisHash } = load(name)
    for (const [i, { slot, parentSlot, lastBlockhash, writes, epoch }] of slots.entries()) {
      const of = (key: Uint8Array) => writeOf(writes, key)!
      const history = of(SLOT_HISTORY)
      const nextHistory = addToSlotHistory(history.before!.data, parentSlot, slot)
      expect(equalBytes(nextHistory, history.after!.data), `history of ${slot}`).toBe(true)

      const before = entries(of(RECENT_BLOCKHASHES).before!.data).map((entry) => entry.slice(0, 32))
      expect(recentBlockhashesData([lastBlockhash, ...before], genesisHash)).toEqual(
        of(RECENT_BLOCKHASHES).after!.data,
      )

      const hashes = entries(of(SLOT_HASHES).after!.data).map((entry) => ({
        slot: Buffer.from(entry).readBigUInt64LE(0),
        hash: entry.slice(8),
      }))
      expect(hashes[0]!.slot).toBe(parentSlot)
      if (i > 0) expect(toBase58(hashes[0]!.hash)).toBe(toBase58(slots[i - 1]!.bankHash))
      expect(slotHashesData(hashes)).toEqual(of(SLOT_HASHES).after!.data)

      const clock = readClock(of(CLOCK).after!)
      const { epochStartSeconds, timestampSeconds: seconds } = clock
      expect(clockData({ slot, epoch, epochStartSeconds, seconds })).toEqual(of(CLOCK).after!.data)
      expect(epoch).toBe(slot / BigInt(slotsPerEpoch))
    }
  })

  it('writes what belongs to an epoch as we do', () => {
    const { slots } = load('tower-epoch-61-68')
    const index = slots.findIndex(({ writes }) => writeOf(writes, STAKE_HISTORY))
    const [first, second] = [slots[index]!, slots[index + 1]!]
    const history = writeOf(first.writes, STAKE_HISTORY)!.after!.data
    const stake = Buffer.from(history).readBigUInt64LE(16)
    expect(stakeHistoryData([{ epoch: first.epoch - 1n, stake }])).toEqual(history)

    const [rewards, paid] = [first, second].map(({ writes }) => writeOf(writes, EPOCH_REWARDS)!.after!.data)
    // Points and rewards are not ours to pay; the rest is the same.
    const without = (data: Uint8Array) => [...data.subarray(0, 48), data.at(-1)]
    const { lastBlockhash } = slots[index - 1]!
    const height = first.slot // nothing was skipped
    expect(without(epochRewardsData(height + 1n, lastBlockhash, true))).toEqual(without(rewards!))
    expect(without(epochRewardsData(height + 1n, lastBlockhash, false))).toEqual(without(paid!))
    expect(rewards!.length).toBe(epochRewardsData(0n, lastBlockhash, true).length)
  })
})

describe('a history of slots', () => {
  const isIn = (data: Uint8Array, slot: number) => ((data[9 + (slot >> 3)]! >> (slot & 7)) & 1) === 1

  it('knows slots that have a bank, and the next one', () => {
    let history = newSlotHistory()
    history = addToSlotHistory(history, 0n, 1n)
    history = addToSlotHistory(history, 1n, 9n)
    expect([0, 1, 2, 8, 9, 10].map((slot) => isIn(history, slot))).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ])
    expect(Buffer.from(history).readBigUInt64LE(history.length - 8)).toBe(10n)
  })

  it('forgets slots a million back, also those that are skipped', () => {
    let history = newSlotHistory()
    for (let slot = 1n; slot < 4n; slot++) history = addToSlotHistory(history, slot - 1n, slot)
    history = addToSlotHistory(history, (1n << 20n) + 1n, (1n << 20n) + 3n)
    expect([1, 2, 3].map((slot) => isIn(history, slot))).toEqual([true, false, true])
  })
})

describe('lists', () => {
  const hash = sha256(utf8('hash'))

  it('hold as many as Solana keeps, newest first, in accounts of one size', () => {
    const hashes = Array.from({ length: 600 }, (_, i) => ({ slot: BigInt(600 - i), hash }))
    expect(entries(slotHashesData(hashes)).length).toBe(512)
    expect(slotHashesData([]).length).toBe(slotHashesData(hashes).length)
    const blockhashes = hashes.map(() => hash)
    expect(entries(recentBlockhashesData(blockhashes, hash)).length).toBe(150)
    expect(recentBlockhashesData([], hash).length).toBe(recentBlockhashesData(blockhashes, hash).length)
  })
})
