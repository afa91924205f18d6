import { DirectSecp256k1HdWallet, Registry } from '@cosmjs/proto-signing'
import type { GeneratedType } from '@cosmjs/proto-signing'
import { defaultRegistryTypes, SigningStargateClient } from '@cosmjs/stargate'
import { Comet38Client, HttpClient } from '@cosmjs/tendermint-rpc'
import type { RpcClient } from '@cosmjs/tendermint-rpc'

import { MsgDelegate } from '@causeway/protocol/causeway/staking/v1/tx'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'

/** A transfer over IBC v2 as a user's program writes it. */
export interface TransferTerms {
  readonly client: string
  readonly denom?: string
  readonly amount: bigint
  readonly receiver: string
  readonly timeoutSeconds: bigint
}

/** A user of a Cosmos chain, on stock CosmJS. */
export interface CosmosUser {
  readonly address: string
  balance(denom: string): Promise<bigint>
  /** One transaction with these transfers; its height. Throws when it fails. */
  transfer(...transfers: TransferTerms[]): Promise<number>
  /** Messages of any registered type in one transaction; its height. */
  send(...messages: { typeUrl: string; value: unknown }[]): Promise<number>
  close(): void
}

const TRANSFER = '/ibc.applications.transfer.v1.MsgTransfer'
const SEND_PACKET = '/ibc.core.channel.v2.MsgSendPacket'
const DELEGATE = '/causeway.staking.v1.MsgDelegate'
const GAS_PER_MESSAGE = 400_000

/** Connects a user of a chain. `prefix` and `feeDenom` are the chain's. */
export async function cosmosUser(
  rpcUrl: string,
  mnemonic: string,
  { prefix = 'cosmos', fee = [] as { denom: string; amount: string }[] } = {},
): Promise<CosmosUser> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix })
  const [account] = await wallet.getAccounts()
  const address = account?.address ?? ''
  const registry = new Registry(defaultRegistryTypes)
  registry.register(TRANSFER, MsgTransfer as unknown as GeneratedType)
  registry.register(SEND_PACKET, MsgSendPacket as unknown as GeneratedType)
  registry.register(DELEGATE, MsgDelegate as unknown as GeneratedType)
  const client = SigningStargateClient.createWithSigner(Comet38Client.create(patientHttp(rpcUrl)), wallet, {
    registry,
    broadcastPollIntervalMs: 100,
  })
  const send = async (...messages: { typeUrl: string; value: unknown }[]) => {
    const gas = `${100_000 + GAS_PER_MESSAGE * messages.length}`
    const result = await client.signAndBroadcast(address, messages, { amount: fee, gas })
    if (result.code !== 0) throw new Error(`transaction failed: ${result.rawLog}`)
    return result.height
  }
  return {
    address,
    balance: async (denom) => BigInt((await client.getBalance(address, denom)).amount),
    transfer: (...transfers) => send(...transfers.map((terms) => transferMessage(address, terms))),
    send,
    close: () => client.disconnect(),
  }
}

/** CosmJS's own client, asking once more when a kept-alive connection was closed under the request. */
function patientHttp(rpcUrl: string): RpcClient {
  const http = new HttpClient(rpcUrl)
  return {
    execute: (request) =>
      http.execute(request).catch((error: unknown) => {
        if (!(error instanceof TypeError)) throw error
        return http.execute(request)
      }),
    disconnect: () => http.disconnect(),
  }
}

function transferMessage(sender: string, terms: TransferTerms) {
  const value = MsgTransfer.fromPartial({
    sourcePort: 'transfer',
    sourceChannel: terms.client,
    token: { denom: terms.denom ?? 'stake', amount: terms.amount.toString() },
    sender,
    receiver: terms.receiver,
    timeoutTimestamp: terms.timeoutSeconds,
    encoding: 'application/x-protobuf',
  })
  return { typeUrl: TRANSFER, value }
}
