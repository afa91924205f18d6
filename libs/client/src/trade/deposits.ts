// Deposits: sent on their chain, carried by relayers, credited on the hub.
import { ERROR_ACKNOWLEDGEMENT, acknowledgementCommitment } from '@causeway/messaging'
import { equalBytes } from '@causeway/primitives'
import {
  QueryPacketAcknowledgementRequest,
  QueryPacketAcknowledgementResponse,
  QueryPacketReceiptRequest,
  QueryPacketReceiptResponse,
} from '@causeway/protocol/ibc/core/channel/v2/query'
import { holderText, checkSubaccount } from '../address.ts'
import type { CollateralChain } from '../chains/config.ts'
import { depositOnCosmos } from '../chains/cosmos-deposit.ts'
import type { DepositPacket } from '../chains/deposit.ts'
import { depositOnEvm } from '../chains/evm-deposit.ts'
import { depositOnSolana } from '../chains/solana-deposit.ts'
import { toPositiveUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import { eventsAt } from '../rpc/events.ts'
import { listAt, membersOf, objectAt } from '../rpc/members.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'
import type { CosmosWallet } from '../wallets/cosmos-wallet.ts'
import type { EvmWallet } from '../wallets/evm-wallet.ts'
import type { SolanaWallet } from '../wallets/solana-wallet.ts'
import type { Signer } from '../wallets/wallet.ts'
import type { TraderContext } from './context.ts'

/** What is deposited. */
export interface DepositTerms {
  /** Id of a configured chain. */
  readonly chain: string
  /** Symbol of one of its tokens. */
  readonly token: string
  /** In 1.0 of the token. */
  readonly amount: string
  readonly subaccount?: number
  /** How long relayers have; then it comes back. Default 3 hours. */
  readonly timeoutSeconds?: number
}

/** A deposit under way. */
export interface Deposit extends DepositPacket {
  readonly chain: string
  readonly token: string
  readonly amount: string
  readonly receiver: string
  /** That chain's client on the hub: with the sequence it names the packet. */
  readonly hubClient: string
}

/** What became of a deposit. */
export interface CreditedDeposit {
  /** `refused`: the hub did not take it, and it goes back to the depositor. */
  readonly status: 'credited' | 'refused'
  /** Decimal base units, where the node's index tells. */
  readonly amount?: string
}

/** Deposits of a trader. */
export interface DepositActions {
  /**
   * Deposits from a configured chain; gives the packet once a block there holds it. The trader's wallet pays,
   * or the one named. Throws `client/24` – `client/26`, `client/60`.
   */
  deposit(
    terms: DepositTerms,
    options?: { readonly wallet?: EvmWallet | CosmosWallet | SolanaWallet },
  ): Promise<Deposit>
  /** Waits until the hub has received a deposit. Throws `client/64` when it has not in time. */
  awaitDeposit(deposit: Deposit, options?: { readonly waitSeconds?: number }): Promise<CreditedDeposit>
}

const TIMEOUT_SECONDS = 3 * 3_600
const TIMEOUT_SECONDS_MAX = 24 * 3_600
const WAIT_SECONDS = 1_800
const POLL_MS = 1_000
const EVENT = 'causeway.transfer.v1.credit'
const REFUSED = acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT])
const acknowledgementQuery = queryOf(
  'ibc.core.channel.v2',
  'PacketAcknowledgement',
  QueryPacketAcknowledgementRequest,
  QueryPacketAcknowledgementResponse,
)
const receiptQuery = queryOf(
  'ibc.core.channel.v2',
  'PacketReceipt',
  QueryPacketReceiptRequest,
  QueryPacketReceiptResponse,
)

const WALLETS = { evm: 'an EVM wallet', cosmos: 'a Cosmos wallet', solana: 'a Solana wallet' } as const

