// The example of docs/client.md, run against a hub in this process (its deposit takes a devnet with
// relayers).
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { firstOption } from '../../../test/e2e/first-option.ts'
import { startTestHub, testEvmWallet } from './testing/hub.fixture.ts'
import type { TestHub } from './testing/hub.fixture.ts'

const [maker, newcomer] = [testEvmWallet('maker'), testEvmWallet('newcomer')]
const textOf = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub({ addresses: [maker.address, newcomer.address] })
})
afterAll(() => hub.stop())

describe('the example of docs/client.md', () => {
  it('stands there as it is run here, in about thirty lines', () => {
    const example = textOf('../../../test/e2e/first-option.ts')
    expect(textOf('../../../docs/client.md')).toContain(`\`\`\`ts\n${example}\`\`\``)
    expect(example.split('\n').length).toBeLessThanOrEqual(40)
  })

  it('ends in an option position, with its mark and Greeks', async () => {
    const makes = hub.causeway.trader(maker)
    await makes.convert({ denom: 'usdz', amount: '20000' })
    await hub.causeway.trader(newcomer).convert({ denom: 'usdz', amount: '2000' })
    const call = await vi.waitFor(
      async () => {
        const markets = await hub.causeway.markets()
        const found = markets.find(({ optionType, strike }) => optionType === 'call' && strike === '3000')
        expect(found).toBeDefined()
        return found!
      },
      { timeout: 20_000, interval: 200 },
    )
    const fair = await hub.causeway.whatIf(maker.address, [
      { market: call.symbol, side: 'sell', size: '1', price: '40' },
    ])
    expect(fair.isAllowed).toBe(true)
    await makes.order({ market: call.symbol, side: 'sell', size: '1', limit: '40' })
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const portfolio = await firstOption({ rpc: hub.node.rpcUrl, clock: hub.clock }, newcomer)
    vi.restoreAllMocks()
    const [position] = portfolio.positions
    expect(position).toMatchObject({ market: call.symbol, size: '0.1' })
    expect(Number(position!.mark)).toBeGreaterThan(0)
    expect(Number(position!.unrealised)).toBeCloseTo(Number(position!.value) - 4, 1)
    expect(Number(position!.greeks!.deltaCash)).toBeGreaterThan(0)
    expect(Number(position!.greeks!.vegaCash)).toBeGreaterThan(0)
  })
})
