import { readFileSync } from 'node:fs'
import { PublicKey, SystemProgram } from '@solana/web3.js'
import type { Keypair, TransactionInstruction } from '@solana/web3.js'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  deployInstructions,
  isImmutable,
  openRecorderInstruction,
  programDataAddress,
  readCoreEvents,
  recordInstruction,
  recorderAddress,
  rootsAddress,
  touchInstruction,
} from '@causeway/contracts-solana'
import {
  commitmentLeaf,
  createSparseTree,
  createWasmLatticeXof,
  readEpochStakes,
  toBase58,
} from '@causeway/light-clients'
import type { LatticeXof } from '@causeway/light-clients'
import { packetCommitment } from '@causeway/messaging'
import { be64, concatBytes, utf8 } from '@causeway/primitives'
import { CommitmentProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { followCluster } from '../follower.fixture.ts'
import {
  CLIENT,
  OWNER,
  PROGRAMS,
  RECORDER_ACCOUNT,
  exampleDeposit,
  exampleKeypair,
  exampleOptions,
  ownersTransaction,
  setUpInstructions,
} from '../programs.fixture.ts'
import { Cluster } from './cluster.ts'
import type { SolanaOptions } from './options.ts'

let xof: LatticeXof
beforeAll(async () => {
  xof = await createWasmLatticeXof()
})

const ROOTS = rootsAddress(PROGRAMS.core, CLIENT)
const FOLLOWED = {
  ibcProgram: PROGRAMS.core.toBytes(),
  rootAccount: ROOTS.toBytes(),
  recorderProgram: PROGRAMS.recorder.toBytes(),
  recorderAccount: RECORDER_ACCOUNT.toBytes(),
}

function start(change: Partial<SolanaOptions> = {}) {
  const cluster = new Cluster(exampleOptions(change), xof)
  cluster.advance()
  const wireOf = (instructions: readonly TransactionInstruction[], signers: readonly Keypair[] = []) =>
    ownersTransaction(instructions, toBase58(cluster.head.blockhash), signers)
  return {
    cluster,
    wireOf,
    submit: (instructions: readonly TransactionInstruction[], signers: readonly Keypair[] = []) =>
      cluster.submit(wireOf(instructions, signers)),
    setUp() {
      for (const { instructions, signers } of setUpInstructions()) {
        const { outcome } = cluster.submit(wireOf(instructions, signers))
        expect(outcome.error, outcome.logs.join('\n')).toBeUndefined()
      }
      cluster.advance()
    },
    lamports: (key: PublicKey) => cluster.state.account(key.toBytes())?.lamports ?? 0n,
  }
}

const transfer = (lamports: number, to = exampleKeypair('receiver').publicKey) =>
  SystemProgram.transfer({ fromPubkey: OWNER.publicKey, toPubkey: to, lamports })

describe('our light client', () => {
  it('accepts slots of the cluster, and a deposit is proven under one', () => {
    const { cluster, submit, setUp } = start()
    setUp()
    const follower = followCluster(cluster, xof, FOLLOWED, cluster.head)
    const sent = submit([exampleDeposit(5_000_000n, 1n)])
    const { slot } = cluster.advance()
    for (let i = 0; i < 7; i++) cluster.advance()
    expect(follower.update(slot)).toEqual([slot])
    const called = sent.outcome.inner.flat().map(({ programIdIndex, data }) => ({
      program: toBase58(sent.transaction.allKeys[programIdIndex]!),
      data: toBase58(data),
    }))
    const [event] = readCoreEvents(called, PROGRAMS.core.toBase58())
    if (event?.kind !== 'send_packet') throw new Error('nothing was sent')
    const tree = createSparseTree()
    tree.set(0n, commitmentLeaf(packetCommitment(event.packet)))
    const { present, siblings } = tree.prove(0n)
    const path = CommitmentProof.fromPartial({ present, siblings: [...siblings] })
    const proof = CommitmentProof.encode(path).finish()
    const key = [concatBytes(utf8(CLIENT), Uint8Array.of(1), be64(1n))]
    const height = { revisionNumber: 0n, revisionHeight: slot }
    const { client, store, context } = follower
    const verify = (value: Uint8Array) => client.verifyMembership(store, height, proof, key, value, context())
    verify(packetCommitment(event.packet))
    expect(() => verify(new Uint8Array(32))).toThrow()
  })

  it('follows from epoch to epoch by what the recorder recorded', () => {
    const { cluster, submit, setUp } = start()
    setUp()
    const follower = followCluster(cluster, xof, FOLLOWED, cluster.head)
    const voters = cluster.validators.map(({ voteAccount }) => new PublicKey(voteAccount))
    for (let epoch = 0n; epoch < 3n; epoch++) {
      const recorded = [recordInstruction(PROGRAMS.recorder, voters.slice(0, 2))]
      expect(submit(recorded).outcome.error).toBeUndefined()
      submit([recordInstruction(PROGRAMS.recorder, voters.slice(1))])
      const { slot } = cluster.advance()
      const set = readEpochStakes(cluster.state.account(RECORDER_ACCOUNT.toBytes())!.data)
      expect([set.epoch, set.voters.length, set.recordedStake]).toEqual([epoch + 1n, 4, cluster.stake])
      for (let i = 0; i < 7; i++) cluster.advance()
      expect(follower.update(slot)).toEqual([slot])
      while (cluster.head.epoch === epoch) cluster.advance()
      submit([touchInstruction(PROGRAMS.core, CLIENT)])
      const { slot: touched } = cluster.advance()
      for (let i = 0; i < 7; i++) cluster.advance()
      expect(follower.update(touched)).toEqual([touched])
    }
    expect(follower.client.latestHeight(follower.store).revisionHeight).toBeGreaterThan(96n)
  })

  it('accepts slots whose neighbours were skipped', () => {
    const { cluster, setUp } = start()
    setUp()
    const follower = followCluster(cluster, xof, FOLLOWED, cluster.head)
    for (let i = 0; i < 5; i++) cluster.skip()
    cluster.advance()
    cluster.skip()
    const { slot, parentSlot } = cluster.advance()
    expect(slot - parentSlot).toBe(6n)
    for (let i = 0; i < 9; i++) cluster.advance()
    expect(cluster.rooted).toBeGreaterThanOrEqual(slot)
    expect(follower.update(slot)).toEqual([slot])
  })
})

describe('a bank', () => {
  it('is final when two thirds have as many votes above it as a tower is deep', () => {
    for (const rootDepth of [4, 31]) {
      const { cluster } = start({ rootDepth, programs: [] })
      for (let i = 0; i < 40; i++) cluster.advance()
      const { slot } = cluster.head
      expect([cluster.confirmed, cluster.rooted]).toEqual([slot, slot - BigInt(rootDepth)])
    }
  })

  it('charges for what fails, and for nothing that it does not take', () => {
    const { cluster, submit, wireOf, lamports } = start({ programs: [] })
    const before = lamports(OWNER.publicKey)
    const failed = submit([transfer(2_000_000_000_000)])
    expect(failed.outcome.error).toEqual({ InstructionError: [0, { Custom: 1 }] })
    expect([failed.fee, before - lamports(OWNER.publicKey)]).toEqual([5_000n, 5_000n])
    const wire = wireOf([transfer(1_000_000)])
    const forged = wire.with(10, wire[10]! ^ 1)
    expect(() => cluster.submit(forged)).toThrow('SignatureFailure')
    expect(() => cluster.submit(wire.subarray(0, -1))).toThrow('SanitizeFailure')
    expect(before - lamports(OWNER.publicKey)).toBe(5_000n)
    expect(cluster.open.transactions.filter(({ isVote }) => !isVote).length).toBe(1)
  })

  it('takes a transaction once, and only while its blockhash is young', () => {
    const { cluster, wireOf } = start({ programs: [] })
    const [wire, late] = [wireOf([transfer(1_000_000)]), wireOf([transfer(1_000_001)])]
    expect(cluster.submit(wire).outcome.error).toBeUndefined()
    expect(() => cluster.submit(wire)).toThrow('AlreadyProcessed')
    for (let i = 0; i < 150; i++) cluster.advance()
    expect(() => cluster.submit(wire)).toThrow('AlreadyProcessed')
    cluster.advance()
    expect(() => cluster.submit(late)).toThrow('BlockhashNotFound')
    expect(() => cluster.submit(wire)).toThrow('BlockhashNotFound')
  })

  it('burns half of what signatures cost and gives the leader the rest', () => {
    const { cluster, submit } = start({ programs: [] })
    submit([transfer(1_000_000)])
    const sum = () => [...cluster.state.accounts.values()].reduce((all, { lamports }) => all + lamports, 0n)
    const { leader } = cluster
    const identity = leader.call(cluster, cluster.open.slot).identity.publicKey
    const before = { sum: sum(), leader: cluster.state.account(identity)!.lamports }
    // The four votes of its parent have two signatures each.
    const block = cluster.advance()
    expect(block.signatureCount).toBe(9n)
    expect(block.reward).toBe((9n * 5_000n) / 2n)
    expect(block.leaderLamports - before.leader).toBe(block.reward)
    const votesOfNext = 4n * 10_000n
    expect(sum() - before.sum).toBe(block.reward - votesOfNext)
  })
})

describe('a cluster', () => {
  it('runs a program that transactions deployed, from the next slot on, and nobody can change it', () => {
    const { cluster, submit } = start({ programs: [] })
    const [program, buffer] = ['deployed', 'buffer'].map(exampleKeypair) as [Keypair, Keypair]
    const code = readFileSync(
      new URL('../../../../../contracts/solana/artifacts/recorder.so', import.meta.url),
    )
    const { payer, keys } = { payer: OWNER.publicKey, keys: [program, buffer] }
    const deployment = { payer, program: program.publicKey, buffer: buffer.publicKey }
    const rent = (bytes: number) => Number(cluster.state.machine.rentExemption(bytes))
    const { begin, writes, finish } = deployInstructions(deployment, code, rent)
    const run = (instructions: TransactionInstruction[], signers: Keypair[] = []) => {
      const { outcome } = submit(instructions, signers)
      return outcome.error
    }
    expect(run(begin, [buffer])).toBeUndefined()
    for (const write of writes) expect(run([write])).toBeUndefined()
    expect(run(finish, [program])).toBeUndefined()
    cluster.advance()
    expect(run([openRecorderInstruction(program.publicKey, payer)])).toBeUndefined()
    const account = cluster.state.account(recorderAddress(program.publicKey).toBytes())
    expect(readEpochStakes(account!.data).voters).toEqual([])
    const programData = cluster.state.account(programDataAddress(program.publicKey).toBytes())
    expect(isImmutable(programData!.data)).toBe(true)
    expect(keys.map((key) => cluster.state.account(key.publicKey.toBytes())?.isExecutable)).toEqual([
      true,
      undefined,
    ])
  })

  it('is the same for the same seed, but for its time', () => {
    const hashes = ['a', 'a', 'b'].map((seed) => {
      const { cluster } = start({ seed, programs: [] })
      for (let i = 0; i < 3; i++) cluster.advance()
      return [toBase58(cluster.genesisHash), toBase58(cluster.head.bankHash)]
    })
    expect(hashes[0]).toEqual(hashes[1])
    expect(hashes[0]![0]).not.toBe(hashes[2]![0])
  })

  it('shows accounts as they were in banks that are not final', () => {
    const { cluster, submit } = start({ programs: [] })
    const receiver = exampleKeypair('receiver').publicKey.toBytes()
    const slots = [1_000_000, 2_000_000].map((lamports) => {
      submit([transfer(lamports)])
      return cluster.advance().slot
    })
    submit([transfer(3_000_000)])
    const held = (slot: bigint) => cluster.history.accountAt(receiver, slot)?.lamports
    const { open } = cluster
    expect([slots[0]! - 1n, ...slots, open.slot].map(held)).toEqual([
      undefined,
      1_000_000n,
      3_000_000n,
      6_000_000n,
    ])
  })
})
