import { describe, expect, it } from 'vitest'
import type { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import {
  createNativeSignatureVerifier,
  hashHeader,
  hashResults,
  hashValidatorSet,
  toNanoseconds,
  totalVotingPower,
  voteSignBytes,
} from '@causeway/light-clients'
import { compareBytes, equalBytes, isProtocolError, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage, StorageWrite } from '@causeway/state-tree'
import { testKeys } from '../chain.fixture.ts'
import { createMemorySignState } from '../keys/sign-state.ts'
import type { SignStateStore } from '../keys/sign-state.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import type { KeyValueApplication } from '../kvstore.fixture.ts'
import { BlockStore } from '../store/block-store.ts'
import { testChain } from '../test-chain.fixture.ts'
import type { TestChain } from '../test-chain.fixture.ts'

/*
 * Many short lives of a chain by seed: transactions, validators that come, go and change, refused proposals
 * and extensions, changed parameters, and deaths of the process at any write, of the engine or of the
 * application. After each the chain that is stored has to be one that CometBFT could have made.
 */
const SEEDS = 24
const STEPS = 40
const names = ['a', 'b', 'c', 'd', 'e', 'f']
const keys = testKeys(...names)
const verifySignatures = createNativeSignatureVerifier()

class World {
  readonly blocks = createMemoryStorage()
  readonly data = createMemoryStorage()
  readonly signStates: SignStateStore[] = keys.map(() => createMemorySignState())
  /** Hashes of blocks that were reported as made. */
  readonly reported = new Map<bigint, Uint8Array>()
  private readonly random: () => number
  private now = 1_767_323_045_000_000_000n
  private writesToLive = Infinity
  private sequence = 0

  constructor(seed: number) {
    this.random = createRandom(seed)
  }

  run(): void {
    let chain: TestChain | undefined
    for (let step = 0; step < STEPS; step++) {
      this.writesToLive = this.random() < 0.2 ? Math.floor(this.random() * 4) : Infinity
      try {
        chain ??= this.start()
        this.disturb(chain.application)
        const { made } = chain.produce(this.transactions(chain))
        this.reported.set(made.header.height, made.blockId.hash)
      } catch (error) {
        if (!(error instanceof Killed)) expect(isProtocolError(error), String(error)).toBe(true)
        // A refused proposal leaves the process alive, everything else is its end
        const isRefusal = isProtocolError(error) && error.code === 43
        if (!isRefusal) chain = undefined
      }
    }
    this.writesToLive = Infinity
    this.now += 1n
    const last = chain ?? this.start()
    calm(last.application)
    const { made } = last.produce(['last=1'])
    this.reported.set(made.header.height, made.blockId.hash)
  }

  private start(): TestChain {
    return testChain({
      validators: names.slice(0, 4),
      powers: [10, 20, 30, 40],
      signers: keys,
      storage: this.mortal(this.blocks),
      application: createKeyValueApplication(this.mortal(this.data)),
      signState: (i) => this.signStates[i]!,
      clock: () => (this.now += BigInt(Math.floor(this.random() * 2e9) - 2e8)),
    })
  }

  private mortal(storage: Storage): Storage {
    return {
      ...storage,
      write: (batch: readonly StorageWrite[]) => {
        if (this.writesToLive-- <= 0) throw new Killed()
        storage.write(batch)
      },
    }
  }

  private disturb({ behaviour }: KeyValueApplication): void {
    let refusals = this.random() < 0.2 ? Math.floor(this.random() * 10) : 0
    behaviour.acceptProposal = () => refusals-- <= 0
    const shunned = keys[Math.floor(this.random() * keys.length)]!.address
    const isShunning = this.random() < 0.1
    behaviour.acceptExtension = (address) =>
      !isShunning || Buffer.from(address).toString('hex').toUpperCase() !== shunned
    behaviour.extension = () => utf8(`extension ${this.random()}`)
    behaviour.paramUpdates = this.random() < 0.1 ? this.parameters() : undefined
  }

  private parameters(): ConsensusParams {
    const none = { evidence: undefined, validator: undefined, version: undefined, abci: undefined }
    return { ...none, block: { maxBytes: BigInt(3_000_000 + Math.floor(this.random() * 1e6)), maxGas: -1n } }
  }

  private transactions(chain: TestChain): string[] {
    const count = Math.floor(this.random() * 4)
    const txs = Array.from({ length: count }, () => `key${this.sequence++}=${this.random()}`)
    if (this.random() < 0.1) txs.push('bad')
    if (this.random() < 0.2) {
      const key = keys[Math.floor(this.random() * keys.length)]!
      const members = chain.core.state.nextValidators.validators
      const isMember = members.some(({ address }) => equalBytes(address, Buffer.from(key.address, 'hex')))
      const mayLeave = isMember && members.length > 2
      const power = mayLeave && this.random() < 0.5 ? 0 : 1 + Math.floor(this.random() * 60)
      txs.push(`val:${key.pub_key.value}!${power}`)
    }
    return txs
  }
}

class Killed extends Error {}

function calm({ behaviour }: KeyValueApplication): void {
  behaviour.acceptProposal = () => true
  behaviour.acceptExtension = () => true
  behaviour.paramUpdates = undefined
}

function verifyWorld(world: World): number {
  const store = new BlockStore(world.blocks)
  const state = store.loadState()!
  let signatures = 0
  for (let height = 1n; height <= state.lastHeight; height++) {
    const [block, meta, commit] = [store.block(height)!, store.meta(height)!, store.commit(height)!]
    const header = block.header!
    const set = store.validators(height)!
    const hash = meta.blockId!.hash
    expect(hashHeader(header)).toEqual(hash)
    if (world.reported.has(height)) expect(world.reported.get(height)).toEqual(hash)
    expect(header.validatorsHash).toEqual(hashValidatorSet(set))
    expect(header.nextValidatorsHash).toEqual(hashValidatorSet(store.validators(height + 1n)!))
    if (height > 1n) {
      const previous = store.results(height - 1n)!
      expect(header.appHash).toEqual(previous.appHash)
      expect(header.lastResultsHash).toEqual(hashResults(previous.txResults))
      expect(block.lastCommit).toEqual(store.commit(height - 1n))
      expect(toNanoseconds(header.time)).toBeGreaterThan(toNanoseconds(store.meta(height - 1n)!.header!.time))
    }
    let power = 0n
    commit.signatures.forEach(({ blockIdFlag, timestamp, signature, validatorAddress }, i) => {
      if (blockIdFlag !== 2) return
      const validator = set.validators[i]!
      expect(compareBytes(validatorAddress, validator.address)).toBe(0)
      const vote = { type: 2 as const, height, round: commit.round, blockId: commit.blockId, timestamp }
      const message = voteSignBytes(state.chainId, vote)
      expect(
        verifySignatures([{ publicKey: validator.pubKey!.ed25519!, message, signature }]),
      ).toBeUndefined()
      power += validator.votingPower
      signatures++
    })
    expect(power * 3n).toBeGreaterThan(totalVotingPower(set) * 2n)
    expect(set.validators.some(({ address }) => equalBytes(address, header.proposerAddress))).toBe(true)
  }
  return signatures
}

describe('any life of a chain', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('seed %i leaves a chain that holds', (seed) => {
    const world = new World(seed)
    world.run()
    expect(verifyWorld(world)).toBeGreaterThan(10)
    // A fresh application comes to the same answers at every height
    const fresh = createKeyValueApplication()
    const before = new BlockStore(world.blocks).loadState()!
    const replayed = testChain({
      validators: names.slice(0, 4),
      powers: [10, 20, 30, 40],
      storage: world.blocks,
      application: withRecordedParams(fresh, new BlockStore(world.blocks)),
    })
    expect(replayed.core.state).toEqual(before)
    expect(fresh.calls.filter((call) => call === 'commit')).toHaveLength(Number(before.lastHeight))
  })
})

/** The parameter updates came from outside the chain: they are taken from what was stored. */
function withRecordedParams(application: KeyValueApplication, store: BlockStore): KeyValueApplication {
  return {
    ...application,
    finalizeBlock: (request) => {
      application.behaviour.paramUpdates = store.results(request.height)!.consensusParamUpdates
      return application.finalizeBlock(request)
    },
  }
}

function createRandom(seed: number): () => number {
  let state = Math.imul(seed, 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
