// An account below maintenance whose standby line was called: liquidation waits for it, and no longer than it
// may.
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { describe, expect, it } from 'vitest'
import { ETHER, StandbyWorld } from './testing/standby.fixture.ts'

function liquidationOf(world: StandbyWorld) {
  const data = QueryLiquidationRequest.encode({ account: world.trader.address }).finish()
  const { value } = world.driver.query('/causeway.liquidation.v1.Query/Liquidation', data)
  return QueryLiquidationResponse.decode(value)
}
const stage = (world: StandbyWorld) => liquidationOf(world).liquidation?.stage ?? 'none'

/** Called at 1,900, below maintenance at 1,810; nobody answers. */
function called(amount: bigint): StandbyWorld {
  const world = new StandbyWorld()
  if (amount > 0n) world.lock(1, amount)
  world.moveTo(1_900n)
  world.moveTo(1_810n)
  return world
}

describe('liquidation and a standby line', () => {
  it('waits for a line that covers the account, ten minutes at most', () => {
    const world = called(20n * ETHER)
    for (let i = 0; i < 3; i++) world.driver.block()
    expect(stage(world)).toBe('waiting')
    expect(liquidationOf(world).state).toBe('waiting')
    for (let i = 0; i < 58; i++) world.driver.block(10n)
    expect(stage(world)).toBe('waiting')
    for (let i = 0; i < 4; i++) world.driver.block(10n)
    expect(['closing', 'auction']).toContain(stage(world))
    expect(world.broken()).toEqual([])
  })

  it('waits no longer when the line has come in', () => {
    const world = called(20n * ETHER)
    for (let i = 0; i < 3; i++) world.driver.block()
    expect(stage(world)).toBe('waiting')
    world.deliverPulled(4n * ETHER)
    for (let i = 0; i < 2; i++) world.driver.block()
    expect(stage(world)).toBe('none')
    expect(world.broken()).toEqual([])
  })

  it('waits for none that is too small, and ends a wait that has become hopeless', () => {
    const small = called(ETHER / 100n)
    for (let i = 0; i < 3; i++) small.driver.block()
    expect(['closing', 'auction']).toContain(stage(small))
    const world = called(20n * ETHER)
    for (let i = 0; i < 3; i++) world.driver.block()
    expect(stage(world)).toBe('waiting')
    world.moveTo(1_740n)
    for (let i = 0; i < 2; i++) world.driver.block()
    expect(['closing', 'auction']).toContain(stage(world))
    expect(world.broken()).toEqual([])
  })
})
