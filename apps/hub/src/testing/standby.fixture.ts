// A hub over an Ethereum chain on which a trader is long ETH, with standby lines locked there for him.
import { CLEARING_KINDS, clearingPayload, readClearingPayload, word } from '@causeway/messaging'
import { assert, concatBytes, fromHex, toHex } from '@causeway/primitives'
import { QueryMarginCallsRequest, QueryMarginCallsResponse } from '@causeway/protocol/causeway/calls/v1/query'
import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { ExecTxResult, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createAddressCodec } from '../identifiers.ts'
import { EthereumBridge, WETH } from './ethereum-bridge.fixture.ts'
import { codeOf } from './refusal.fixture.ts'
import { E6, E9, order, perpetual, place } from './trading-hub.fixture.ts'

/** Assets of the bridge's hub. */
export const [USD, ETH] = [2n, 3n]
/** 1.0 of ether. */
export const ETHER = 10n ** 18n
const HOUR = 3_600n

const UNDERLYING = {
  ...{ denom: 'eth', name: 'ETH', tier: 1 as const },
  perpetual: { tickE9: 10_000_000n, lotE9: 100_000_000n },
  ...{ ownerCapE9: 1_000_000n * E9, openInterestCapE9: 10_000_000n * E9 },
  ...{ openNotionalLowerE6: 10n ** 15n, openNotionalUpperE6: 10n ** 16n },
}
const WEIGHTS = { initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }

/** The trader has 20,000 cash and, with the stranger as its other side, is long ETH at 2,000. */
export class StandbyWorld extends EthereumBridge {
  readonly addresses = createAddressCodec('cway')
  readonly prices: Map<bigint, bigint>
  /** All calls that the hub has sent. */
  readonly calls: Packet[] = []
  #seen = 0

  constructor(long = 40n) {
    const prices = new Map([
      [USD, E9],
      [ETH, 2_000n * E9],
    ])
    super({
      hub: {
        priceSource: (_, publishTimeSeconds) =>
          [...prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds })),
      },
      genesis: {
        underlyings: [UNDERLYING],
        assets: [
          { denom: 'usd', decimals: 6, symbol: 'USD', ...WEIGHTS, isConvertible: true },
          { denom: 'eth', decimals: 18, symbol: 'ETH', ...WEIGHTS },
        ],
      },
    })
    this.prices = prices
    this.credit(20_000n * E6)
    this.credit(200_000n * E6, this.stranger.address)
    const market = perpetual(this.driver)
    const terms = { market, limitE9: 2_000n * E9, sizeE9: long * E9 }
    const codes = [
      place(this.driver, this.stranger, order(this.stranger, { ...terms, isBuy: false })),
      place(this.driver, this.trader, order(this.trader, { ...terms, isBuy: true })),
    ]
    assert(codes.join() === '0,0', `refused: ${codes.join()}`)
  }

  /** A line of ether is locked and told; `number` names it, and the owner's address, else a stranger's. */
  lock(
    number: number,
    amount: bigint,
    terms: { token?: string; expirySeconds?: bigint; account?: Uint8Array; owner?: Uint8Array } = {},
  ): ExecTxResult {
    const { token = WETH, expirySeconds = this.driver.timeSeconds + 48n * HOUR } = terms
    const body = concatBytes(
      lineOf(number, terms.owner),
      fromHex(token.slice(2).padStart(64, '0')),
      word(amount),
      word(expirySeconds),
      concatBytes(terms.account ?? this.trader.id, new Uint8Array(12)),
      word(0n),
    )
    return this.receive(this.send(clearingPayload({ kind: CLEARING_KINDS.standbyLocked, body })))
  }

  /** ETH comes to a price by no more than 4 % a block; then one more. */
  moveTo(price: bigint): void {
    for (;;) {
      const now = this.prices.get(ETH)!
      const [least, most] = [(now * 96n) / 100n, (now * 104n) / 100n]
      const target = price * E9
      this.prices.set(ETH, target < least ? least : target > most ? most : target)
      this.driver.block()
      if (now === target) break
    }
    this.watch()
  }

  /** Notes calls that blocks have sent. */
  watch(): void {
    for (const { events } of this.driver.responses.slice(this.#seen)) this.#note(events)
    this.#seen = this.driver.responses.length
  }

  #note(events: ResponseFinalizeBlock['events']): void {
    for (const { type, attributes } of events) {
      if (type !== 'send_packet') continue
      const hex = attributes.find(({ key }) => key === 'encoded_packet_hex')!.value
      const packet = Packet.decode(fromHex(hex))
      if (packet.payloads[0]!.sourcePort === 'clearing') this.calls.push(packet)
    }
  }

  /** Line's number and amount of a call. */
  asked(packet: Packet): { number: number; amount: bigint } {
    const { body } = readClearingPayload(packet.payloads[0]!)
    return { number: body[31]!, amount: BigInt(`0x${toHex(body.subarray(32, 64))}`) }
  }

  /** The vault's deposit of what was pulled comes in; `relayer` is who signs for it. */
  deliverPulled(amount: bigint, token = WETH): ExecTxResult {
    const result = this.receive(this.deposit({ amount, receiver: this.trader.address, token }))
    assert(codeOf(result) === '0', result.log)
    return result
  }

  marginCalls(account = this.trader.address) {
    const data = QueryMarginCallsRequest.encode({ account }).finish()
    return QueryMarginCallsResponse.decode(
      this.driver.query('/causeway.calls.v1.Query/MarginCalls', data).value,
    )
  }

  /** What blocks have told of a type, since a height. */
  told(type: string, from = 0): Record<string, string>[] {
    return this.driver.responses
      .slice(from)
      .flatMap(({ events, txResults }) => [...events, ...txResults.flatMap((result) => result.events)])
      .filter((event) => event.type === type)
      .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
  }
}

/** The id of a line with a number: the owner's address first. */
export function lineOf(number: number, owner: Uint8Array = new Uint8Array(20).fill(number)): Uint8Array {
  return concatBytes(owner, new Uint8Array(12).fill(number))
}
