// Deposits from a Cosmos chain, by CosmJS: a transfer over IBC v2.
import { Registry, isOfflineDirectSigner } from '@cosmjs/proto-signing'
import type { AccountData, EncodeObject, GeneratedType, OfflineSigner } from '@cosmjs/proto-signing'
import {
  BroadcastTxError,
  GasPrice,
  SigningStargateClient,
  calculateFee,
  defaultRegistryTypes,
} from '@cosmjs/stargate'
import type { DeliverTxResponse } from '@cosmjs/stargate'
import { fromBech32, isProtocolError, sha256, toBech32, toHexUpper } from '@causeway/primitives'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { errors } from '../errors.ts'
import type { CosmosWallet } from '../wallets/cosmos-wallet.ts'
import type { CosmosChain, CosmosToken } from './config.ts'
import type { DepositOrder, DepositPacket } from './deposit.ts'

const TRANSFER = '/ibc.applications.transfer.v1.MsgTransfer'
const GAS_MARGIN = 1.4
const POLL_MS = 250
const INCLUSION_MS = 60_000

/**
 * Sends a token to the hub. The wallet's key signs under the chain's own prefix, whatever prefix the wallet
 * shows. Throws `client/60` for what the chain refuses.
 */
export async function depositOnCosmos(
  chain: CosmosChain,
  token: CosmosToken,
  wallet: CosmosWallet,
  order: DepositOrder,
): Promise<DepositPacket> {
  const registry = new Registry(defaultRegistryTypes)
  registry.register(TRANSFER, MsgTransfer as unknown as GeneratedType)
  const sender = withPrefix(wallet.nativeAddress, chain.prefix)
  let client: SigningStargateClient | undefined
  try {
    client = await SigningStargateClient.connectWithSigner(chain.rpc, signerOf(wallet, chain.prefix), {
      registry,
      gasPrice: GasPrice.fromString(chain.gasPrice),
      broadcastPollIntervalMs: POLL_MS,
    })
    const got = await client.getChainId()
    if (got !== chain.id) throw errors.otherChain({ expected: chain.id, got })
    return packetOf(chain, await broadcast(client, chain, sender, transfer(chain, token, sender, order)))
  } catch (error) {
    if (isProtocolError(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw errors.chainRefused({ chain: chain.id, reason: reason.slice(0, 512) })
  } finally {
    client?.disconnect()
  }
}

/** Once it is signed, only the chain's own refusal says that it will not be included. */
async function broadcast(
  client: SigningStargateClient,
  chain: CosmosChain,
  sender: string,
  message: EncodeObject,
): Promise<DeliverTxResponse> {
  const gas = Math.ceil((await client.simulate(sender, [message], '')) * GAS_MARGIN)
  const signed = await client.sign(sender, [message], calculateFee(gas, chain.gasPrice), '')
  const bytes = TxRaw.encode(signed).finish()
  try {
    return await client.broadcastTx(bytes, INCLUSION_MS, POLL_MS)
  } catch (error) {
    if (error instanceof BroadcastTxError) throw error
    const txHash = toHexUpper(sha256(bytes))
    throw errors.notSeen({ chain: chain.id, seconds: INCLUSION_MS / 1_000 }, { txHash })
  }
}

function transfer(chain: CosmosChain, token: CosmosToken, sender: string, order: DepositOrder) {
  const value = MsgTransfer.fromPartial({
    sourcePort: 'transfer',
    sourceChannel: chain.client,
    token: { denom: token.denom, amount: order.amount.toString() },
    sender,
    receiver: order.receiver,
    timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
    timeoutTimestamp: order.timeoutSeconds,
  })
  return { typeUrl: TRANSFER, value }
}

function packetOf(chain: CosmosChain, result: DeliverTxResponse): DepositPacket {
  const { code, transactionHash: txHash, height, rawLog, events } = result
  const sent = events.find(({ type }) => type === 'send_packet')
  const sequence = sent?.attributes.find(({ key }) => key === 'packet_sequence')?.value
  if (code !== 0 || sequence === undefined) {
    const reason = code === 0 ? 'it sent no packet' : `code ${code}: ${rawLog ?? ''}`.slice(0, 512)
    throw errors.chainRefused({ chain: chain.id, reason }, { txHash })
  }
  return { txHash, height: height.toString(), sequence }
}

/** The same signer under another prefix: the key is the same, and the documents say what is signed. */
function signerOf({ signer }: CosmosWallet, prefix: string): OfflineSigner {
  const natives = new Map<string, string>()
  const getAccounts = async (): Promise<readonly AccountData[]> =>
    (await signer.getAccounts()).map((account) => {
      const address = withPrefix(account.address, prefix)
      natives.set(address, account.address)
      return { ...account, address }
    })
  const native = (address: string) => natives.get(address) ?? address
  return isOfflineDirectSigner(signer)
    ? { getAccounts, signDirect: (address, document) => signer.signDirect(native(address), document) }
    : { getAccounts, signAmino: (address, document) => signer.signAmino(native(address), document) }
}

function withPrefix(address: string, prefix: string): string {
  const own = address.slice(0, address.lastIndexOf('1'))
  return toBech32(prefix, fromBech32(address, own))
}
