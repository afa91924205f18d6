import { isProtocolError, toBase58 } from '@causeway/primitives'
import { readEpochStakes } from '@causeway/light-clients'
import type { EpochStakes } from '@causeway/light-clients'
import {
  growRecorderInstruction,
  openRecorderInstruction,
  RECORDER_VOTERS_MAX,
  recorderAddress,
  recordInstruction,
} from '@causeway/contracts-solana'
import { SystemProgram } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { mapLimited } from '../worker/concurrency.ts'
import type { SolanaApi, VoteAccount } from './solana-api.ts'
import type { SolanaSubmitter } from './submitter.ts'

/** What recording needs of the chain. */
export interface RecordPorts {
  readonly pool: EndpointPool<SolanaApi>
  readonly submitter: SolanaSubmitter
  /** The recorder program. */
  readonly recorder: PublicKey
  readonly nowMs: () => number
  /** The highest epoch whose set the record stream can prove; `undefined`: none, or nobody follows it. */
  readonly provenEpoch: () => Promise<bigint | undefined>
}

/** Vote accounts of one transaction: 32 bytes each. */
const VOTERS_PER_TRANSACTION = 28
const LOOK_EVERY_MS_MAX = 30_000
/** What a slot takes: an epoch is looked at ten times at least. */
const MS_PER_SLOT = 400
const LOOKS_PER_EPOCH = 10
const SHOW_EVERY_MS = 60_000
const HEADER_BYTES = 40
const VOTER_BYTES = 152
/** A thousandth of the stake may be left out: finality takes two thirds. */
const LEFT_OUT_OF = 1_000

/**
 * Keeps the recorder's account: who votes in the next epoch, from the start of this one, but for those of so
 * little stake that finality can do without. Whoever runs a relayer may do it, and it takes one; what others
 * recorded is not recorded again.
 */
export class StakeRecorder {
  readonly #ports: RecordPorts
  #lookAtMs = Number.NEGATIVE_INFINITY
  #showAtMs = Number.NEGATIVE_INFINITY
  /** Looks in a row that found the next epoch's set recorded and not proven. */
  #unproven = 0
  /** Of this epoch: who was given to the recorder, whether it had stake or not. */
  #given = { epoch: -1n, voters: new Set<string>() }
  #running: Promise<void> | undefined

  constructor(ports: RecordPorts) {
    this.#ports = ports
  }

  /** Looks now and then, and records what is missing. Throws `RelayError`. */
  async look(): Promise<void> {
    const { nowMs } = this.#ports
    if (this.#running !== undefined || nowMs() < this.#lookAtMs) return
    this.#lookAtMs = nowMs() + LOOK_EVERY_MS_MAX
    this.#running = this.#record().finally(() => (this.#running = undefined))
    await this.#running
  }

  async #record(): Promise<void> {
    const { pool, submitter, recorder } = this.#ports
    const { epoch, slotsInEpoch } = await pool.call((api) => api.epochInfo())
    const everyMs = (slotsInEpoch * MS_PER_SLOT) / LOOKS_PER_EPOCH
    this.#lookAtMs = this.#ports.nowMs() + Math.min(LOOK_EVERY_MS_MAX, everyMs)
    if (this.#given.epoch !== epoch) this.#given = { epoch, voters: new Set() }
    const address = recorderAddress(recorder)
    const [account] = await pool.call((api) => api.accounts([address], 'confirmed'))
    const recorded = recordedIn(account?.data, epoch + 1n)
    const voters = withoutDust(await pool.call((api) => api.voteAccounts()))
    const missing = voters.filter((one) => {
      const name = one.toBase58()
      return !recorded.has(name) && !this.#given.voters.has(name)
    })
    if (missing.length === 0 && recorded.size > 0) return await this.#showAgain(address, epoch + 1n)
    this.#unproven = 0
    await submitter.inTurn(async () => {
      if (account === undefined)
        await submitter.send({ instructions: [openRecorderInstruction(recorder, submitter.payer)] })
      await this.#fill(address, epoch + 1n, missing)
    })
  }

  /** Gives voters as long as there is room; the account grows by a step when it is full, not before. */
  async #fill(address: PublicKey, next: bigint, missing: readonly PublicKey[]): Promise<void> {
    const { pool, submitter, recorder } = this.#ports
    for (let given = 0; given < missing.length;) {
      const [account] = await pool.call((api) => api.accounts([address], 'confirmed', submitter.newestSlot))
      const room = Math.floor(((account?.data.length ?? HEADER_BYTES) - HEADER_BYTES) / VOTER_BYTES)
      const free = room - recordedIn(account?.data, next).size
      // The largest set takes whom it is given: the least stake gives way
      const isLargest = room >= RECORDER_VOTERS_MAX
      if (free === 0 && !isLargest) {
        await submitter.send({ instructions: [growRecorderInstruction(recorder, submitter.payer)] })
        continue
      }
      const voters = missing.slice(given, isLargest ? undefined : given + free)
      await this.#giveAll(voters)
      given += voters.length
    }
  }

