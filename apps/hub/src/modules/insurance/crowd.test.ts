// More bankrupt accounts than a block values: what they lack is found in turn, and nobody is left out.
import { describe, expect, it } from 'vitest'
import { CascadeRun } from '../../testing/cascade.fixture.ts'
import type { CascadeBlock } from '../../testing/cascade.fixture.ts'
import { E9 } from '../../testing/trading-hub.fixture.ts'

const pauses = ({ response }: CascadeBlock) =>
  response.events
    .filter(({ type }) => type === 'causeway.insurance.v1.pause')
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))

describe('a crowd that is bankrupt', { timeout: 300_000 }, () => {
  it('pauses the chain with the first thousand of it, and all of it is resolved', () => {
    const accounts = 1_040
    const run = new CascadeRun({
      accounts,
      bidders: 1,
      params: { insolventSeconds: '1', resolvedMax: '400' },
    })
    // A gap of 30 %: each lacks about 7 % of what it holds
    run.priced(2_100n * E9)
    const blocks: CascadeBlock[] = []
    const isOver = () => blocks.flatMap(pauses).some(({ status }) => status === 'ended')
    while (!isOver() && blocks.length < 40) blocks.push(run.block())
    const [began, ended] = blocks.flatMap(pauses)
    expect(began).toMatchObject({ status: 'began' })
    expect(BigInt(began!['deficits_e6']!)).toBeGreaterThan(0n)
    expect(ended).toMatchObject({ status: 'ended', deficits_e6: '0' })
    const resolved = blocks.flatMap(({ response }) =>
      response.events.filter(({ type }) => type === 'causeway.insurance.v1.resolved'),
    )
    expect(resolved.length).toBe(accounts)
  })
})
