// Deposits before finality, through a whole hub over an Ethereum chain that reorganises.
import { encodeTransfer, packetCommitmentKey, voucherOf } from '@causeway/messaging'
import {
  QueryPendingCreditsRequest,
  QueryPendingCreditsResponse,
} from '@causeway/protocol/causeway/preview/v1/query'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { describe, expect, it } from 'vitest'
import { exportState } from '../../block/inspect.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { INSURANCE_FUND } from '../../named-accounts.ts'
import { eventsIn } from '../../testing/bridge.fixture.ts'
import { DEPOSITOR, EthereumBridge, THERE, USDC } from '../../testing/ethereum-bridge.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { cashOwed } from '../../testing/debts.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'

const CASH = 1_000_000n
const ABI = 'application/x-solidity-abi'
const fund = createAddressCodec('cway').encode(INSURANCE_FUND.account)

/** A route, an insurance fund of 1,000 usd that came over it, and a trader who owes 100 cash. */
function setUp(parts: { insurance?: bigint; owed?: bigint; params?: Record<string, string> } = {}) {
  const bridge = new EthereumBridge({
    appState: (state) => ({
      ...state,
      ...(parts.params === undefined ? {} : { preview: { params: parts.params } }),
      cash: cashOwed({ [new EthereumBridge({ isOpen: false }).trader.address]: parts.owed ?? 100n * CASH }),
    }),
  })
  const insurance = parts.insurance ?? 1_000n * CASH
  if (insurance > 0n) bridge.credit(insurance, fund)
  const preview = (packet: Packet, slot: bigint, change = (proof: Uint8Array) => proof) => {
    bridge.driver.block(0n)
    const key = packetCommitmentKey(packet.sourceClient, packet.sequence)
    return bridge.deliver(bridge.stranger, [
      message('causeway.preview.v1.MsgPreviewDeposit', {
        packet,
        proofCommitment: change(bridge.chain.prove(slot, key)),
        signer: bridge.stranger.address,
      }),
    ])
  }
  const deposit = (amount: bigint, receiver = bridge.trader.address, sequence?: bigint) =>
    bridge.deposit({ amount, receiver, ...(sequence === undefined ? {} : { sequence }) })
  const pending = (account = bridge.trader.address) => {
    const data = QueryPendingCreditsRequest.encode({ account }).finish()
    const { value } = bridge.driver.query('/causeway.preview.v1.Query/PendingCredits', data)
    return QueryPendingCreditsResponse.decode(value).credits
  }
  const margins = () => {
    bridge.driver.block(1n)
    const { equityE6, initialMarginE6, maintenanceMarginE6 } = bridge.portfolio()
    // To the nearest cash: interest and rounding take some micro-cash.
    const nearest = (text: string) => BigInt(Math.round(Number(text) / Number(CASH)))
    return [equityE6, initialMarginE6, maintenanceMarginE6].map(nearest)
  }
  return { bridge, preview, deposit, pending, margins }
}