  async #giveAll(voters: readonly PublicKey[]): Promise<void> {
    const parts: PublicKey[][] = []
    for (let from = 0; from < voters.length; from += VOTERS_PER_TRANSACTION)
      parts.push(voters.slice(from, from + VOTERS_PER_TRANSACTION))
    // The first begins the epoch's set, the others fill it.
    for (const part of parts.slice(0, 1)) await this.#give(part)
    await mapLimited(parts.slice(1), 4, (part) => this.#give(part))
  }

  /**
   * A stream that began after the set was recorded holds no slot that wrote it: one lamport, sent by anybody,
   * makes a slot write the account once more.
   */
  async #showAgain(address: PublicKey, next: bigint): Promise<void> {
    const { submitter, nowMs, provenEpoch } = this.#ports
    const proven = await provenEpoch()
    this.#unproven = proven === undefined || proven >= next ? 0 : this.#unproven + 1
    // What was recorded a moment ago may only not be final yet
    if (this.#unproven < 2 || nowMs() < this.#showAtMs) return
    this.#showAtMs = nowMs() + SHOW_EVERY_MS
    const lamport = { fromPubkey: submitter.payer, toPubkey: address, lamports: 1 }
    await submitter.inTurn(async () => {
      await submitter.send({ instructions: [SystemProgram.transfer(lamport)] })
    })
  }

  async #give(voters: readonly PublicKey[]): Promise<void> {
    const { submitter, recorder } = this.#ports
    await submitter.send({ instructions: [recordInstruction(recorder, voters)] })
    for (const voter of voters) this.#given.voters.add(voter.toBase58())
  }
}

/**
 * Without the last, who have at most a thousandth of the stake together: the account would grow for ever by
 * whoever delegates a lamport to each of many vote accounts. Given those of most stake first.
 */
function withoutDust(voters: readonly VoteAccount[]): PublicKey[] {
  const total = voters.reduce((sum, { stake }) => sum + stake, 0)
  let [count, leftOut] = [voters.length, 0]
  while (count > 0) {
    leftOut += voters[count - 1]!.stake
    if (LEFT_OUT_OF * leftOut > total) break
    count -= 1
  }
  // Where nobody has stake yet, the program knows better
  return (count === 0 ? voters : voters.slice(0, count)).map(({ address }) => address)
}

/** Vote accounts that stand in the recorder's account for an epoch, base58. */
function recordedIn(data: Uint8Array | undefined, epoch: bigint): Set<string> {
  const stakes = data && readSafely(data)
  if (stakes?.epoch !== epoch) return new Set()
  return new Set(stakes.voters.map((voter) => toBase58(voter.voteAccount)))
}

function readSafely(data: Uint8Array): EpochStakes | undefined {
  try {
    return readEpochStakes(data)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}
