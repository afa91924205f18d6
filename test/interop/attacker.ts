import { DirectSecp256k1HdWallet, Registry } from '@cosmjs/proto-signing'
import type { EncodeObject } from '@cosmjs/proto-signing'
import { SigningStargateClient } from '@cosmjs/stargate'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { sha256 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { TxMsgData } from '@causeway/protocol/cosmos/base/abci/v1beta1/abci'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { MsgRecvPacketResponse, ResponseResultType } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { waitFor } from './processes.ts'

/**
 * What became of a transaction: `ok`; `noop` when a packet message said that it did nothing;
 * `codespace/code` of the result; that after `mempool:` when CheckTx refused it.
 */
export interface Verdict {
  readonly outcome: string
  readonly log: string
  /** Responses of the attack's messages. */
  readonly responses: readonly Any[]
}

/** What differs from an honest signature. */
export interface Forgery {
  readonly memo?: string
  readonly chainId?: string
}

/** Somebody with an account and no scruples. */
export interface Attacker {
  readonly address: string
  /** Signs messages as they are, however malformed, and reads what became of them by the RPC's `tx`. */
  deliver(messages: readonly Any[], forgery?: Forgery): Promise<Verdict>
  close(): void
}

const GAS = '10000000'
const TX_BODY = '/cosmos.tx.v1beta1.TxBody'
const SEND = '/cosmos.bank.v1beta1.MsgSend'

/**
 * Connects an attacker. In CheckTx ibc-go's ante handler runs packet messages and refuses what is hopeless,
 * the hub what is redundant, except beside another message: a payment to oneself in `escortDenom` goes first,
 * so that the block itself must refuse.
 */
export async function connectAttacker(
  chain: {
    readonly id: string
    readonly rpcUrl: string
    readonly prefix: string
    readonly escortDenom: string
  },
  mnemonic: string,
): Promise<Attacker> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: chain.prefix })
  const address = (await wallet.getAccounts())[0]?.address ?? ''
  const registry = new VerbatimRegistry()
  const client = await SigningStargateClient.connectWithSigner(chain.rpcUrl, wallet, { registry })
  const comet = await Comet38Client.connect(chain.rpcUrl)
  const { accountNumber, sequence: first } = await client.getSequence(address)
  const escort = [paymentToSelf(address, chain.escortDenom)]
  let sequence = first
  let last: Promise<unknown> = Promise.resolve()

  const broadcast = async (messages: readonly Any[], { memo = '', chainId = chain.id }: Forgery) => {
    const signer = { accountNumber, sequence, chainId }
    const signed = await client.sign(
      address,
      [...escort, ...messages],
      { amount: [], gas: GAS },
      memo,
      signer,
    )
    const tx = TxRaw.encode(signed).finish()
    const answer = await comet.broadcastTxSync({ tx })
    if (answer.code === 0) sequence += 1
    return { hash: sha256(tx), answer }
  }
  return {
    address,
    async deliver(messages, forgery = {}) {
      const sending = last.then(() => broadcast(messages, forgery))
      last = sending.catch(() => undefined)
      const { hash, answer } = await sending
      const { code, codespace = '', log = '' } = answer
      if (code !== 0) return { outcome: `mempool:${codespace}/${code}`, log, responses: [] }
      const { result } = await waitFor('the transaction', () => comet.tx({ hash }).catch(() => undefined))
      if (result.code !== 0) {
        return { outcome: `${result.codespace}/${result.code}`, log: result.log ?? '', responses: [] }
      }
      const { msgResponses } = TxMsgData.decode(result.data ?? new Uint8Array())
      const responses = msgResponses.slice(escort.length)
      return { outcome: responses.some(saysNoop) ? 'noop' : 'ok', log: '', responses }
    },
    close() {
      client.disconnect()
      comet.disconnect()
    },
  }
}

/** Puts message bytes into a transaction without looking at them. */
class VerbatimRegistry extends Registry {
  override encode(object: EncodeObject): Uint8Array<ArrayBuffer> {
    return object.typeUrl === TX_BODY ? super.encode(object) : (object.value as Uint8Array<ArrayBuffer>)
  }
}

function saysNoop({ typeUrl, value }: Any): boolean {
  if (!typeUrl.startsWith('/ibc.core.channel.v2.')) return false
  // The responses to receive, acknowledge and timeout have the same shape.
  return MsgRecvPacketResponse.decode(value).result === ResponseResultType.RESPONSE_RESULT_TYPE_NOOP
}

/** The most harmless message. */
export function paymentToSelf(address: string, denom: string): Any {
  const message = { fromAddress: address, toAddress: address, amount: [{ denom, amount: '1' }] }
  return { typeUrl: SEND, value: MsgSend.encode(message).finish() }
}
