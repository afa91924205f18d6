// A hub whose proposers leave out what the test wants left out, and votes that say what the test wants said.
import { sha256, utf8 } from '@causeway/primitives'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import type { TransactionName } from '@causeway/protocol/causeway/block/v1/block'
import { MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { codeOf } from '../testing/refusal.fixture.ts'
import { testHub } from '../testing/hub.fixture.ts'
import { extendedCommit } from '../testing/validators.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import type { SignOptions } from '../testing/wallet.fixture.ts'
import { judgeProposal } from '../block/process-proposal.ts'
import { INCLUSION_STORE, missedBlocks, readRecords } from './state.ts'

/** A hub after its first block, and how to drive it. */
export function heldHub(count = 3) {
  const wallets = Array.from({ length: count }, (_, i) => new Wallet(`held ${i}`))
  const made = testHub(wallets)
  const { hub, driver } = made
  driver.block()
  const proposal = (txs: readonly Uint8Array[]) => {
    const request = driver.proposal(txs)
    return { ...request, proposedLastCommit: request.decidedLastCommit }
  }
  return {
    ...made,
    wallets,
    /** Lane 1; it fails when it runs. */
    relay(wallet: Wallet, options: SignOptions = {}): Uint8Array {
      const empty = MsgRecvPacket.fromPartial({})
      const value = MsgRecvPacket.encode({ ...empty, signer: wallet.address }).finish()
      return wallet.sign([{ typeUrl: '/ibc.core.channel.v2.MsgRecvPacket', value }], options)
    },
    /** Lane 4. */
    pay: (wallet: Wallet, options: SignOptions = {}) =>
      wallet.sign([send(wallet.address, wallet.address, '1')], options),
    /** Reaches the mempool of the node, and no proposal. */
    hold: (tx: Uint8Array) => codeOf(hub.checkTx({ tx, type: 0 })),
    /** A decided block of these transactions. */
    decide: (
      txs: readonly Uint8Array[] = [],
      proposer: Uint8Array = new Uint8Array(0),
    ): ResponseFinalizeBlock => driver.execute({ ...driver.proposal(txs), proposerAddress: proposer }),
    /** Why a proposal of these transactions is refused. */
    judge(txs: readonly Uint8Array[]): string {
      const reason = judgeProposal(hub.chain, proposal(txs))
      return reason === undefined ? 'accepted' : `${reason.codespace}/${reason.code}`
    },
    /** What the node itself proposes of these, without transaction 0. */
    prepare(txs: readonly Uint8Array[]): Uint8Array[] {
      const request = { ...proposal([]), maxTxBytes: 22_000_000n, localLastCommit: driver.lastCommit }
      return hub.prepareProposal({ ...request, txs: [...txs] }).txs.slice(1)
    },
    /** Says what these validators have said with the last block; the rest as the node made them say. */
    say(said: Readonly<Record<number, Partial<VoteExtension>>>): void {
      const { validators, chainId, height, lastCommit } = driver
      const extensions = lastCommit.votes.map(({ voteExtension }, i) => {
        const own = said[i]
        if (own === undefined) return voteExtension
        return VoteExtension.encode({ ...VoteExtension.decode(voteExtension), ...own }).finish()
      })
      driver.lastCommit = extendedCommit(validators, extensions, { chainId, height })
    },
    /** What the last votes name and carry. */
    said: () =>
      driver.lastCommit.votes.map(({ voteExtension }) => {
        const { held, served } = VoteExtension.decode(voteExtension)
        return { held: held.map(({ hash }) => Buffer.from(hash).toString('hex')), served: served.length }
      }),
    records: () => readRecords(hub.chain.readLatest().store(INCLUSION_STORE)),
    missed: () => missedBlocks(hub.chain.readLatest().store(INCLUSION_STORE)),
  }
}

/** A hub that holds a transaction since height 1, after so many blocks without it. */
export function heldFor(blocks: number, options: { readonly proposer?: Uint8Array } = {}) {
  const made = heldHub()
  const tx = made.relay(made.wallets[0]!)
  made.hold(tx)
  for (let i = 0; i < blocks; i++) made.decide([], options.proposer)
  return { ...made, tx, hash: sha256(tx) }
}

/** A name of nothing, or of what is given. */
export function nameOfNothing(seed: string, changes: Partial<TransactionName> = {}): TransactionName {
  return { hash: sha256(utf8(seed)), lane: 1, bytes: 300, gasLimit: 100_000n, ...changes }
}