describe('a deposit that is not final', () => {
  it('counts half of its haircut value toward maintenance, and for nothing else', () => {
    const { bridge, preview, deposit, pending, margins } = setUp()
    expect(margins()).toEqual([-100n, -100n, -100n])
    const packet = deposit(200n * CASH)
    const result = preview(packet, bridge.attest())
    expect([codeOf(result), result.log]).toEqual(['0', ''])
    expect(eventsIn(result, 'causeway.preview.v1.pending')).toMatchObject([{ amount: '200000000' }])
    expect(pending()).toMatchObject([
      { client: bridge.client, sequence: packet.sequence, amount: '200000000' },
    ])
    // 200 × 0.95 × 0.5
    expect(margins()).toEqual([-100n, -100n, -5n])
    expect(bridge.balance(bridge.trader.address, 'usd')).toBe('0')
    expect(bridge.line()).toMatchObject({ escrowed: (1_000n * CASH).toString() })
    expect(bridge.broken()).toEqual([])
  })

  it('can not be withdrawn, by one who owes nothing either', () => {
    const { bridge, preview, deposit, pending } = setUp({ owed: 0n })
    expect(codeOf(preview(deposit(200n * CASH), bridge.attest()))).toBe('0')
    expect(pending()).toHaveLength(1)
    const denom = voucherOf(`transfer/${bridge.client}/${USDC}`)
    expect(codeOf(bridge.withdraw({ denom, amount: 1n }).sent)).toBe('ledger/5')
  })

  it('writes no receipt: the final receive credits it and takes its place', () => {
    const { bridge, preview, deposit, pending, margins } = setUp()
    const packet = deposit(200n * CASH)
    expect(codeOf(preview(packet, bridge.attest()))).toBe('0')
    const received = bridge.receive(packet)
    expect(eventsIn(received, 'causeway.transfer.v1.credit')).toMatchObject([{ amount: '200000000' }])
    expect(eventsIn(received, 'causeway.preview.v1.ended')).toMatchObject([{ reason: 'received' }])
    expect(pending()).toEqual([])
    expect(margins()).toEqual([100n, 80n, 90n])
    expect(codeOf(preview(packet, bridge.attest()))).toBe('ibc/88')
    expect(bridge.broken()).toEqual([])
  })

  it('that is reorganised away loses nothing: another takes its sequence and is credited', () => {
    const { bridge, preview, deposit, pending, margins } = setUp()
    const slot = bridge.slot
    const vanishing = deposit(200n * CASH)
    expect(codeOf(preview(vanishing, bridge.attest()))).toBe('0')
    expect(margins()).toEqual([-100n, -100n, -5n])
    bridge.chain.reorganise(slot, 'the other branch')
    const { sequence } = vanishing
    const honest = deposit(50n * CASH, bridge.stranger.address, sequence)
    // The new head has the other packet in its place: that ends what was pending.
    const head = bridge.attest()
    const replaced = preview(honest, head)
    expect(eventsIn(replaced, 'causeway.preview.v1.ended')).toMatchObject([{ reason: 'replaced' }])
    expect([pending(), margins()]).toEqual([[], [-100n, -100n, -100n]])
    expect(codeOf(preview(honest, head))).toBe('0')
    expect(pending(bridge.stranger.address)).toMatchObject([{ sequence, amount: '50000000' }])
    const final = bridge.finalize()
    expect(codeOf(bridge.receive(vanishing, final))).toBe('ethereum/49')
    expect(codeOf(bridge.receive(honest, final))).toBe('0')
    expect(bridge.balance(bridge.stranger.address, 'usd')).toBe('50000000')
    expect(bridge.balance(bridge.trader.address, 'usd')).toBe('0')
    expect(pending(bridge.stranger.address)).toEqual([])
    expect(bridge.line().escrowed).toBe((1_050n * CASH).toString())
    expect(bridge.broken()).toEqual([])
  })

  it('that vanished without another in its place ends when its sequence is received, or by time', () => {
    for (const ending of ['received', 'expired'] as const) {
      const { bridge, preview, deposit, pending, margins } = setUp()
      const slot = bridge.slot
      const vanishing = deposit(200n * CASH)
      expect(codeOf(preview(vanishing, bridge.attest()))).toBe('0')
      bridge.chain.reorganise(slot, 'the other branch')
      if (ending === 'received') {
        const honest = deposit(50n * CASH, bridge.stranger.address, vanishing.sequence)
        expect(codeOf(bridge.receive(honest))).toBe('0')
      } else {
        const block = bridge.driver.block(1_800n)
        expect(block.events.map(({ type }) => type)).toContain('causeway.preview.v1.ended')
      }
      expect(pending()).toEqual([])
      expect(margins()).toEqual([-100n, -100n, -100n])
      expect(bridge.broken()).toEqual([])
    }
  })

  it('of a client that froze counts for nothing', () => {
    const { bridge, preview, deposit, margins } = setUp()
    const final = bridge.finalize()
    const packet = deposit(200n * CASH)
    expect(codeOf(preview(packet, bridge.attest()))).toBe('0')
    expect(margins()).toEqual([-100n, -100n, -5n])
    bridge.chain.reorganise(final, 'fork')
    bridge.update({ attestedSlot: bridge.slot - 2n, finalizedSlot: final })
    expect(margins()).toEqual([-100n, -100n, -100n])
    expect(codeOf(preview(packet, final))).toBe('ibc/61')
  })
})

