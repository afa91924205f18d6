// The same decided blocks through applications that live differently: one proposes and checks, one is
// restarted from disk after every block, one never sees a mempool. App hash, results and validator updates
// must agree at every height.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashResults } from '@causeway/light-clients'
import { toHex } from '@causeway/primitives'
import { createMemoryStorage, openLmdbStorage } from '@causeway/state-tree'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createHubApplication } from './app.ts'
import { brokenInvariants } from './block/inspect.ts'
import { hubGenesis, hubOptions, testHub } from './testing/hub.fixture.ts'
import { Driver } from './testing/driver.fixture.ts'
import { testValidators } from './testing/validators.fixture.ts'
import { Wallet, send } from './testing/wallet.fixture.ts'
import { SignaturePool } from './workers/signature-pool.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function digest(response: ResponseFinalizeBlock): string {
  const { appHash, txResults, validatorUpdates } = response
  const events = JSON.stringify([response.events, txResults.map((result) => result.events)])
  return [toHex(appHash), toHex(hashResults(txResults)), validatorUpdates.length, events].join(' ')
}

interface Step {
  readonly from: number
  readonly to: number
  readonly amount: bigint
  readonly subaccount: number
  readonly gasLimit: bigint
  readonly fault: number
}

const step: fc.Arbitrary<Step> = fc.record({
  from: fc.nat(4),
  to: fc.nat(7),
  amount: fc.bigInt(0n, 400_000_000n),
  subaccount: fc.nat(3),
  gasLimit: fc.bigInt(5_000n, 40_000n),
  fault: fc.nat(9),
})

function sign(
  wallets: readonly Wallet[],
  { from, to, amount, subaccount, gasLimit, fault }: Step,
): Uint8Array {
  const sender = wallets[from]!
  const receiver = new Wallet(`receiver ${to}`).address
  const target = subaccount === 0 ? receiver : `${receiver}/${subaccount}`
  const messages = [send(sender.address, target, amount.toString())]
  if (fault === 0) return sender.sign(messages, { gasLimit, sequence: 99n })
  if (fault === 1) return sender.sign(messages, { gasLimit, chainId: 'other', sequence: sender.sequence })
  if (fault === 2) return Uint8Array.of(1, 2, 3, Number(amount % 256n))
  return sender.sign(messages, { gasLimit })
}

/** A fresh replica that replays what the leader executed. */
function follow(
  leader: Driver,
  replay: (request: Driver['requests'][number]) => ResponseFinalizeBlock,
): string[] {
  return leader.requests.map((request) => digest(replay(request)))
}

describe('replicas', () => {
  it('agree on random blocks, however they live', async () => {
    const pool = new SignaturePool(1)
    const blocks = fc.array(fc.array(step, { maxLength: 12 }), { minLength: 3, maxLength: 8 })
    fc.assert(
      fc.property(blocks, (plan) => {
        const wallets = Array.from({ length: 5 }, (_, i) => new Wallet(`sender ${i}`))
        const { driver: leader, hub } = testHub(wallets)
        const led = plan.map((steps) => {
          for (const tx of steps.map((item) => sign(wallets, item))) leader.submit(tx)
          // What the mempool refused may stand in a block all the same: a proposer decides.
          const faulty = steps.filter(({ fault }) => fault <= 2).map((item) => sign(wallets, item))
          if (faulty.length === 0) return digest(leader.block())
          return digest(leader.execute(leader.proposal([...leader.mempool, ...faulty])))
        })
        expect(brokenInvariants(hub.chain)).toEqual([])
        const genesis = hubGenesis(wallets)
        // No mempool, signatures in another thread
        const lone = createHubApplication(
          hubOptions(createMemoryStorage(), { verifySignatures: pool.verify }),
        )
        new Driver(lone, testValidators([10n, 10n, 10n, 10n])).initChain(genesis)
        const alone = follow(leader, (request) => {
          lone.finalizeBlock(request)
          const response = lone.finalizeBlock(request)
          lone.commit()
          return response
        })
        expect(alone).toEqual(led)
        expect(restarted(leader, genesis)).toEqual(led)
      }),
      { numRuns: 12 },
    )
    await pool.close()
  })
})

/**
 * A replica on disk that is closed and opened between blocks, sometimes with a block executed and not
 * committed.
 */
function restarted(leader: Driver, genesis: ReturnType<typeof hubGenesis>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-replica-'))
  folders.push(folder)
  const digests: string[] = []
  for (const [i, request] of leader.requests.entries()) {
    const storage = openLmdbStorage(folder)
    const hub = createHubApplication(hubOptions(storage))
    expect(hub.info().lastBlockHeight).toBe(BigInt(i))
    if (i === 0) new Driver(hub, testValidators([10n, 10n, 10n, 10n])).initChain(genesis)
    if (i % 3 === 1) hub.finalizeBlock({ ...request, txs: request.txs.slice(0, 1) })
    digests.push(digest(hub.finalizeBlock(request)))
    // A crash before commit: the next opening starts at the block before.
    if (i % 2 === 1) {
      storage.close()
      digests.pop()
      const again = openLmdbStorage(folder)
      const revived = createHubApplication(hubOptions(again))
      expect(revived.info().lastBlockHeight).toBe(BigInt(i))
      digests.push(digest(revived.finalizeBlock(request)))
      revived.commit()
      again.close()
      continue
    }
    hub.commit()
    storage.close()
  }
  return digests
}
