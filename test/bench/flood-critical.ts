// The critical transactions of the flood benchmark: packets, bids, cancels, orders that reduce, top-ups.
import { createHash } from 'node:crypto'
import type { Any } from '@causeway/protocol'
import {
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import { MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { CriticalSender } from '../hostile/critical-sender.ts'
import type { FloodTrader } from './flood-trader.ts'
import { jsonRpc, postJson } from './hub-under-load.ts'
import type { Rpc } from './hub-under-load.ts'

/** Between two transactions of one sender. */
export const PAUSE_MS = 40

/** A critical transaction and what became of it. */
export interface Sample {
  readonly kind: string
  readonly hash: string
  /** The height that was committed when it was admitted, or what it was refused with. */
  readonly height: number
  readonly refusal: string | undefined
}

/** Who sends what is critical, and until when. */
export interface CriticalLoad {
  readonly url: string
  /** Who cancels, reduces and is paid. */
  readonly honest: readonly FloodTrader[]
  /** Ten: four bring packets, four top up, two bid. */
  readonly wallets: readonly CriticalSender[]
  readonly isOver: () => boolean
}

/** Sends one after the other of each kind until it is over. */
export async function sendCritical(load: CriticalLoad): Promise<Sample[]> {
  const { url, honest, wallets, isOver } = load
  const samples: Sample[] = []
  const run = async (kind: string, next: (i: number) => Uint8Array | undefined): Promise<void> => {
    for (let i = 0; !isOver(); i++) {
      const tx = next(i)
      if (tx === undefined) return
      samples.push({ kind, ...(await submit(url, tx)) })
      await pause(PAUSE_MS)
    }
  }
  const many = (
    kind: string,
    from: number,
    to: number,
    message: (i: number, wallet: CriticalSender) => Any,
  ) => wallets.slice(from, to).map((wallet) => run(kind, (i) => wallet.sign(message(i, wallet))))
  const sold = new OnSale(load)
  await Promise.all([
    ...many('packet', 0, 4, (_, wallet) => receive(wallet)),
    ...many('top-up', 4, 8, (i, wallet) => topUp(wallet, honest[i % honest.length]!)),
    ...wallets.slice(8).map(async (wallet) => {
      for (let i = 0; !isOver(); i++) {
        const account = await sold.next(i)
        if (account !== undefined)
          samples.push({ kind: 'bid', ...(await submit(url, wallet.sign(bid(wallet, account)))) })
        await pause(PAUSE_MS)
      }
    }),
    run('cancel', () => nextCancel(honest)),
    run('reduce-only order', (i) => honest[(i * 7) % honest.length]!.reduce()),
  ])
  return samples
}

/** Cancels of orders that rest since genesis, one after the other; nothing when none is left. */
function nextCancel(honest: readonly FloodTrader[]): Uint8Array | undefined {
  for (const trader of honest) {
    const tx = trader.cancelNext()
    if (tx !== undefined) return tx
  }
  return undefined
}

/** Accounts under liquidation, asked for again every second. */
class OnSale {
  readonly #rpc: Rpc
  #known: readonly string[] = []
  #at = -Infinity

  constructor({ url }: CriticalLoad) {
    this.#rpc = jsonRpc(url)
  }

  async next(i: number): Promise<string | undefined> {
    if (performance.now() - this.#at > 1_000) {
      this.#at = performance.now()
      const data = Buffer.from(QueryLiquidationsRequest.encode({ after: '', limit: 0 }).finish())
      const path = '/causeway.liquidation.v1.Query/Liquidations'
      const { response } = (await this.#rpc('abci_query', { path, data: data.toString('hex') })) as {
        response: { value: string }
      }
      const { liquidations } = QueryLiquidationsResponse.decode(Buffer.from(response.value, 'base64'))
      this.#known = liquidations.map(({ account }) => account)
    }
    return this.#known[i % this.#known.length]
  }
}

/** Lane 1; it fails when it runs: there is no such packet. */
export function receive({ address }: CriticalSender): Any {
  const value = MsgRecvPacket.encode({ ...MsgRecvPacket.fromPartial({}), signer: address }).finish()
  return { typeUrl: '/ibc.core.channel.v2.MsgRecvPacket', value }
}

/** Lane 3: a token to an account with positions. */
export function topUp({ address }: CriticalSender, to: FloodTrader): Any {
  const amount = [{ denom: 'ucway', amount: '1' }]
  const value = MsgSend.encode({ fromAddress: address, toAddress: to.address, amount }).finish()
  return { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value }
}

/** Lane 2: a thousandth of what an account under liquidation has. */
export function bid({ address }: CriticalSender, account: string): Any {
  const terms = { underlying: 0n, shareE9: 1_000_000n, maxPriceE6: `${10n ** 15n}` }
  const value = MsgBid.encode({ bidder: address, account, ...terms }).finish()
  return { typeUrl: '/causeway.liquidation.v1.MsgBid', value }
}

/** Sends it and asks for the height in one: what is committed when it has been admitted. */
async function submit(url: string, tx: Uint8Array): Promise<Omit<Sample, 'kind'>> {
  const hash = createHash('sha256').update(tx).digest('hex')
  const calls = [
    {
      jsonrpc: '2.0',
      id: 0,
      method: 'broadcast_tx_sync',
      params: { tx: Buffer.from(tx).toString('base64') },
    },
    { jsonrpc: '2.0', id: 1, method: 'status', params: {} },
  ]
  const answers = (await postJson(url, calls)) as {
    id: number
    result?: { code?: number; log?: string; sync_info?: { latest_block_height: string } }
  }[]
  const [sent, status] = [0, 1].map((id) => answers.find((answer) => answer.id === id)?.result)
  const height = Number(status!.sync_info!.latest_block_height)
  return { hash, height, refusal: sent?.code === 0 ? undefined : (sent?.log ?? 'no answer') }
}

/** The latest height of a node. */
export async function heightOf(rpc: Rpc): Promise<number> {
  const status = (await rpc('status', {})) as { sync_info: { latest_block_height: string } }
  return Number(status.sync_info.latest_block_height)
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
