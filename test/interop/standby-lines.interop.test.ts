import { StandbyLines } from '@causeway/contracts-evm'
import { afterEach, describe, expect, it } from 'vitest'
import { waitFor } from './processes.ts'
import { ETHER, mined, openStandbyStage, soon } from './standby-stage.ts'
import type { StandbyStage } from './standby-stage.ts'

describe('standby lines of a real vault', () => {
  let open: StandbyStage | undefined

  afterEach(async () => {
    await open?.stage.stop()
    open = undefined
  })

  const statuses = async (type: string) => (await open!.told(type)).map(({ status }) => status)
  const stages = async () =>
    (await open!.told('causeway.liquidation.v1.stage')).map(({ stage, reason }) => `${stage} ${reason}`)

  it('save an account in a crash: the call goes out, the vault pays, nothing is liquidated', async () => {
    open = await openStandbyStage('20')
    const { stage, causeway, trader } = open
    const line = await open.lock(20n * ETHER, soon(48 * 3_600))
    const started = Date.now()
    // Below maintenance, before the relayer can have been anywhere
    await open.crash(1_950n)
    await waitFor('what was pulled', async () =>
      (await open!.told('causeway.calls.v1.reward')).length > 0 ? true : undefined,
    )
    console.log(`from the crash's begin to the credit: ${Date.now() - started} ms`)
    expect(await statuses('causeway.calls.v1.call')).toEqual(['sent', 'pulled', 'delivered'])
    const [sent] = await open.told('causeway.calls.v1.call')
    const amount = BigInt(sent!['amount']!)
    // It waited, and closed nothing
    await waitFor('the recovery', async () =>
      (await statuses('causeway.calls.v1.wait')).length === 2 ? true : undefined,
    )
    expect(await statuses('causeway.calls.v1.wait')).toEqual(['began', 'recovered'])
    await waitFor('the end of liquidation', async () => ((await stages()).length === 2 ? true : undefined))
    expect(await stages()).toEqual(['waiting below', 'none recovered'])
    const { positions } = await causeway.portfolio(trader.address)
    expect(positions).toMatchObject([{ size: '20' }])
    expect((await open.marginCalls()).level).toBe('warned')
    // The contract has the rest; the relayer of this stage has its reward
    const left = await stage.evm.readContract({
      ...{ address: stage.contracts.standbyLines, abi: StandbyLines.abi, functionName: 'getLine' },
      args: [line],
    })
    expect(left).toMatchObject({ amount: 20n * ETHER - amount })
    expect((await open.marginCalls()).lines).toMatchObject([
      { status: 'locked', amount: `${20n * ETHER - amount}` },
    ])
    const [{ amount: reward } = {}] = await open.told('causeway.calls.v1.reward')
    // 5 cash at 1,950
    expect(BigInt(reward!) / 10n ** 9n).toBe(2_564_102n)
  }, 300_000)

  it('that are gone save nobody: the vault refuses, the line is void, liquidation begins', async () => {
    open = await openStandbyStage('20')
    const { stage, relayer } = open
    const expirySeconds = soon(90)
    const line = await open.lock(20n * ETHER, expirySeconds)
    await relayer.stop()
    await open.crash(1_950n)
    // It was called, but nobody relies on a line that ends so soon
    expect(await statuses('causeway.calls.v1.call')).toEqual(['sent'])
    expect(await statuses('causeway.calls.v1.wait')).toEqual([])
    await waitFor('the liquidation', async () => ((await stages()).length > 0 ? true : undefined))
    expect((await stages())[0]).toBe('closing below')
    const isExpired = async () => {
      const { timestamp } = await stage.evm.getBlock()
      return timestamp > expirySeconds ? true : undefined
    }
    await waitFor('the expiry', isExpired, 150_000)
    const { address } = stage.depositor.account!
    await mined(stage, {
      ...{ address: stage.contracts.standbyLines, abi: StandbyLines.abi, functionName: 'unlock' },
      args: [line, address],
    })
    await stage.start()
    await waitFor('the refusal', async () =>
      (await statuses('causeway.calls.v1.call')).includes('refused') ? true : undefined,
    )
    expect(await open.marginCalls()).toMatchObject({ lines: [], calls: [] })
    expect(await statuses('causeway.calls.v1.wait')).toEqual([])
    expect(await statuses('causeway.clearing.v1.standby')).toEqual(['locked', 'called', 'void'])
  }, 300_000)
})
