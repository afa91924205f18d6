import { CollateralVault, StandbyLines } from '@causeway/contracts-evm'
import { connect, evmWallet } from '@causeway/client'
import type { Causeway, Trader } from '@causeway/client'
import { createAddressCodec } from '@causeway/hub'
import { QueryMarginCallsRequest, QueryMarginCallsResponse } from '@causeway/protocol/causeway/calls/v1/query'
import type { Relayer } from '@causeway/relayer'
import { bytesToHex, parseAbi, parseEventLogs } from 'viem'
import type { Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { waitFor } from './processes.ts'
import { MNEMONICS } from './relayer-evm-hub.ts'
import { openStage } from './relayer-evm-stage.ts'
import type { Stage } from './relayer-evm-stage.ts'

/*
 * The hub and an Ethereum joined by the relayer, with a market of ether on the hub: a trader who is long, and
 * who has standby lines in the real contract.
 */

/** 1.0 of ether. */
export const ETHER = 10n ** 18n
const E9 = 10n ** 9n
const TOKEN = parseAbi(['function deposit() payable', 'function approve(address, uint256) returns (bool)'])

const UNDERLYING = {
  ...{ denom: 'weth', name: 'ETH', tier: 1 as const },
  perpetual: { tickE9: 10_000_000n, lotE9: 100_000_000n },
  ...{ ownerCapE9: 1_000_000n * E9, openInterestCapE9: 10_000_000n * E9 },
  ...{ openNotionalLowerE6: 10n ** 15n, openNotionalUpperE6: 10n ** 16n },
}

/** Everything that stands. */
export interface StandbyStage {
  readonly stage: Stage
  readonly relayer: Relayer
  readonly causeway: Causeway
  /** Long ETH; its wallet is the stage's depositor. */
  readonly trader: Trader
  /** Locks so much ether for the trader, and waits until the hub knows it; the line's id. */
  lock(amount: bigint, expirySeconds: bigint): Promise<Hex>
  /** ETH comes to a price by steps that the oracle takes. */
  crash(price: bigint): Promise<void>
  marginCalls(): Promise<QueryMarginCallsResponse>
  /** Events of the hub's blocks so far by type: their attributes. */
  told(type: string): Promise<Record<string, string>[]>
}

/** Starts all, with a relayer; the trader is long so many ETH at 2,500 with 10 deposited. */
export async function openStandbyStage(long: string): Promise<StandbyStage> {
  const price = { e9: 2_500n * E9 }
  const stage = await openStage({
    underlyings: [UNDERLYING],
    priceSource: (_, publishTimeSeconds) => [{ asset: 2n, priceE9: price.e9, publishTimeSeconds }],
  })
  const relayer = await stage.start()
  // Polled: a kept-alive connection may be closed under a request, as in simd-user.ts
  const causeway = await waitFor('the hub', async () => await connect({ rpc: stage.hub.rpcUrl }))
  const [trader, maker] = [1, 3].map((addressIndex) =>
    causeway.trader(evmWallet(mnemonicToAccount(MNEMONICS.trader, { addressIndex }))),
  ) as [Trader, Trader]
  await deposit(stage, causeway, { to: trader.address, value: 10n * ETHER })
  await deposit(stage, causeway, { to: maker.address, value: 200n * ETHER })
  await maker.order({ market: 'ETH-PERP', side: 'sell', size: long, limit: '2500' })
  await trader.order({ market: 'ETH-PERP', side: 'buy', size: long, limit: '2500' })
  const marginCalls = async () =>
    QueryMarginCallsResponse.decode(
      await query(stage, '/causeway.calls.v1.Query/MarginCalls', {
        data: QueryMarginCallsRequest.encode({ account: trader.address }).finish(),
      }),
    )
  return {
    ...{ stage, relayer, causeway, trader, marginCalls },
    async lock(amount, expirySeconds) {
      const line = await lock(stage, trader, { amount, expirySeconds })
      await waitFor('the line to be known', async () =>
        (await marginCalls()).lines.some((each) => bytesToHex(each.line) === line) ? true : undefined,
      )
      return line
    },
    async crash(target) {
      while (price.e9 !== target * E9) {
        const least = (price.e9 * 97n) / 100n
        price.e9 = target * E9 > least ? target * E9 : least
        const from = stage.hub.height()
        await waitFor('the price to be voted', () => (stage.hub.height() > from + 3n ? true : undefined))
      }
    },
    told: async (type) => await eventsOf(stage, type),
  }
}

async function deposit(
  stage: Stage,
  causeway: Causeway,
  { to, value }: { to: string; value: bigint },
): Promise<void> {
  await mined(stage, {
    ...{ address: stage.contracts.vault, abi: CollateralVault.abi, functionName: 'depositETH', value },
    args: [stage.clients.onEvm, to, soon(600), ''],
  })
  await waitFor('the credit', async () => {
    const { collateral } = await causeway.portfolio(to)
    return collateral.length > 0 ? true : undefined
  })
}

async function lock(
  stage: Stage,
  trader: Trader,
  { amount, expirySeconds }: { amount: bigint; expirySeconds: bigint },
): Promise<Hex> {
  const { wrappedEther: token, standbyLines } = stage.contracts
  await mined(stage, { address: token, abi: TOKEN, functionName: 'deposit', value: amount })
  await mined(stage, { address: token, abi: TOKEN, functionName: 'approve', args: [standbyLines, amount] })
  const account = bytesToHex(createAddressCodec('cway').decode(trader.address))
  const { logs } = await mined(stage, {
    ...{ address: standbyLines, abi: StandbyLines.abi, functionName: 'lock' },
    args: [token, amount, expirySeconds, account, 0, soon(600)],
  })
  const [locked] = parseEventLogs({ abi: StandbyLines.abi, eventName: 'Locked', logs })
  return (locked as unknown as { args: { line: Hex } }).args.line
}

/** A call of the depositor, mined; throws when it fails. */
export async function mined(stage: Stage, call: object) {
  const request = { chain: null, account: stage.depositor.account!, ...call }
  const hash = await stage.depositor.writeContract(request as never)
  const receipt = await stage.evm.waitForTransactionReceipt({ hash })
  if (receipt.status !== 'success') throw new Error(`${JSON.stringify(request)} failed`)
  return receipt
}

/** Seconds from now on. */
export function soon(seconds: number): bigint {
  return BigInt(Math.floor(Date.now() / 1000) + seconds)
}

async function query(stage: Stage, path: string, { data }: { data: Uint8Array }): Promise<Uint8Array> {
  const { response } = (await rpc(stage, 'abci_query', { path, data: bytesToHex(data).slice(2) })) as {
    response: { code: number; value: string; log: string }
  }
  if (response.code !== 0) throw new Error(response.log)
  return new Uint8Array(Buffer.from(response.value ?? '', 'base64'))
}

async function eventsOf(stage: Stage, type: string): Promise<Record<string, string>[]> {
  const told: Record<string, string>[] = []
  for (let height = 1n; height <= stage.hub.height(); height++) {
    const results = (await rpc(stage, 'block_results', { height: height.toString() })) as {
      finalize_block_events: Event[] | null
      txs_results: { events: Event[] }[] | null
    }
    const inTransactions = (results.txs_results ?? []).flatMap(({ events }) => events)
    for (const event of [...(results.finalize_block_events ?? []), ...inTransactions])
      if (event.type === type)
        told.push(Object.fromEntries(event.attributes.map(({ key, value }) => [key, value])))
  }
  return told
}

interface Event {
  readonly type: string
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
}

async function rpc(stage: Stage, method: string, params: object): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  const ask = async () => await fetch(stage.hub.rpcUrl, { method: 'POST', body, headers })
  const answer = await ask().catch(ask)
  return ((await answer.json()) as { result: unknown }).result
}
