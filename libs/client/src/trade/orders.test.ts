// Orders of EVM wallets against a hub that runs: signed, included, filled, seen.
import { privateKeyToAccount } from 'viem/accounts'
import { createWalletClient, custom } from 'viem'
import { toHex } from '@causeway/primitives'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, testEvmWallet, testSecret } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import { evmWallet } from '../wallets/evm-wallet.ts'
import type { Trader } from './trader.ts'

const [maker, taker] = [testEvmWallet('maker'), testEvmWallet('taker')]
let hub: TestHub
let makes: Trader
let takes: Trader

beforeAll(async () => {
  hub = await startTestHub({ addresses: [maker.address, taker.address] })
  makes = hub.causeway.trader(maker)
  takes = hub.causeway.trader(taker)
  await Promise.all([makes, takes].map((trader) => trader.convert({ denom: 'usdz', amount: '20000' })))
})
afterAll(() => hub.stop())

const code = async (action: Promise<unknown>) =>
  await action.then(
    () => 'nothing',
    (error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`,
  )

describe('an order', () => {
  it('rests, is seen in book and orders, and is cancelled', async () => {
    const placed = await makes.order({ market: 'ETH-PERP', side: 'buy', size: '1.5', limit: '2900.25' })
    expect(placed).toMatchObject({ status: 'resting', filled: '0', remaining: '1.5', limit: '2900.25' })
    const open = await hub.causeway.orders(maker.address)
    expect(open).toMatchObject([
      {
        orderId: placed.orderId,
        market: 'ETH-PERP',
        side: 'buy',
        remaining: '1.5',
        limit: '2900.25',
        timeInForce: 'gtc',
      },
    ])
    const book = await hub.causeway.book('ETH-PERP')
    expect(book).toMatchObject({ bids: [{ price: '2900.25', size: '1.5' }], asks: [] })
    const cancelled = await makes.cancel(placed.orderId)
    expect(cancelled.txHash).toMatch(/^[0-9A-F]{64}$/)
    expect(await hub.causeway.orders(maker.address)).toEqual([])
    expect(await code(makes.cancel(placed.orderId))).toBe('markets/9')
  })

  it('fills, and both sides see position, cash, margin and Greeks', async () => {
    const sold = await makes.order({ market: 'ETH-PERP', side: 'sell', size: '2', limit: '3001' })
    const bought = await takes.order({ market: 'ETH-PERP', side: 'buy', size: '1.2' })
    expect(bought).toMatchObject({ status: 'filled', filled: '1.2', remaining: '0', averagePrice: '3001' })
    expect(bought.limit).toBe('3031.01')
    expect(bought.fills).toMatchObject([{ role: 'taker', side: 'buy', orderId: bought.orderId }])
    const portfolio = await hub.causeway.portfolio(taker.address)
    expect(portfolio.positions).toMatchObject([{ market: 'ETH-PERP', size: '1.2' }])
    expect(Number(portfolio.positions[0]!.greeks!.deltaCash)).toBeCloseTo(3_600, -2)
    expect(portfolio.initialRequirement).not.toBe('0')
    const other = await hub.causeway.portfolio(maker.address)
    expect(other.positions).toMatchObject([{ market: 'ETH-PERP', size: '-1.2' }])
    expect(other.orders).toMatchObject([{ orderId: sold.orderId, size: '2', remaining: '0.8' }])
    expect((await makes.cancelAll()).count).toBe(1)
  })

  it('is amended: smaller, or elsewhere', async () => {
    const { orderId } = await makes.order({ market: 'ETH-PERP', side: 'buy', size: '2', limit: '2950' })
    await makes.amend(orderId, { remaining: '1' })
    await makes.amend(orderId, { limit: '2940' })
    expect(await hub.causeway.orders(maker.address)).toMatchObject([{ remaining: '1', limit: '2940' }])
    expect(await code(makes.amend('77', { limit: '2940' }))).toBe('client/20')
    expect((await makes.cancelAll({ market: 'ETH-PERP' })).count).toBe(1)
  })

  it('of every kind that the hub knows is sent as it was said', async () => {
    const at = Math.floor(hub.clock.now() / 1_000) + 3_600
    const base = { market: 'ETH-PERP', side: 'buy', size: '0.1' } as const
    await makes.order({ ...base, limit: '2900', postOnly: true })
    await makes.order({ ...base, limit: '2901', expirySeconds: at })
    await makes.order({ ...base, limit: '2902', trigger: { price: '3200', above: true } })
    await makes.order({ ...base, limit: '2903', reduceOnly: true, subaccount: 0 })
    const ended = [
      await makes.order({ ...base, limit: '2904', timeInForce: 'ioc' }),
      await makes.order({ ...base, limit: '2905', timeInForce: 'fok' }),
      await makes.order({ ...base, limit: '3010', type: 'market' }),
    ]
    expect(ended.map(({ status }) => status)).toEqual(['immediate', 'fillOrKill', 'immediate'])
    const open = await hub.causeway.orders(maker.address)
    expect(open.map(({ limit }) => limit)).toEqual(['2900', '2901', '2902', '2903'])
    expect(open[0]!.postOnly).toBe(true)
    expect(open[1]).toMatchObject({ timeInForce: 'gtt', expirySeconds: at })
    expect(open[2]!.trigger).toEqual({ price: '3200', above: true })
    expect(open[3]!.reduceOnly).toBe(true)
    await makes.cancelAll()
  })

  it('that makes no sense is refused before anybody signs', async () => {
    const order = (more: object) =>
      code(makes.order({ market: 'ETH-PERP', side: 'buy', size: '1', limit: '2900', ...more }))
    expect(await order({ market: 'DOGE-PERP' })).toBe('client/21')
    expect(await order({ market: 'not a symbol' })).toBe('client/20')
    expect(await order({ size: '0.15' })).toBe('client/22')
    expect(await order({ size: '-1' })).toBe('client/20')
    expect(await order({ size: '1e3' })).toBe('client/20')
    expect(await order({ limit: '2900.001' })).toBe('client/22')
    expect(await order({ side: 'long' })).toBe('client/20')
    expect(await order({ timeInForce: 'day' })).toBe('client/20')
    expect(await order({ type: 'stop' })).toBe('client/20')
    expect(await order({ expirySeconds: 1.5 })).toBe('client/20')
    expect(await order({ subaccount: 70_000 })).toBe('client/20')
    expect(await order({ limit: undefined, trigger: { price: '3000', above: true } })).toBe('client/20')
    expect(await order({ limit: undefined, side: 'sell' })).toBe('client/23')
  })

  it('that the hub refuses tells its code, and what to do', async () => {
    const base = { market: 'ETH-PERP', side: 'buy', size: '1', limit: '2900' } as const
    const refused = makes.order({ ...base, postOnly: true, timeInForce: 'ioc' })
    const error = await refused.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ codespace: 'markets', code: 6, outcome: 'refused', retry: 'never' })
    expect((error as { advice: string }).advice).toContain('docs/hub.md')
    expect(await code(makes.cancel('999999'))).toBe('markets/9')
  })
})

describe('many orders at once', () => {
  it('of one trader all go, each with a nonce of its own', async () => {
    const prices = Array.from({ length: 12 }, (_, i) => `${2_900 + i}`)
    const placed = await Promise.all(
      prices.map((limit) => makes.order({ market: 'ETH-PERP', side: 'buy', size: '0.1', limit })),
    )
    expect(new Set(placed.map(({ orderId }) => orderId)).size).toBe(12)
    const open = await hub.causeway.orders(maker.address)
    expect(new Set(open.map(({ nonce }) => nonce)).size).toBe(12)
    expect((await makes.cancelAll()).count).toBe(12)
  })

  it('can be handed over without waiting', async () => {
    const offered = await makes.offerOrder({ market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2900' })
    await makes.cancelAllAfter(60)
    const [open] = await hub.causeway.orders(maker.address)
    expect(open!.nonce).toBe(offered.nonce)
    await makes.cancelAllAfter(0)
    await makes.cancelAll()
  })
})

describe('what if', () => {
  it('tells margins before and after, in the account’s own units', async () => {
    const trade = { market: 'ETH-PERP', side: 'buy', size: '10' } as const
    const { before, after, isAllowed } = await hub.causeway.whatIf(maker.address, [trade])
    const portfolio = await hub.causeway.portfolio(maker.address)
    expect(before.initialRequirement).toBe(portfolio.initialRequirement)
    expect(Number(after.initialRequirement)).toBeGreaterThan(Number(before.initialRequirement))
    expect(isAllowed).toBe(true)
    const huge = await hub.causeway.whatIf(maker.address, [{ ...trade, size: '1000' }])
    expect(huge.isAllowed).toBe(false)
    const most = Number(before.initialMarginWithOrders)
    expect(most).toBe(Number(before.initialMargin))
    // What rests needs most of what is left, and nothing of it has filled
    const perEther = (most - Number(after.initialMargin)) / 10
    const size = `${Math.floor((most / perEther) * 6) / 10}`
    await makes.order({ ...trade, size, limit: '2900', postOnly: true })
    const rested = await hub.causeway.whatIf(maker.address, [{ ...trade, size }])
    expect(Number(rested.after.initialMargin)).toBeGreaterThan(0)
    expect(Number(rested.after.initialMarginWithOrders)).toBeLessThan(0)
    expect(rested.isAllowed).toBe(false)
    expect((await makes.order({ ...trade, size, limit: '3000', postOnly: true })).status).toBe('margin')
    await makes.cancelAll()
    const paid = await hub.causeway.whatIf(maker.address, [{ cash: '-100' }])
    const fell = Number(paid.before.initialMargin) - Number(paid.after.initialMargin)
    expect(fell).toBeCloseTo(100, 3)
    expect(await code(hub.causeway.whatIf(maker.address, []))).toBe('client/20')
  })
})

describe('a wallet client', () => {
  it('signs as the account behind it does, and its key is found out from the signature', async () => {
    const account = privateKeyToAccount(`0x${toHex(testSecret('taker'))}`)
    const asked: string[] = []
    // What a browser's wallet is: an address, and signatures on request.
    const transport = custom({
      async request({ method, params }: { method: string; params: [string, string] }) {
        asked.push(method)
        const signature = await account.signTypedData(JSON.parse(params[1]))
        // Some wallets write v as 0 or 1.
        return signature.replace(/1b$/, '00').replace(/1c$/, '01')
      },
    })
    const wallet = evmWallet(createWalletClient({ account: account.address, transport }))
    expect(wallet.address).toBe(taker.address)
    const trader = hub.causeway.trader(wallet)
    await trader.order({ market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2900' })
    expect(asked).toEqual(['eth_signTypedData_v4'])
    expect((await trader.cancelAll()).count).toBe(1)
  })

  it('that signs as somebody else, or not at all, is told so', async () => {
    const other = privateKeyToAccount(`0x${toHex(testSecret('somebody'))}`)
    const address = taker.nativeAddress
    const lying = createWalletClient({
      account: address,
      transport: custom({
        request: ({ params }: { params: [string, string] }) => other.signTypedData(JSON.parse(params[1])),
      }),
    })
    const silent = createWalletClient({
      account: address,
      transport: custom({ request: () => Promise.reject(new Error('User rejected the request.')) }),
    })
    const order = { market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2900' } as const
    expect(await code(hub.causeway.trader(evmWallet(lying)).order(order))).toBe('client/40')
    expect(await code(hub.causeway.trader(evmWallet(silent)).order(order))).toBe('client/45')
    expect(() => evmWallet(createWalletClient({ transport: custom({ request: async () => '' }) }))).toThrow(
      'expected a wallet client that was made with an account',
    )
  })
})
