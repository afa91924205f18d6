// What becomes of standby lines and calls when lines pause, clients die, wallets are linked, and hubs start
// from an export.
import { toHex } from '@causeway/primitives'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import { describe, expect, it } from 'vitest'
import type { Context } from './block/context.ts'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { setPause } from './modules/ledger/pauses.ts'
import { LEDGER_STORE, readLine } from './modules/ledger/state.ts'
import { WETH } from './testing/ethereum-bridge.fixture.ts'
import { testHub } from './testing/hub.fixture.ts'
import { linkMessage } from './testing/links.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { ETH, ETHER, StandbyWorld, lineOf } from './testing/standby.fixture.ts'
import { aminoWallet } from './testing/wallets.fixture.ts'

const E9 = 1_000_000_000n
const DAY = 86_400n

/** Runs an act of the hub's own in a block. */
function act(world: StandbyWorld, run: (context: Context) => void): void {
  const module = world.hub.chain.composition.modules.find(({ name }) => name === 'clearing')!
  Object.assign(module, { beginBlock: run })
  world.driver.block()
  Object.assign(module, { beginBlock: undefined })
}

function pause(world: StandbyWorld, seconds: bigint): void {
  const { id } = world.line(WETH)
  act(world, (context) => setPause(context, readLine(context.store(LEDGER_STORE), id)!, seconds))
}

describe('a standby line', () => {
  it('of a token whose line is paused is not called, and is when the pause is over', () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    pause(world, 3_600n)
    world.moveTo(1_900n)
    expect([world.marginCalls().level, world.calls]).toEqual(['called', []])
    pause(world, 0n)
    world.moveTo(1_901n)
    expect(world.calls).toHaveLength(1)
    expect(world.broken()).toEqual([])
  })

  it('that was called is not waited for while its token’s line is paused', () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    world.moveTo(1_900n)
    pause(world, 3_600n)
    world.moveTo(1_800n)
    expect([world.marginCalls().level, world.marginCalls().waiting]).toEqual(['below', false])
    expect(world.told('causeway.calls.v1.wait')).toEqual([])
  })

  it('of a client that has expired is not called, and stops no block', () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER, { expirySeconds: world.driver.timeSeconds + 100n * DAY })
    world.driver.block(40n * DAY)
    for (const price of [2_000n, 1_900n, 1_800n]) world.moveTo(price)
    expect([world.marginCalls().level, world.calls]).toEqual(['below', []])
    expect(world.broken()).toEqual([])
  })

  it('of a wallet that is linked to an account later is the account’s', async () => {
    const world = new StandbyWorld()
    const third = await aminoWallet('third')
    const data = QueryAccountRequest.encode({ address: third.address }).finish()
    world.lock(1, 20n * ETHER, { account: addressOf(third.address) })
    const { value } = world.driver.query('/causeway.accounts.v1.Query/Account', data)
    expect(QueryAccountResponse.decode(value).account).toBeDefined()
    expect([world.marginCalls(third.address).lines.length, world.marginCalls().lines.length]).toEqual([1, 0])
    expect(codeOf(world.deliver(world.trader, [await linkMessage(world.trader.address, third)]))).toBe('0')
    expect(world.marginCalls().lines).toMatchObject([{ line: lineOf(1) }])
    expect(world.broken()).toEqual([])
    // One that comes after
    world.lock(2, 20n * ETHER, { account: addressOf(third.address) })
    expect(world.marginCalls().lines).toHaveLength(2)
    world.moveTo(1_900n)
    expect(world.calls.map((call) => world.asked(call).number)).toEqual([1])
    expect(world.broken()).toEqual([])

    function addressOf(address: string): Uint8Array {
      return world.addresses.decode(address)
    }
  })

  it('keeps its account from ending in another one while it is called', async () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    world.moveTo(1_900n)
    const word = await linkMessage(world.stranger.address, await aminoWallet('trader'))
    expect(codeOf(world.deliver(world.stranger, [word]))).toMatch(/^accounts\//)
    expect(world.marginCalls().calls).toHaveLength(1)
  })
})

describe('the hub', () => {
  const calledWorld = () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    world.lock(2, 10n * ETHER)
    world.moveTo(1_800n)
    return world
  }

  it('comes to the same state by the same blocks', () => {
    const [first, second] = [calledWorld(), calledWorld()]
    expect(toHex(first.hub.chain.stores.appHash())).toBe(toHex(second.hub.chain.stores.appHash()))
  })

  it('starts from an export with lines, calls and waits as they were', () => {
    const world = calledWorld()
    const exported = exportState(world.hub.chain) as Record<'calls' | 'clearing' | 'risk', object>
    expect(exported).toMatchObject({
      calls: { calls: [{ pulled: '' }, { pulled: '' }], waits: [{}], lastWaits: [{}] },
      clearing: { standbyLines: [{ status: 'called' }, { status: 'called' }] },
      risk: { levels: [{ level: 'below' }] },
    })
    const priceSource = (_: bigint, publishTimeSeconds: bigint) => [
      { asset: 2n, priceE9: E9, publishTimeSeconds },
      { asset: ETH, priceE9: 1_800n * E9, publishTimeSeconds },
    ]
    const wallets = [world.relayer, world.trader, world.stranger]
    const time = world.driver.timeNanoseconds
    const copy = testHub(wallets, { priceSource }, exported as never, time)
    copy.driver.block()
    const again = exportState(copy.hub.chain) as typeof exported
    expect([again.calls, again.clearing]).toEqual([exported.calls, exported.clearing])
    expect(brokenInvariants(copy.hub.chain)).toEqual([])
  })
})