/** The deposits of a trader. */
export function depositActions(context: TraderContext): DepositActions {
  const { hub, chains, subaccount } = context
  return {
    async deposit(terms, options = {}) {
      const chain = chains.find(({ id }) => id === terms.chain)
      if (chain === undefined) throw errors.unknownCollateralChain({ chain: terms.chain })
      const { timeoutSeconds = TIMEOUT_SECONDS } = terms
      if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 60 || timeoutSeconds > TIMEOUT_SECONDS_MAX) {
        throw errors.badArgument({ name: 'timeoutSeconds', expected: `60 to ${TIMEOUT_SECONDS_MAX}` })
      }
      // The trader's own address, never one that the node tells: the hub knows which account it names.
      const receiver = holderText(context.address, checkSubaccount(terms.subaccount ?? subaccount))
      const until = BigInt(Math.floor(hub.clock.now() / 1_000) + timeoutSeconds)
      const packet = await depositFrom(chain, terms, options.wallet ?? context.wallet, {
        receiver,
        timeoutSeconds: until,
      })
      const { token, amount } = terms
      return { ...packet, chain: chain.id, token, amount, receiver, hubClient: chain.hubClient }
    },
    awaitDeposit: (deposit, { waitSeconds = WAIT_SECONDS } = {}) => awaitCredit(hub, deposit, waitSeconds),
  }
}

async function depositFrom(
  chain: CollateralChain,
  { token: symbol, amount: text }: DepositTerms,
  wallet: Signer,
  order: { readonly receiver: string; readonly timeoutSeconds: bigint },
): Promise<DepositPacket> {
  if (wallet.kind !== chain.kind) {
    throw errors.wrongWallet({ needed: `${WALLETS[chain.kind]} to pay on ${chain.id}`, got: wallet.kind })
  }
  const unknown = () => errors.unknownToken({ token: symbol, where: chain.id })
  const terms = (decimals: number) => ({ ...order, amount: toPositiveUnits(text, decimals, 'amount') })
  if (chain.kind === 'evm') {
    const token = chain.tokens.find((each) => each.symbol === symbol)
    if (token === undefined) throw unknown()
    return await depositOnEvm(chain, token, wallet as EvmWallet, terms(token.decimals))
  }
  if (chain.kind === 'solana') {
    const token = chain.tokens.find((each) => each.symbol === symbol)
    if (token === undefined) throw unknown()
    return await depositOnSolana(chain, token, wallet as SolanaWallet, terms(token.decimals))
  }
  const token = chain.tokens.find((each) => each.symbol === symbol)
  if (token === undefined) throw unknown()
  return await depositOnCosmos(chain, token, wallet as CosmosWallet, terms(token.decimals))
}

async function awaitCredit(hub: Hub, deposit: Deposit, waitSeconds: number): Promise<CreditedDeposit> {
  const { hubClient: clientId, sequence } = deposit
  const deadline = hub.clock.now() + waitSeconds * 1_000
  for (;;) {
    const request = { clientId, sequence: BigInt(sequence) }
    const { received } = await ask(hub.rpc, receiptQuery, request)
    if (received) return await creditOf(hub, deposit)
    if (hub.clock.now() >= deadline)
      throw errors.notCredited({ sequence, client: clientId, seconds: waitSeconds })
    await hub.clock.sleep(POLL_MS)
  }
}

/** What the hub answered a packet that it received: the acknowledgement that it stores in the same block. */
async function creditOf(hub: Hub, { hubClient, sequence }: Deposit): Promise<CreditedDeposit> {
  const request = { clientId: hubClient, sequence: BigInt(sequence) }
  const { acknowledgement } = await ask(hub.rpc, acknowledgementQuery, request)
  if (equalBytes(acknowledgement, REFUSED)) return { status: 'refused' }
  return { status: 'credited', ...(await creditedAmount(hub, hubClient, sequence)) }
}

/** Of the hub's event, which a node's index may not hold yet, or not any more. */
async function creditedAmount(
  hub: Hub,
  hubClient: string,
  sequence: string,
): Promise<Pick<CreditedDeposit, 'amount'>> {
  const query = `${EVENT}.client='${hubClient}' AND ${EVENT}.sequence='${sequence}'`
  const params = { query, prove: false, page: '1', per_page: '1', order_by: 'asc' }
  const [found] = listAt(await hub.rpc.call('tx_search', params), 'txs', 'tx_search', 1)
  if (found === undefined) return {}
  const result = objectAt(membersOf(found, 'tx_search'), 'tx_result', 'tx_search')
  const credit = eventsAt(result, 'events', 'tx_search').find(
    ({ type, attributes }) =>
      type === EVENT && attributes['client'] === hubClient && attributes['sequence'] === sequence,
  )
  const amount = credit?.attributes['amount']
  return amount === undefined ? {} : { amount }
}
