import { DirectSecp256k1HdWallet, Registry } from '@cosmjs/proto-signing'
import type { GeneratedType } from '@cosmjs/proto-signing'
import { GasPrice, SigningStargateClient, defaultRegistryTypes } from '@cosmjs/stargate'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { testMnemonic } from '../chains/accounts.ts'
import type { DevnetRole } from '../chains/accounts.ts'

/** The chain that a trader acts on. */
export interface TraderChain {
  readonly rpcUrl: string
  readonly prefix: string
  readonly feeDenom: string
  readonly gasPrice: string
}

/** A transfer over IBC v2. */
export interface TransferTerms {
  /** The client on the sending chain. */
  readonly client: string
  readonly denom: string
  readonly amount: bigint
  readonly receiver: string
}

/** A transfer in a block. */
export interface SentTransfer {
  readonly transaction: string
  readonly height: number
  readonly sequence: bigint
}

/** An account of the devnet on one chain: stock CosmJS, as a user's program is. */
export interface Trader {
  readonly address: string
  balance(denom: string): Promise<bigint>
  /** Throws when the chain refuses it. */
  transfer(terms: TransferTerms): Promise<SentTransfer>
  close(): void
}

const TRANSFER = '/ibc.applications.transfer.v1.MsgTransfer'
const TIMEOUT_SECONDS = 3_600n
const GAS_MARGIN = 1.4
const POLL_MS = 100

/** Opens an account on a chain. Throws for a chain that is not on this machine: the keys are public. */
export async function openTrader(chain: TraderChain, role: DevnetRole = 'trader'): Promise<Trader> {
  const { prefix } = chain
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(testMnemonic(role, chain.rpcUrl), { prefix })
  const [account] = await wallet.getAccounts()
  const address = account?.address ?? ''
  const registry = new Registry(defaultRegistryTypes)
  registry.register(TRANSFER, MsgTransfer as unknown as GeneratedType)
  const client = await SigningStargateClient.connectWithSigner(chain.rpcUrl, wallet, {
    registry,
    gasPrice: GasPrice.fromString(`${chain.gasPrice}${chain.feeDenom}`),
    broadcastPollIntervalMs: POLL_MS,
  })
  return {
    address,
    balance: async (denom) => BigInt((await client.getBalance(address, denom)).amount),
    async transfer(terms) {
      const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + TIMEOUT_SECONDS
      const message = transferMessage(address, terms, timeoutSeconds)
      const result = await client.signAndBroadcast(address, [message], GAS_MARGIN)
      if (result.code !== 0)
        throw new Error(`transaction ${result.transactionHash} failed: ${result.rawLog ?? ''}`)
      const { transactionHash: transaction, height } = result
      return { transaction, height, sequence: sentSequence(result.events) }
    },
    close: () => client.disconnect(),
  }
}

function transferMessage(sender: string, terms: TransferTerms, timeoutSeconds: bigint) {
  const value = MsgTransfer.fromPartial({
    sourcePort: 'transfer',
    sourceChannel: terms.client,
    token: { denom: terms.denom, amount: terms.amount.toString() },
    sender,
    receiver: terms.receiver,
    timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
    timeoutTimestamp: timeoutSeconds,
  })
  return { typeUrl: TRANSFER, value }
}

type Events = readonly {
  readonly type: string
  readonly attributes: readonly { key: string; value: string }[]
}[]

function sentSequence(events: Events): bigint {
  const sent = events.find(({ type }) => type === 'send_packet')
  const sequence = sent?.attributes.find(({ key }) => key === 'packet_sequence')?.value
  if (sequence === undefined) throw new Error('the transaction sent no packet')
  return BigInt(sequence)
}
