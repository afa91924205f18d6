// A third of the stake leaves a transaction out, on the embedded engine with several validators.
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import {
  HUB_CHAIN_ID,
  createHubApplication,
  createSeededPriceSource,
  generateValidatorKey,
  hubAppState,
  startEmbeddedNode,
  verifyNatively,
} from '@causeway/hub'
import type { Application, EmbeddedNode } from '@causeway/hub'
import { sha256, utf8 } from '@causeway/primitives'
import { QueryInclusionListResponse } from '@causeway/protocol/causeway/block/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { criticalSender } from './critical-sender.ts'
import { TAMPERINGS, hostile } from './hostile-application.ts'
import type { Hostility } from './hostile-application.ts'

const SIX = Array.from({ length: 6 }, (_, i) => generateValidatorKey(sha256(utf8(`censor ${i}`))))
const addresses = SIX.map(({ address }) => Buffer.from(address, 'hex'))
const isAmong = (some: readonly Uint8Array[]) => (address: Uint8Array) =>
  some.some((each) => Buffer.compare(each, address) === 0)
const third = isAmong(addresses.slice(0, 2))
const others = isAmong(addresses.slice(2))

const running: EmbeddedNode[] = []
afterEach(async () => {
  for (const node of running.splice(0)) await node.stop()
})

/** Six validators of equal power on the embedded engine; what the hostilities make of their application. */
async function start(...hostilities: readonly Hostility[]) {
  const sender = criticalSender('victim', 1n)
  const bystander = criticalSender('bystander', 2n)
  const canceller = criticalSender('canceller', 3n)
  const refusals: string[] = []
  const hub = createHubApplication({
    chainId: HUB_CHAIN_ID,
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
    priceSource: createSeededPriceSource('censorship', [{ asset: 2n, priceE9: 3_000_000_000_000n }]),
    onProposalRefused: (height, { codespace, code }) => refusals.push(`${height} ${codespace}/${code}`),
  })
  const censored = hostilities.map(({ censors, forgets, ...rest }) => ({
    ...rest,
    ...(censors === undefined ? {} : { censors: (tx: Uint8Array) => sender.isOwn(tx) }),
    ...(forgets === undefined ? {} : { forgets: (tx: Uint8Array) => sender.isOwn(tx) }),
  }))
  const application = censored.reduce<Application>((below, each) => hostile(below, each), hub)
  const node = await startEmbeddedNode({
    application,
    validators: SIX,
    blocks: 'onDemand',
    rpc: false,
    genesis: {
      genesis_time: new Date(Date.now() - 1000).toISOString(),
      chain_id: HUB_CHAIN_ID,
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
      validators: SIX.map(({ pub_key }) => ({ pub_key, power: '10' })),
      app_state: hubAppState({
        denom: 'ucway',
        gasPriceE9: 0n,
        balances: [sender, bystander, canceller].map(({ address }) => ({
          holder: address,
          denom: 'ucway',
          amount: 1_000_000_000n,
        })),
        assets: [
          {
            denom: 'weth',
            decimals: 18,
            symbol: 'ETH',
            initialWeightBps: 8_000,
            maintenanceWeightBps: 9_000,
          },
        ],
      }),
    },
  })
  running.push(node)
  const records = () => {
    const request = { path: '/causeway.block.v1.Query/InclusionList', data: new Uint8Array(0), height: 0n }
    return QueryInclusionListResponse.decode(hub.query({ ...request, prove: false }).value).records
  }
  for (let i = 0; i < 5; i++) node.produceBlock()
  return { node, hub, sender, bystander, canceller, refusals, records }
}

/** Blocks until a transaction is in one: its height, and that of its record, if it had one. */
async function untilIncluded({ node, records }: Awaited<ReturnType<typeof start>>, tx: Uint8Array) {
  const { response } = await node.submit(tx)
  expect([response.code, response.log]).toEqual([0, ''])
  const hash = createHash('sha256').update(tx).digest('hex')
  const sentAt = node.height()
  let recordedAt: bigint | undefined
  while (node.findTransaction(hash) === undefined && node.height() < sentAt + 20n) {
    node.produceBlock()
    recordedAt ??= records()[0]?.height
  }
  return { sentAt, recordedAt, includedAt: node.findTransaction(hash)?.height }
}

const SOME = () => true

describe('with a censoring third of the stake', () => {
  it('a critical transaction comes with the first honest proposer', async () => {
    const made = await start({ isOwn: third, censors: SOME })
    for (let i = 0; i < 6; i++) {
      const { sentAt, includedAt } = await untilIncluded(made, made.sender.critical())
      expect(Number(includedAt! - sentAt)).toBeLessThanOrEqual(3)
    }
    expect(made.refusals).toEqual([])
  })

  it('and all others forgetful, it comes in the third block after its record', async () => {
    const made = await start({ isOwn: others, forgets: SOME }, { isOwn: third, censors: SOME })
    let refused = 0
    for (let i = 0; i < 8; i++) {
      const { sentAt, recordedAt, includedAt } = await untilIncluded(made, made.sender.critical())
      expect([Number(recordedAt! - sentAt), Number(includedAt! - recordedAt!)]).toEqual([3, 3])
      // Else the same validator would be in turn each time.
      made.node.produceBlock()
      refused += made.refusals.splice(0).filter((text) => text === `${includedAt!} block/36`).length
    }
    // Where a censor was to propose that block, the others made it pass.
    expect(refused).toBeGreaterThan(0)
  })

  it('and five of six proposers leaving it out, too', async () => {
    const made = await start({ isOwn: isAmong(addresses.slice(0, 5)), censors: SOME }, { forgets: SOME })
    for (let i = 0; i < 3; i++) {
      const { recordedAt, includedAt } = await untilIncluded(made, made.sender.critical())
      expect(Number(includedAt! - recordedAt!)).toBe(3)
    }
  })

  it('that also reverses lanes, injects, doubles, forges votes, prices and names: blocks go on', async () => {
    const lies: Hostility = { isOwn: third, censors: SOME, lies: true, proposals: Object.values(TAMPERINGS) }
    const made = await start(lies)
    const { node, sender, bystander, canceller, refusals, records } = made
    const from = node.height()
    for (let i = 0; i < 80; i++) {
      await node.submit(bystander.ordinary())
      await node.submit(canceller.critical())
      if (i % 4 === 0) await node.submit(sender.critical())
      node.produceBlock()
      // Two of six name junk: a third, and not more.
      expect(records()).toEqual([])
    }
    expect(node.height()).toBe(from + 80n)
    const codes = new Set(refusals.map((text) => text.split(' ')[1]))
    // Without votes the first transaction stands where they should: no votes, either.
    expect([...codes].sort()).toEqual([
      'block/11',
      'block/2',
      'block/3',
      'block/30',
      'block/31',
      'block/34',
      'block/4',
    ])
  })
})
