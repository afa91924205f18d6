// Fees of an account that has only one kind of what gas can be paid in.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, testEvmWallet } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import { FEE_MAX_DEFAULT } from './fees.ts'

const [rich, poor] = [testEvmWallet('fees rich'), testEvmWallet('fees poor')]
let hub: TestHub
beforeAll(async () => {
  hub = await startTestHub({ addresses: [rich.address], cashPaysGas: false, dollarsPayGas: true })
  await hub.causeway.trader(rich).transfer({ amount: '100', denom: 'usdz', to: poor.address })
})
afterAll(() => hub.stop())

const balances = async () =>
  Object.fromEntries(
    (await hub.causeway.portfolio(poor.address)).collateral.map(({ denom, amount }) => [denom, amount]),
  )
const code = async (action: Promise<unknown>) =>
  await action.then(
    () => 'nothing',
    (error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`,
  )

describe('an account with nothing but a stable token', () => {
  it('pays with that, where it has been named', async () => {
    const causeway = await hub.connect({ feeMax: { ...FEE_MAX_DEFAULT, usdz: 1_000_000n } })
    const sent = await causeway.trader(poor).convert({ amount: '40', denom: 'usdz' })
    expect(Number(sent.cash)).toBe(40)
    const { usdz } = await balances()
    // The fee is cents, and there is nothing else that it could have come from.
    expect(Number(usdz)).toBeLessThan(60)
    expect(Number(usdz)).toBeGreaterThan(59.9)
    expect(await balances()).toEqual({ usdz })
    causeway.close()
  })

  it('pays nothing in a token that only the node has named', async () => {
    expect(await code(hub.causeway.trader(poor).convert({ amount: '1', denom: 'usdz' }))).toBe('client/48')
    expect(Object.keys(FEE_MAX_DEFAULT).sort()).toEqual(['cash', 'ucway', 'usdc', 'usdt'])
  })

  it('pays no more of it than was said, whatever the price', async () => {
    const careful = await hub.connect({ feeMax: { usdz: 1n } })
    expect(await code(careful.trader(poor).convert({ amount: '1', denom: 'usdz' }))).toBe('client/48')
    careful.close()
  })
})
