import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CollateralVault } from '@causeway/contracts-evm'
import { voucherOf } from '@causeway/messaging'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { createRoute } from '@causeway/relayer'
import type { Relayer } from '@causeway/relayer'
import { parseAbi } from 'viem'
import type { Hex } from 'viem'
import { waitFor } from './processes.ts'
import { openStage } from './relayer-evm-stage.ts'
import type { Stage } from './relayer-evm-stage.ts'

const VAULT = CollateralVault.abi
const TOKEN = parseAbi(['function balanceOf(address) view returns (uint256)'])
const GWEI = 10n ** 9n

describe('the hub and an Ethereum, joined by the relayer', () => {
  let stage: Stage
  let relayer: Relayer
  let voucher: string

  beforeAll(async () => {
    // Four epochs a committee: several change while this runs.
    stage = await openStage({ epochsPerSyncCommitteePeriod: 4 })
    voucher = voucherOf(`transfer/${stage.clients.onHub}/${stage.contracts.wrappedEther}`)
    relayer = await stage.start()
  }, 240_000)

  afterAll(async () => await stage?.stop())

  const soon = (seconds: number) => BigInt(Math.floor(Date.now() / 1000) + seconds)
  const released = async () =>
    await stage.evm.readContract({
      ...{ address: stage.contracts.wrappedEther, abi: TOKEN, functionName: 'balanceOf' },
      args: [stage.depositor.account!.address],
    })

  async function deposit(value: bigint, timeout = soon(600)): Promise<Hex> {
    const hash = await stage.depositor.writeContract({
      ...{ address: stage.contracts.vault, abi: VAULT, functionName: 'depositETH', value, chain: null },
      ...{
        account: stage.depositor.account!,
        args: [stage.clients.onEvm, stage.trader.address, timeout, ''],
      },
    })
    await stage.evm.waitForTransactionReceipt({ hash })
    return hash
  }

  async function withdraw(amount: bigint, timeoutTimestamp = soon(600)): Promise<void> {
    const value = MsgTransfer.fromPartial({
      ...{ sourcePort: 'transfer', sourceChannel: stage.clients.onHub, sender: stage.trader.address },
      ...{ token: { denom: voucher, amount: amount.toString() }, timeoutTimestamp },
      receiver: stage.depositor.account!.address.toLowerCase(),
    })
    await stage.trader.send({ typeUrl: '/ibc.applications.transfer.v1.MsgTransfer', value })
  }

  it('a deposit of ether is credited once it is final, and acknowledged', async () => {
    const started = Date.now()
    await deposit(5n * GWEI)
    await waitFor('the credit', async () =>
      (await stage.trader.balance('weth')) === 5n * GWEI ? true : undefined,
    )
    console.log(`deposit to credit: ${Date.now() - started} ms`)
    await waitFor('the acknowledgement', async () =>
      (await stage.chains.evm.pendingSequences(stage.clients.onEvm)).length === 0 ? true : undefined,
    )
  }, 120_000)

  it('a withdrawal releases the escrow, and is acknowledged', async () => {
    const started = Date.now()
    await withdraw(2n * GWEI)
    await waitFor('the release', async () => ((await released()) === 2n * GWEI ? true : undefined))
    console.log(`withdrawal to release: ${Date.now() - started} ms`)
    await waitFor('the acknowledgement', async () =>
      (await stage.chains.hub.pendingSequences(stage.clients.onHub)).length === 0 ? true : undefined,
    )
  }, 120_000)

  it('many go in one transaction behind one update', async () => {
    await relayer.stop()
    for (let i = 0; i < 8; i += 1) await withdraw(GWEI / 10n)
    relayer = await stage.start()
    const before = 2n * GWEI
    await waitFor('all eight', async () =>
      (await released()) === before + (8n * GWEI) / 10n ? true : undefined,
    )
    const metrics = await waitFor('the costs to be counted', async () => {
      const text = await relayer.metrics.registry.metrics()
      return /relayer_fees_paid_total\{.*denom="wei"/.test(text) ? text : undefined
    })
    const paid = /relayer_gas_used_total\{[^}]*eip155[^}]*\} (\d+)/.exec(metrics)?.[1]
    console.log(`gas of 8 withdrawals and what else went: ${paid}`)
    expect(metrics).toMatch(/relayer_fees_paid_total\{[^}]*denom="wei"[^}]*\} \d/)
  }, 120_000)

  it('a withdrawal that nobody relays in time is refunded by proof of absence', async () => {
    await relayer.stop()
    const before = await stage.trader.balance('weth')
    const timeout = soon(6)
    await withdraw(GWEI, timeout)
    expect(await stage.trader.balance('weth')).toBe(before - GWEI)
    await waitFor('the timeout', () => (soon(0) > timeout + 1n ? true : undefined))
    relayer = await stage.start()
    await waitFor('the refund', async () =>
      (await stage.trader.balance('weth')) === before ? true : undefined,
    )
  }, 120_000)

  it('a deposit that nobody relays in time is refunded on the EVM', async () => {
    await relayer.stop()
    const timeout = soon(8)
    const before = await released()
    await deposit(3n * GWEI, timeout)
    await waitFor('the timeout', () => (soon(0) > timeout + 1n ? true : undefined))
    relayer = await stage.start()
    await waitFor('the refund', async () => ((await released()) === before + 3n * GWEI ? true : undefined))
  }, 120_000)

  it('a second route is created from nothing, found again, and each client brought up to date', async () => {
    const { hub, evm } = stage.chains
    const made = await createRoute({ a: hub, b: evm, adopt: false })
    expect(made).toEqual({ clientOnA: 'ethereum-1', clientOnB: 'client-1' })
    expect((await evm.counterparty('client-1'))?.clientId).toBe('ethereum-1')
    expect((await hub.counterparty('ethereum-1'))?.clientId).toBe('client-1')
    const steps: string[] = []
    expect(await createRoute({ a: hub, b: evm, onStep: (step) => steps.push(step) })).toEqual(made)
    expect(steps).toEqual([])
    for (const [host, followed, id] of [
      [hub, evm, 'ethereum-1'],
      [evm, hub, 'client-1'],
    ] as const) {
      const before = await host.clientView(id)
      const { newest } = await followed.proofWindow(before.clientType, await followed.head())
      const updates = await followed.clientUpdates(before, newest.height)
      const [outcome] = await host.submit({ clientId: id, updates, batches: [] })
      expect(outcome?.error).toBeUndefined()
      expect((await host.clientView(id)).latestHeight).toBe(newest.height)
    }
  }, 120_000)

  it('catches up over two committees that changed while nothing was carried, and is ready', async () => {
    await waitFor('the third committee', async () =>
      (await stage.chains.evm.head()).height > 66n ? true : undefined,
    )
    const before = await stage.trader.balance('weth')
    await deposit(GWEI)
    await waitFor('the credit', async () =>
      (await stage.trader.balance('weth')) === before + GWEI ? true : undefined,
    )
    const [onHub, onEvm] = await Promise.all([
      stage.chains.hub.clientView(stage.clients.onHub),
      stage.chains.evm.clientView(stage.clients.onEvm),
    ])
    expect(onHub).toMatchObject({ clientType: 'ethereum', chainId: 'eip155:31337', status: 'Active' })
    expect(onEvm).toMatchObject({ clientType: 'attestation', chainId: 'causeway-1', status: 'Active' })
    expect(onHub.latestHeight).toBeGreaterThanOrEqual(64n) // the third committee signs
    await waitFor('readiness', () => (relayer.unreadiness().length === 0 ? true : undefined))
  }, 180_000)
})
