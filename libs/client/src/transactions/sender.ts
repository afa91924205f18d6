// Signs and sends: trade messages by nonce, side by side; everything else by sequence, one after another.
import { SIGN_MODE, transactionText } from '@causeway/protocol'
import { SimulateRequest, SimulateResponse } from '@causeway/protocol/cosmos/tx/v1beta1/service'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { errors, isClientError, isNodeFault } from '../errors.ts'
import { ask } from '../rpc/queries.ts'
import { broadcast, isRoomless, transactionHash } from '../rpc/transactions.ts'
import type { IncludedTransaction } from '../rpc/transactions.ts'
import type { Message, Signer, UnsignedTransaction } from '../wallets/wallet.ts'
import type { AccountFacts, Accounts } from './accounts.ts'
import { encodeParts, encodeTransaction } from './encode.ts'
import type { Fee, Fees } from './fees.ts'
import type { Hub } from './hub.ts'
import { awaitInclusion } from './inclusion.ts'
import type { Pending } from './inclusion.ts'
import type { TradeMessage } from './messages.ts'
import { createNonces } from './nonces.ts'
import { createQueue } from './queue.ts'

/** How a transaction is sent. */
export interface SendOptions {
  /** How long to wait for a block. Default 30 s. */
  readonly waitSeconds?: number
  /** Shown in the wallet and stored with the transaction; at most 256 bytes. */
  readonly memo?: string
}

/** Sends transactions to one hub. */
export interface Sender {
  /** A nonce that no transaction of this sender has. */
  nonce(): bigint
  /** Hands trade messages over: authenticated by a nonce, free while tokens last, else for the least fee. */
  offerTrade(
    signer: Signer,
    account: string,
    trades: readonly TradeMessage[],
    options?: SendOptions,
  ): Promise<Pending & { readonly nonce: bigint }>
  /** The same, and waits for the block. */
  trade(
    signer: Signer,
    account: string,
    trades: readonly TradeMessage[],
    options?: SendOptions,
  ): Promise<IncludedTransaction>
  /** Sends other messages and waits for the block: one transaction of an account at a time. */
  send(
    signer: Signer,
    account: string,
    list: readonly Message[],
    options?: SendOptions,
  ): Promise<IncludedTransaction>
}

/** Gas that a trade transaction asks for with each token: all that it may. */
const TRADE_GAS = 30_000n
const WAIT_SECONDS = 30
/** Blocks until a transaction that nobody included is void. */
const TIMEOUT_BLOCKS = 300n
/** What a simulation does not know of: a key, a longer signature, the fee; and some room. */
const UNSIMULATED_BYTES = 200n
const GAS_BYTE = 5n
const MEMO_BYTES_MAX = 256
/** Gas by which two clients of one wallet differ: else one transaction could pass for both of theirs. */
const SALT_MAX = 4_096

const simulateQuery = {
  path: '/cosmos.tx.v1beta1.Service/Simulate',
  request: SimulateRequest,
  response: SimulateResponse,
  responseType: 'cosmos.tx.v1beta1.SimulateResponse',
}