describe('again', () => {
  it('under the same head nothing changes; under a newer one it lives longer', () => {
    const { bridge, preview, deposit, pending } = setUp()
    const packet = deposit(200n * CASH)
    const head = bridge.attest()
    expect(codeOf(preview(packet, head))).toBe('0')
    const [first] = pending()
    const again = preview(packet, head)
    expect([codeOf(again), eventsIn(again, 'causeway.preview.v1.pending')]).toEqual(['0', []])
    expect(pending()).toEqual([first])
    const newer = bridge.attest()
    expect(codeOf(preview(packet, newer))).toBe('0')
    expect(pending()).toMatchObject([{ headSlot: newer, amount: first!.amount }])
    expect(pending()[0]!.expiresSeconds).toBe(first!.expiresSeconds + (newer - head) * 12n)
    expect(bridge.broken()).toEqual([])
  })

  it('after it has expired it needs a newer head: an old one proves nothing any more', () => {
    const { bridge, preview, deposit, pending } = setUp()
    const packet = bridge.deposit({
      amount: 200n * CASH,
      receiver: bridge.trader.address,
      timeoutSeconds: 7_200n,
    })
    expect(packet).not.toEqual(deposit(1n))
    const head = bridge.attest()
    expect(codeOf(preview(packet, head))).toBe('0')
    bridge.driver.block(1_800n)
    expect(pending()).toEqual([])
    expect(codeOf(preview(packet, head))).toBe('preview/5')
  })
})

describe('a proof', () => {
  it('is refused when it is tampered with, of another slot, or of no head', () => {
    const { bridge, preview, deposit } = setUp()
    const early = deposit(200n * CASH)
    const other = deposit(20n * CASH)
    const head = bridge.attest()
    const late = deposit(30n * CASH)
    expect(codeOf(preview(late, head))).toBe('ethereum/50')
    expect(codeOf(preview(early, head, (proof) => proof.with(proof.length >> 1, 0xee)))).toMatch(
      /^ethereum\//,
    )
    expect(codeOf(preview(early, head, () => new Uint8Array(0)))).toBe('ibc/6')
    expect(codeOf(preview({ ...early, sequence: other.sequence }, head))).toBe('ethereum/49')
    expect(codeOf(preview({ ...early, timeoutTimestamp: early.timeoutTimestamp + 1n }, head))).toBe(
      'ethereum/49',
    )
    expect(codeOf(preview({ ...early, sourceClient: 'client-9' }, head))).toBe('ibc/81')
    expect(codeOf(preview({ ...early, timeoutTimestamp: 1n }, head))).toBe('ibc/82')
    expect(codeOf(preview(early, head))).toBe('0')
  })

  it('of a head that is final by now is refused: there is nothing left to preview', () => {
    const { bridge, preview, deposit } = setUp()
    const packet = deposit(200n * CASH)
    bridge.attest()
    const slot = bridge.finalize()
    bridge.passTo(bridge.slot + 8n)
    bridge.finalize()
    // The newest attested head is one slot above what is final: not the slot of the first proof.
    expect(codeOf(preview(packet, slot))).toMatch(/^(ethereum\/4[2-4]|ibc\/68|0)$/)
  })
})

