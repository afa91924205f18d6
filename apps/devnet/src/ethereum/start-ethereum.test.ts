import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { expect, it } from 'vitest'
import { executionClient } from './execution/execution-client.ts'
import { startEthereum } from './start-ethereum.ts'

const RICH = '0x00000000000000000000000000000000000a11ce'

it('has something final at once, makes slots by the clock, halts when finality is violated', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devnet-start-ethereum-'))
  const halted = Promise.withResolvers<unknown>()
  const ethereum = await startEthereum({
    ports: { execution: 0, beacon: 0 },
    network: { finalitySlots: 2 },
    pastSlots: 6,
    balances: [[RICH, 5n]],
    log: pino({ level: 'silent' }),
    anvilLogPath: join(folder, 'anvil.log'),
    onHalt: halted.resolve,
  })
  try {
    const slotOf = async (id: string) => {
      const answer = await fetch(`${ethereum.beaconUrl}/eth/v1/beacon/headers/${id}`)
      const { data } = (await answer.json()) as { data: { header: { message: { slot: string } } } }
      return Number(data.header.message.slot)
    }
    expect([await slotOf('head'), await slotOf('finalized')]).toEqual([6, 4])
    ethereum.run()
    await expect.poll(() => slotOf('finalized'), { timeout: 10_000 }).toBeGreaterThan(6)
    const { head, network } = ethereum.chain
    const expected = Math.floor(Date.now() / 1_000 - network.genesisTimeSeconds)
    expect(Math.abs(head.slot - expected)).toBeLessThanOrEqual(1)
    expect(head.message.body.executionPayload.timestamp).toBe(network.genesisTimeSeconds + head.slot)

    await executionClient(ethereum.rpcUrl).rollback(4)
    expect(String(await halted.promise)).toContain('which is final')
  } finally {
    await ethereum.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  await expect(fetch(ethereum.beaconUrl)).rejects.toThrow()
}, 30_000)