/** A sender for a hub. Nonces are never given twice while it lives. */
export function createSender(hub: Hub, accounts: Accounts, fees: Fees): Sender {
  const nonces = createNonces(() => hub.clock.now())
  const queue = createQueue()
  const salt = BigInt(crypto.getRandomValues(new Uint32Array(1))[0]! % SALT_MAX)
  const offerTrade: Sender['offerTrade'] = async (signer, account, trades, options = {}) => {
    const tokens = trades.reduce((sum, each) => sum + each.tokens, 0)
    const draft = {
      list: trades.map(({ message }) => message),
      gasLimit: TRADE_GAS * BigInt(tokens),
      memo: checkedMemo(options.memo),
    }
    const facts = await accounts.resolve(account)
    // One nonce, with a fee or without: the hub takes one of the two, whatever a node says of the first.
    const nonce = nonces.next()
    const offer = async (fee: Fee | undefined) => {
      const pending = await signAndOffer(hub, signer, facts, { ...draft, fee, order: { nonce } })
      return { ...pending, nonce }
    }
    try {
      return await offer(undefined)
    } catch (error) {
      if (!isRefusal(error, 'tx', 13)) throw error
      return await offer(await fees.feeFor(facts.address, draft.gasLimit))
    }
  }
  return {
    nonce: () => nonces.next(),
    offerTrade,
    async trade(signer, account, trades, options = {}) {
      const pending = await offerTrade(signer, account, trades, options)
      return await awaitInclusion(hub, pending, options.waitSeconds ?? WAIT_SECONDS)
    },
    async send(signer, account, list, options = {}) {
      if (signer.kind === 'session') throw errors.sessionOnly({ what: 'do that' })
      const memo = checkedMemo(options.memo)
      const facts = await accounts.resolve(account)
      return await queue.run(facts.address, async () => {
        const once = async () => {
          const sequence = await accounts.sequence(facts.address)
          const draft = { list, memo, order: { sequence } }
          const gasLimit = (await gasFor(hub, facts, draft)) + salt
          const fee = await fees.feeFor(facts.address, gasLimit)
          return await signAndOffer(hub, signer, facts, { ...draft, gasLimit, fee })
        }
        const pending = await once().catch(async (error: unknown) => {
          if (isRefusal(error, 'tx', 32)) return await once() // by simulation: nothing was signed
          throw error
        })
        return await awaitInclusion(hub, pending, options.waitSeconds ?? WAIT_SECONDS)
      })
    },
  }
}

/** What is sent. */
interface Draft {
  readonly list: readonly Message[]
  readonly memo: string
  readonly order: UnsignedTransaction['order']
}

async function signAndOffer(
  hub: Hub,
  signer: Signer,
  facts: AccountFacts,
  draft: Draft & { readonly gasLimit: bigint; readonly fee: Fee | undefined },
): Promise<Pending> {
  const untilHeight = (await hub.height()) + TIMEOUT_BLOCKS
  const unsigned = unsignedOf(hub, facts, { ...draft, timeoutHeight: untilHeight })
  const bytes = encodeTransaction(unsigned, await signer.sign(unsigned))
  const txHash = transactionHash(bytes)
  try {
    await broadcast(hub.rpc, bytes)
  } catch (error) {
    // The sequence was right when it was signed: another transaction took it, or this one, on its way.
    const isTaken = isRefusal(error, 'tx', 32)
    if (!isTaken && (!isNodeFault(error) || isRoomless(error))) throw error
    throw errors.unknownOutcome({ txHash, seconds: 0, untilHeight: `${untilHeight}` }, { txHash })
  }
  return { txHash, untilHeight }
}

function unsignedOf(
  hub: Hub,
  { address, number }: AccountFacts,
  draft: Draft & { readonly gasLimit: bigint; readonly fee: Fee | undefined; readonly timeoutHeight: bigint },
): UnsignedTransaction {
  const { list, memo, order, gasLimit, fee, timeoutHeight } = draft
  return {
    chainId: hub.chainId,
    account: address,
    accountNumber: number,
    order,
    fee,
    gasLimit,
    memo,
    timeoutHeight,
    messages: list,
  }
}

/**
 * The gas that a transaction will take, by simulation, with room. Throws what the hub would refuse it with.
 */
async function gasFor(hub: Hub, facts: AccountFacts, draft: Draft): Promise<bigint> {
  const timeoutHeight = (await hub.height()) + TIMEOUT_BLOCKS
  const unsigned = unsignedOf(hub, facts, { ...draft, gasLimit: 0n, fee: undefined, timeoutHeight })
  const { bodyBytes, authInfoBytes } = encodeParts(unsigned, { key: undefined, mode: SIGN_MODE.direct })
  const txBytes = TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [new Uint8Array(65)] }).finish()
  const { gasInfo } = await ask(hub.rpc, simulateQuery, { tx: undefined, txBytes })
  const signedBytes = BigInt(transactionText(unsigned).length + txBytes.length)
  return ((gasInfo?.gasUsed ?? 0n) * 5n) / 4n + GAS_BYTE * (signedBytes + UNSIMULATED_BYTES)
}

function checkedMemo(memo = ''): string {
  if (new TextEncoder().encode(memo).length <= MEMO_BYTES_MAX) return memo
  throw errors.badArgument({ name: 'memo', expected: `at most ${MEMO_BYTES_MAX} bytes` })
}

function isRefusal(error: unknown, codespace: string, code: number): boolean {
  return isClientError(error) && error.codespace === codespace && error.code === code
}