describe('only a deposit of a listed token is pending', () => {
  it('not of an unlisted one, of a returning one, to nobody, or of anything else', () => {
    const { bridge, preview } = setUp()
    const judge = (data: { denom?: string; receiver?: string; amount?: bigint }, port = 'transfer') => {
      const transfer = { denom: USDC, amount: 50n * CASH, receiver: bridge.trader.address, ...data }
      const payload = encodeTransfer({ ...transfer, sender: DEPOSITOR, memo: '' }, ABI)
      const packet = bridge.send({ ...payload, sourcePort: port, destinationPort: port })
      return codeOf(preview(packet, bridge.attest()))
    }
    expect(judge({ denom: `0x${'ee'.repeat(20)}` })).toBe('preview/2')
    expect(judge({ denom: `transfer/${THERE}/ucway` })).toBe('preview/1')
    expect(judge({ receiver: 'nobody' })).toBe('identifiers/1')
    expect(judge({}, 'clearing')).toBe('preview/1')
    expect(judge({ amount: 9_999_999n })).toBe('preview/7')
    expect(judge({})).toBe('0')
  })
})

describe('a line’s pending deposits', () => {
  it('stay within a quarter of insurance, at haircuts, and within the cap', () => {
    // 1,000 × 0.9 × 0.25 = 225
    const short = {
      lineCapE6: '100000000000',
      insuranceShareBps: '2500',
      countedBps: '5000',
      lifetimeSeconds: '600',
    }
    const { bridge, preview, deposit, pending } = setUp({ params: short })
    const judge = (amount: bigint, receiver?: string) =>
      codeOf(preview(deposit(amount * CASH, receiver), bridge.attest()))
    expect(judge(226n)).toBe('preview/4')
    expect([judge(100n), judge(100n, bridge.stranger.address)]).toEqual(['0', '0'])
    expect(judge(26n)).toBe('preview/4')
    expect(judge(25n)).toBe('0')
    expect(pending().length + pending(bridge.stranger.address).length).toBe(3)
    bridge.driver.block(600n)
    expect(judge(225n)).toBe('0')
    expect(bridge.broken()).toEqual([])
    const params = { ...short, lineCapE6: '50000000' }
    const capped = setUp({ params })
    const under = (amount: bigint) =>
      codeOf(capped.preview(capped.deposit(amount * CASH), capped.bridge.attest()))
    expect([under(51n), under(50n), under(10n)]).toEqual(['preview/4', '0', 'preview/4'])
  })

  it('are none without insurance, and none without a head', () => {
    const { bridge, preview, deposit } = setUp({ insurance: 0n })
    expect(codeOf(preview(deposit(10n * CASH), bridge.slot))).toBe('ibc/68')
    expect(codeOf(preview(deposit(10n * CASH), bridge.attest()))).toBe('preview/4')
  })

  it('are at most 16 of a subaccount, and all of them end', () => {
    const { bridge, preview, deposit, pending, margins } = setUp()
    const packets = Array.from({ length: 17 }, () => deposit(10n * CASH))
    const head = bridge.attest()
    const codes = packets.map((packet) => codeOf(preview(packet, head)))
    expect(codes).toEqual([...Array<string>(16).fill('0'), 'preview/6'])
    expect(pending()).toHaveLength(16)
    // 160 × 0.95 × 0.5
    expect(margins()).toEqual([-100n, -100n, -24n])
    const elsewhere = deposit(10n * CASH, `${bridge.trader.address}/1`)
    expect(codeOf(preview(elsewhere, bridge.attest()))).toBe('0')
    bridge.driver.block(1_800n)
    expect(pending()).toEqual([])
    expect(bridge.broken()).toEqual([])
  })
})

describe('the state', () => {
  it('is exported with what is pending, and reads back', () => {
    const { bridge, preview, deposit } = setUp()
    expect(codeOf(preview(deposit(200n * CASH), bridge.attest()))).toBe('0')
    const exported = exportState(bridge.hub.chain) as { preview: { credits: object[]; params: object } }
    expect(exported.preview.credits).toHaveLength(1)
    const copy = new EthereumBridge({ isOpen: false, appState: () => exported as never })
    expect((exportState(copy.hub.chain) as typeof exported).preview).toEqual(exported.preview)
    expect(copy.broken()).toEqual([])
  })
})
