import { EventEmitter } from 'node:events'
import { applyWrites, bankHash } from '@causeway/light-clients'
import type { LatticeXof } from '@causeway/light-clients'
import { assert, toBase58 } from '@causeway/primitives'
import { CLOCK, RECENT_BLOCKHASHES } from '../execution/well-known.ts'
import { Unloadable } from '../execution/message.ts'
import { VirtualMachine } from '../execution/virtual-machine.ts'
import { bytesOf, keyOf } from '../execution/accounts.ts'
import type { Block, ProcessedTransaction } from './block.ts'
import { makeGenesis } from './genesis.ts'
import { History } from './history.ts'
import { leaderOf } from './leader-schedule.ts'
import { freezeBank, openBank } from './open-bank.ts'
import type { OpenBank } from './open-bank.ts'
import type { SolanaOptions } from './options.ts'
import { processTransaction, resolveIn } from './process-transaction.ts'
import { correctRecorder } from './recorder.ts'
import { State } from './state.ts'
import { clockData, recentBlockhashesData } from './sysvars.ts'
import type { SlotHash } from './sysvars.ts'
import { TOWER_DEPTH } from './tower.ts'
import { Validator } from './validator.ts'

/** What a cluster tells: whoever listens is called at once. */
export interface ClusterEvents {
  /** A transaction ran in the open bank. */
  processed: [ProcessedTransaction]
  /** A bank was frozen. */
  frozen: [Block]
  /** Two thirds of the stake voted for the banks up to this slot. */
  confirmed: [bigint]
  /** Two thirds of the stake rooted the banks up to this slot. */
  rooted: [bigint]
}

const STAKE_UNIT = 1_000_000_000_000n
/** Blockhashes that a transaction may name: of the newest 151 blocks. Spec: agave `MAX_PROCESSING_AGE`. */
const BLOCKHASH_AGE_MAX = 150

/** A chain of banks with validators that vote for them. It has no timer: `advance` makes a slot. */
export class Cluster extends EventEmitter<ClusterEvents> {
  readonly seed: string
  readonly validators: readonly Validator[]
  readonly slotsPerEpoch: bigint
  readonly genesisHash: Uint8Array
  readonly state: State
  readonly history: History
  readonly #now: () => bigint
  readonly #xof: LatticeXof
  readonly #recorder: SolanaOptions['recorder']
  #slotHashes: SlotHash[] = []
  #blockhashes: Uint8Array[]
  #epochStartSeconds: bigint
  #open: OpenBank
  #confirmed = 0n
  #rooted = 0n
  #skipped = 0n

  constructor(options: SolanaOptions, xof: LatticeXof) {
    super()
    const { seed, validators = 4, slotsPerEpoch = 432, rootDepth = TOWER_DEPTH } = options
    assert(slotsPerEpoch >= 32 && validators >= 1 && validators <= 60, 'a cluster of a possible size')
    assert(rootDepth >= 1 && rootDepth <= TOWER_DEPTH, 'a depth that a tower can have')
    this.seed = seed
    this.slotsPerEpoch = BigInt(slotsPerEpoch)
    this.#now = options.now ?? (() => BigInt(Math.floor(Date.now() / 1_000)))
    this.#xof = xof
    this.#recorder = options.recorder
    this.validators = Array.from(
      { length: validators },
      (_, i) => new Validator(seed, i, STAKE_UNIT * BigInt(100 + 7 * i), rootDepth),
    )
    const machine = new VirtualMachine()
    const { accounts, genesisHash } = makeGenesis(machine, options, this.validators, this.slotsPerEpoch)
    this.genesisHash = genesisHash
    this.state = new State(machine, accounts)
    const genesis = this.#freezeGenesis()
    this.history = new History(genesis, this.state)
    this.#blockhashes = [genesisHash]
    this.#slotHashes = [{ slot: 0n, hash: genesis.bankHash }]
    this.#epochStartSeconds = genesis.seconds
    this.#open = this.#openAfter(genesis, 1n)
  }

  /** The newest bank that is frozen. */
  get head(): Block {
    return this.history.newest
  }

  /** The bank that takes transactions. */
  get open(): Pick<OpenBank, 'slot' | 'height' | 'epoch' | 'seconds' | 'transactions'> {
    return this.#open
  }

  /** The newest slot that two thirds voted for. */
  get confirmed(): bigint {
    return this.#confirmed
  }

  /** The newest slot that two thirds rooted. */
  get rooted(): bigint {
    return this.#rooted
  }

  /** All stake. */
  get stake(): bigint {
    return this.validators.reduce((sum, { stake }) => sum + stake, 0n)
  }

  /** The epoch of a slot. */
  epochOf(slot: bigint): bigint {
    return slot / this.slotsPerEpoch
  }

  /** Who leads a slot. */
  leader(slot: bigint): Validator {
    return leaderOf(this.seed, this.validators, slot)
  }

