// Two chains on embedded engines with a shared clock, and a relayer of a few lines over their RPC: real
// headers, commits, proofs.
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { cosmosSpecs } from '@causeway/light-clients'
import { assert } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Any, Height } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import {
  ClientState,
  ConsensusState,
  Header,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import type { SignedHeader } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { MsgCreateClientResponse } from '@causeway/protocol/ibc/core/client/v1/tx'
import { TxMsgData } from '@causeway/protocol/cosmos/base/abci/v1beta1/abci'
import type { CosmosApplication } from '../application.ts'
import { testGenesis, testKeys } from '../engine/chain.fixture.ts'
import { startEmbeddedNode } from '../engine/start-embedded-node.ts'
import type { EmbeddedNode } from '../engine/start-embedded-node.ts'
import { messagingHeight } from '../block/messaging-context.ts'
import { blockIdOf, flagOf, headerOf, timestampOf, validatorSetOf } from './comet-json.fixture.ts'
import { message } from './messages.fixture.ts'
import type { Wallet } from './wallet.fixture.ts'

/** A clock that chains share and tests turn. */
export class TestClock {
  nanoseconds = 1_767_323_045_000_000_000n

  readonly read = (): bigint => (this.nanoseconds += 1_000_000n)

  forward(seconds: bigint): void {
    this.nanoseconds += seconds * 1_000_000_000n
  }

  get seconds(): bigint {
    return this.nanoseconds / 1_000_000_000n
  }
}

/** One chain with its relayer account. */
export class TestChain {
  readonly chainId: string
  readonly application: CosmosApplication
  readonly relayer: Wallet
  #node: EmbeddedNode
  #comet: Comet38Client

  private constructor(
    node: EmbeddedNode,
    comet: Comet38Client,
    application: CosmosApplication,
    relayer: Wallet,
  ) {
    this.chainId = node.chainId
    this.#node = node
    this.#comet = comet
    this.application = application
    this.relayer = relayer
  }

  static async start(
    application: CosmosApplication,
    parts: { chainId: string; appState: JsonValue; clock: TestClock; relayer: Wallet; extensions: boolean },
  ): Promise<TestChain> {
    const keys = testKeys(`${parts.chainId} a`, `${parts.chainId} b`, `${parts.chainId} c`)
    const genesis = testGenesis(keys, {
      chain_id: parts.chainId,
      app_state: parts.appState,
      genesis_time: new Date(Number(parts.clock.seconds) * 1000).toISOString(),
      consensus_params: { abci: { vote_extensions_enable_height: parts.extensions ? '1' : '0' } },
    })
    const node = await startEmbeddedNode({
      application,
      genesis,
      validators: keys,
      blocks: 'onDemand',
      clock: parts.clock.read,
    })
    const comet = await Comet38Client.connect(node.rpcUrl)
    const chain = new TestChain(node, comet, application, parts.relayer)
    chain.block()
    chain.block()
    return chain
  }

  block(): void {
    this.#node.produceBlock()
  }

  height(): bigint {
    return this.#node.height()
  }

  async stop(): Promise<void> {
    this.#comet.disconnect()
    await this.#node.stop()
  }

  /** Offers one transaction to the mempool. A refused one has no sequence. */
  async submit(wallet: Wallet, messages: readonly Any[], { gasLimit = 3_000_000n, fee = 75_000n } = {}) {
    const denom = wallet.address.startsWith('cway') ? 'ucway' : 'uzone'
    const tx = wallet.sign(messages, { gasLimit, fee: [{ denom, amount: fee.toString() }] })
    const { hash, response } = await this.#node.submit(tx)
    if (response.code !== 0) wallet.sequence--
    return { hash, response }
  }

  /** The result of a transaction in a block. */
  result(hash: Uint8Array): ExecTxResult | undefined {
    return this.#node.findTransaction(Buffer.from(hash).toString('hex'))?.result
  }

  /** Sends one transaction, makes a block, and gives its result. */
  async deliver(wallet: Wallet, messages: readonly Any[], gasLimit?: bigint): Promise<ExecTxResult> {
    const { hash, response } = await this.submit(wallet, messages, gasLimit === undefined ? {} : { gasLimit })
    assert(response.code === 0, `CheckTx: ${response.codespace}/${response.code} ${response.log}`)
    this.block()
    const result = this.result(hash)
    assert(result !== undefined, 'the transaction is in the block')
    return result
  }

  /** Creates a client of another chain here; gives its id. */
  async createClient(other: TestChain, trustingSeconds = 1_000_000n): Promise<string> {
    const height = other.height()
    const { header } = await other.signedHeader(height)
    const clientState: ClientState = {
      chainId: other.chainId,
      trustLevel: { numerator: 1n, denominator: 3n },
      trustingPeriod: { seconds: trustingSeconds, nanos: 0 },
      unbondingPeriod: { seconds: trustingSeconds * 2n, nanos: 0 },
      maxClockDrift: { seconds: 30n, nanos: 0 },
      frozenHeight: { revisionNumber: 0n, revisionHeight: 0n },
      latestHeight: messagingHeight(other.chainId, height),
      proofSpecs: [...cosmosSpecs],
      upgradePath: ['upgrade', 'upgradedIBCState'],
      allowUpdateAfterExpiry: false,
      allowUpdateAfterMisbehaviour: false,
    }
    const consensusState: ConsensusState = {
      timestamp: header!.time,
      root: { hash: header!.appHash },
      nextValidatorsHash: header!.nextValidatorsHash,
    }
    const prefix = '/ibc.lightclients.tendermint.v1'
    const result = await this.deliver(this.relayer, [
      message('ibc.core.client.v1.MsgCreateClient', {
        clientState: { typeUrl: `${prefix}.ClientState`, value: ClientState.encode(clientState).finish() },
        consensusState: {
          typeUrl: `${prefix}.ConsensusState`,
          value: ConsensusState.encode(consensusState).finish(),
        },
        signer: this.relayer.address,
      }),
    ])
    assert(result.code === 0, result.log)
    return MsgCreateClientResponse.decode(TxMsgData.decode(result.data).msgResponses[0]!.value).clientId
  }

  /** The newest header of this chain as a client update, trusting an earlier height. */
  async header(trusted: bigint): Promise<Any> {
    const height = this.height()
    const header: Header = {
      signedHeader: await this.signedHeader(height),
      validatorSet: await this.validators(height),
      trustedHeight: messagingHeight(this.chainId, trusted),
      trustedValidators: await this.validators(trusted + 1n),
    }
    return { typeUrl: '/ibc.lightclients.tendermint.v1.Header', value: Header.encode(header).finish() }
  }

  /** A key of store `ibc` with its chained proof, provable under the newest header. */
  prove(key: Uint8Array): { value: Uint8Array; proof: Uint8Array; height: Height } {
    const height = this.height() - 1n
    const answer = this.application.query({ path: 'store/ibc/key', data: key, height, prove: true })
    assert(answer.code === 0, answer.log)
    const proofs = answer.proofOps!.ops.map(({ data }) => data)
    return {
      value: answer.value,
      proof: merkleProof(proofs),
      height: messagingHeight(this.chainId, height + 1n),
    }
  }

  async signedHeader(height: bigint): Promise<SignedHeader> {
    const { header, commit } = await this.#comet.commit(Number(height))
    return {
      header: headerOf(header),
      commit: {
        height: BigInt(commit.height),
        round: commit.round,
        blockId: blockIdOf(commit.blockId),
        signatures: commit.signatures.map((signature) => ({
          blockIdFlag: flagOf(signature.blockIdFlag),
          validatorAddress: signature.validatorAddress ?? new Uint8Array(0),
          timestamp: timestampOf(signature.timestamp),
          signature: signature.signature ?? new Uint8Array(0),
        })),
      },
    }
  }

  async validators(height: bigint): Promise<ValidatorSet> {
    const { validators } = await this.#comet.validatorsAll(Number(height))
    return validatorSetOf(validators)
  }
}

/** Packets that a result sent, and acknowledgements that it wrote. */
export function packetsOf(result: ExecTxResult, type: 'send_packet' | 'write_acknowledgement') {
  return result.events
    .filter((event) => event.type === type)
    .map(({ attributes }) => {
      const get = (key: string) => Buffer.from(attributes.find((a) => a.key === key)?.value ?? '', 'hex')
      return {
        packet: Packet.decode(get('encoded_packet_hex')),
        acknowledgement: Acknowledgement.decode(get('encoded_acknowledgement_hex')),
      }
    })
}

function merkleProof(proofs: readonly Uint8Array[]): Uint8Array {
  return MerkleProof.encode({ proofs: proofs.map((proof) => CommitmentProof.decode(proof)) }).finish()
}
