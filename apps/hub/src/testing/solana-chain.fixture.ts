/* eslint-disable @nx/enforce-module-boundaries -- programs' and light client's own fixtures, not copies */
// A Solana cluster as far as the hub sees it: the real programs in LiteSVM, banks hashed by the real formula
// over all that their transactions wrote, and validators that sign vote transactions.
import { Message } from '@solana/web3.js'
import type { Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js'
import {
  SOLANA_CLIENT_STATE_TYPE_URL,
  SOLANA_CONSENSUS_STATE_TYPE_URL,
  SOLANA_HEADER_TYPE_URL,
  SOLANA_MISBEHAVIOUR_TYPE_URL,
} from '@causeway/light-clients'
import { readCoreEvents, rootsAddress, touchInstruction } from '@causeway/contracts-solana'
import { equalBytes, fromBase58, toBase58, toHex } from '@causeway/primitives'
import { packAny } from '@causeway/protocol'
import type { Any } from '@causeway/protocol'
import {
  ClientState,
  ConsensusProof,
  ConsensusState,
  Header,
  Misbehaviour,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import {
  ExampleCluster,
  GENESIS_SECONDS,
  exampleAccount,
} from '../../../../libs/light-clients/src/solana/example-cluster.fixture.ts'
import type {
  Changes,
  ClusterWish,
  ExampleBank,
} from '../../../../libs/light-clients/src/solana/example-cluster.fixture.ts'
import { done } from '../../../../contracts/solana/test/bridge.fixture.ts'
import { HUB_CLIENT_PROGRAM, UPLOAD_PROGRAM } from '../../../../contracts/solana/test/hub-client.fixture.ts'
import { exampleKey } from '../../../../contracts/solana/test/hub.fixture.ts'
import { send, setNow, startSvm } from '../../../../contracts/solana/test/svm.fixture.ts'
import type { Sent, Svm } from '../../../../contracts/solana/test/svm.fixture.ts'

/** The hub's client there. */
export const THERE = 'client-0'
const HOUR = 3_600n

/** How a header differs from an honest, final one. */
export interface HeaderWish {
  /** Which validators vote; default all. */
  readonly voters?: readonly number[]
  readonly isFinal?: boolean
  /** Another bank that the votes are for. */
  readonly votedFor?: ExampleBank
}

/** The cluster. Its slots are those of the hub's seconds. */
export class SolanaChain {
  readonly svm: Svm
  readonly cluster: ExampleCluster
  readonly core: PublicKey
  readonly vault: PublicKey
  readonly recorder = exampleKey().publicKey
  readonly stakes = exampleKey().publicKey
  head: ExampleBank
  /** Accounts that transactions named writable since the last slot. */
  readonly #touched = new Set<string>()

  constructor(wish: ClusterWish = {}, core = exampleKey().publicKey) {
    this.cluster = new ExampleCluster({ slotsPerEpoch: 100_000n, ...wish })
    this.core = core
    this.vault = exampleKey().publicKey
    const programs = { 'hub-client': HUB_CLIENT_PROGRAM, upload: UPLOAD_PROGRAM, core, vault: this.vault }
    this.svm = startSvm(programs)
    this.head = this.cluster.genesis
    setNow(this.svm, GENESIS_SECONDS)
    this.#watch()
  }

  /** CAIP-2. */
  get chainId(): string {
    return `solana:${toBase58(this.cluster.genesis.lastBlockhash).slice(0, 32)}`
  }

  /** The account that packets of the hub's client are proven by. */
  get rootAccount(): Uint8Array {
    return rootsAddress(this.core, THERE).toBytes()
  }

  /** One transaction, which has to succeed. */
  send(instructions: readonly TransactionInstruction[], signers: readonly Keypair[] = []): Sent {
    return done(send(this.svm, instructions, signers))
  }

  /** A transaction that sends a packet. */
  sendPacket(instruction: TransactionInstruction, signers: readonly Keypair[]): Packet {
    const [event] = readCoreEvents(this.send([instruction], signers).called, this.core.toBase58())
    if (event?.kind !== 'send_packet') throw new Error('nothing was sent')
    return event.packet
  }

  /** Makes a root account that rests provable in the next slot. */
  touch(): void {
    this.send([touchInstruction(this.core, THERE)])
  }

  /** The programs' clock goes on, and nothing else. */
  pass(seconds: bigint): void {
    setNow(this.svm, this.svm.svm.getClock().unixTimestamp + seconds)
  }

  /** Ends the slot of a second: all that was written since the one before; gives its bank. */
  produce(seconds: bigint, more: Changes = new Map()): ExampleBank {
    const slot = seconds - GENESIS_SECONDS
    const changes = new Map([...this.#changes(), ...more])
    this.head = this.cluster.bank(this.head, slot, changes, seconds)
    setNow(this.svm, seconds)
    return this.head
  }

  /** What the recorder would write in this slot: who votes in the next epoch. */
  recorded(epoch: bigint, owner = this.recorder): Changes {
    const account = exampleAccount(this.cluster.stakesBytes(epoch), owner.toBytes())
    return new Map([[toHex(this.stakes.toBytes()), account]])
  }

  /** The root account as another program would have it. */
  rootsOf(owner: PublicKey): Changes {
    const key = toHex(this.rootAccount)
    return new Map([[key, { ...this.head.accounts.get(key)!, owner: owner.toBytes() }]])
  }

  /** Another bank of a slot than the cluster's. */
  fork(bank: ExampleBank, changes: Changes): ExampleBank {
    return this.cluster.bank(bank.parent!, bank.slot, changes)
  }

  /** A client message. */
  header(bank: ExampleBank, wish: HeaderWish = {}): Any {
    const proof = this.cluster.stateProof(bank)
    const state = { ...proof, writes: proof.writes.map((write) => ({ ...write })) }
    const header = Header.fromPartial({ consensus: this.#settled(wish.votedFor ?? bank, wish), state })
    return packAny(SOLANA_HEADER_TYPE_URL, Header.encode(header).finish())
  }

  /** Evidence: two banks of one slot that were voted for. */
  misbehaviour(first: ExampleBank, second: ExampleBank): Any {
    const [a, b] = [first, second].map((bank) => this.#settled(bank, { isFinal: false }))
    const proofs = { first: a!, second: b! }
    const bytes = Misbehaviour.encode(Misbehaviour.fromPartial({ epoch: first.epoch, ...proofs })).finish()
    return packAny(SOLANA_MISBEHAVIOUR_TYPE_URL, bytes)
  }

  /** What creates a client that trusts a bank. */
  clientStates(
    change: Partial<ClientState> = {},
    first: Partial<ConsensusState> = {},
    bank = this.head,
  ): { clientState: Any; consensusState: Any } {
    const clientState = ClientState.fromPartial({
      genesisHash: this.cluster.genesis.lastBlockhash,
      trustingPeriod: { seconds: 24n * HOUR, nanos: 0 },
      maxClockDrift: { seconds: 5n, nanos: 0 },
      ibcProgram: this.core.toBytes(),
      rootAccount: this.rootAccount,
      recorderProgram: this.recorder.toBytes(),
      recorderAccount: this.stakes.toBytes(),
      latestSlot: bank.slot,
      latestEpoch: bank.epoch,
      ...change,
    })
    const consensusState = ConsensusState.fromPartial({
      bankHash: bank.bankHash,
      timestampSeconds: GENESIS_SECONDS + bank.slot,
      epoch: bank.epoch,
      epochStakes: this.cluster.stakesBytes(bank.epoch),
      ...first,
    })
    return {
      clientState: packAny(SOLANA_CLIENT_STATE_TYPE_URL, ClientState.encode(clientState).finish()),
      consensusState: packAny(
        SOLANA_CONSENSUS_STATE_TYPE_URL,
        ConsensusState.encode(consensusState).finish(),
      ),
    }
  }

  #settled(bank: ExampleBank, { voters, isFinal = true }: HeaderWish): ConsensusProof {
    return ConsensusProof.fromPartial({ tower: this.cluster.towerProof(bank, voters, isFinal) })
  }

  /** Notes what is written to LiteSVM, by whatever way. */
  #watch(): void {
    const { svm } = this.svm
    const [sendTransaction, setAccount] = [svm.sendTransaction.bind(svm), svm.setAccount.bind(svm)]
    svm.sendTransaction = (transaction) => {
      const message = Message.from(
        Buffer.from((transaction as unknown as { messageBytes: Uint8Array }).messageBytes),
      )
      for (const [i, key] of message.accountKeys.entries()) {
        if (message.isAccountWritable(i)) this.#touched.add(key.toBase58())
      }
      return sendTransaction(transaction)
    }
    svm.setAccount = (account) => {
      this.#touched.add(account.address)
      return setAccount(account)
    }
  }

  #changes(): Changes {
    const changes = new Map<string, ReturnType<typeof exampleAccount> | undefined>()
    for (const address of this.#touched) {
      const account = this.svm.svm.getAccount(address as never)
      const key = toHex(keyBytes(address))
      const before = this.head.accounts.get(key)
      const after = account.exists
        ? {
            lamports: BigInt(account.lamports),
            data: Uint8Array.from(account.data),
            isExecutable: account.executable,
            owner: keyBytes(account.programAddress),
          }
        : undefined
      if (before === undefined && after === undefined) continue
      if (before !== undefined && after !== undefined && isSame(before, after)) continue
      changes.set(key, after)
    }
    this.#touched.clear()
    return changes
  }
}

function isSame(a: ReturnType<typeof exampleAccount>, b: ReturnType<typeof exampleAccount>): boolean {
  return a.lamports === b.lamports && equalBytes(a.data, b.data) && equalBytes(a.owner, b.owner)
}

function keyBytes(address: string): Uint8Array {
  return fromBase58(address)!
}