  /** Blocks that were made since the one with this blockhash; nothing when it is unknown or too old. */
  blockhashAge(blockhash: Uint8Array): number | undefined {
    const key = keyOf(blockhash)
    const age = this.#blockhashes.findIndex((each) => keyOf(each) === key)
    return age < 0 ? undefined : age
  }

  /** Runs a transaction in the open bank. Throws `Unloadable` for one that no block has. */
  submit(wire: Uint8Array): ProcessedTransaction {
    return this.#process(wire, false)
  }

  /** Freezes the open bank and opens the next, in which the validators vote for it. */
  advance(): Block {
    const leader = this.leader(this.#open.slot).identity.publicKey
    const block = freezeBank(this.state, this.#open, leader, this.#xof)
    this.#slotHashes = [{ slot: block.slot, hash: block.bankHash }, ...this.#slotHashes.slice(0, 511)]
    this.#blockhashes = [block.blockhash, ...this.#blockhashes.slice(0, BLOCKHASH_AGE_MAX)]
    if (block.epoch !== this.epochOf(block.parentSlot)) this.#epochStartSeconds = block.seconds
    this.history.add(block)
    this.emit('frozen', block)
    this.#open = this.#openAfter(block, block.slot + 1n + this.#skipped)
    this.#skipped = 0n
    this.#vote(block)
    return block
  }

  /** The slot after the open one stays without a block. */
  skip(): void {
    this.#skipped += 1n
  }

  #process(wire: Uint8Array, isVote: boolean): ProcessedTransaction {
    const transaction = resolveIn(this.state, wire)
    if (this.blockhashAge(transaction.recentBlockhash) === undefined)
      throw new Unloadable('BlockhashNotFound')
    const signature = toBase58(transaction.signatures[0]!)
    if (this.history.status(signature)) throw new Unloadable('AlreadyProcessed')
    const { slot, transactions } = this.#open
    const done = processTransaction(this.state, transaction, { slot, index: transactions.length, isVote })
    if (this.#recorder) correctRecorder(this.state, this.#recorder, done, this.validators)
    transactions.push(done)
    this.history.note(done)
    this.emit('processed', done)
    return done
  }

  #vote({ slot, bankHash: hash, seconds, blockhash }: Block): void {
    for (const validator of this.validators) {
      const wire = validator.vote({ slot, bankHash: hash, seconds, recentBlockhash: blockhash })
      const { outcome } = this.#process(wire, true)
      assert(outcome.error === undefined, `a vote failed: ${JSON.stringify(outcome)}`)
    }
    this.#confirmed = slot
    this.emit('confirmed', slot)
    const rooted = this.#rootOfTwoThirds()
    if (rooted <= this.#rooted) return
    this.#rooted = rooted
    this.history.root(rooted)
    this.emit('rooted', rooted)
  }

  #rootOfTwoThirds(): bigint {
    const roots = this.validators
      .map(({ root, stake }) => ({ root: root ?? 0n, stake }))
      .sort((a, b) => Number(b.root - a.root))
    let stake = 0n
    for (const each of roots) {
      stake += each.stake
      if (3n * stake >= 2n * this.stake) return each.root
    }
    return 0n
  }

  #openAfter(parent: Block, slot: bigint): OpenBank {
    const now = this.#now()
    const ancestry = {
      parent,
      slotHashes: this.#slotHashes,
      blockhashes: this.#blockhashes,
      genesisHash: this.genesisHash,
      epochStartSeconds: this.#epochStartSeconds,
      stake: this.stake,
    }
    const seconds = now > parent.seconds ? now : parent.seconds
    return openBank(this.state, ancestry, { slot, epoch: this.epochOf(slot), seconds })
  }

  #freezeGenesis(): Block {
    const { state, genesisHash } = this
    const seconds = this.#now()
    state.writeData(CLOCK, clockData({ slot: 0n, epoch: 0n, seconds, epochStartSeconds: seconds }))
    state.writeData(RECENT_BLOCKHASHES, recentBlockhashesData([genesisHash], genesisHash))
    state.close()
    const keys = [...state.accounts.keys()].sort()
    const writes = keys.map((key) => ({
      pubkey: bytesOf(key),
      before: undefined,
      after: state.accounts.get(key)!,
    }))
    const fields = {
      parentBankHash: new Uint8Array(32),
      signatureCount: 0n,
      lastBlockhash: genesisHash,
      accountsLtHash: applyWrites(new Uint8Array(2_048), writes, this.#xof),
    }
    const hash = bankHash(fields, { slot: 0n, parentSlot: 0n }, [])
    const leader = this.leader(0n).identity.publicKey
    const [height, reward, leaderLamports, transactions] = [0n, 0n, 0n, []]
    const [slot, parentSlot, epoch, blockhash] = [0n, 0n, 0n, genesisHash]
    const place = { slot, parentSlot, height, epoch, seconds, blockhash, parentBlockhash: new Uint8Array(32) }
    return { ...fields, ...place, bankHash: hash, writes: [], transactions, leader, reward, leaderLamports }
  }
}
