// A whole hub with a vault that is on: wallets by name with cash, prices that a test sets, what the vault
// says.
import { assert, toHex } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import {
  QueryHistoryRequest,
  QueryHistoryResponse,
  QueryHoldingRequest,
  QueryHoldingResponse,
  QueryResultsRequest,
  QueryResultsResponse,
  QueryVaultRequest,
  QueryVaultResponse,
} from '@causeway/protocol/causeway/vault/v1/query'
import { QueryOrdersRequest, QueryOrdersResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { createHubApplication } from '../../app.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { arena } from '../../manipulations/arena.fixture.ts'
import type { Arena, ArenaOptions } from '../../manipulations/arena.fixture.ts'
import { VAULT } from '../../named-accounts.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { E6, cashOf, portfolio } from '../../testing/trading-hub.fixture.ts'

/** Who has shares, who trades, and one more. */
export const [OWNER, TRADER, THIRD] = ['vault owner', 'vault trader', 'vault third'] as const
const NAMES = [OWNER, TRADER, THIRD] as const
/** The vault's account. */
export const VAULT_ADDRESS = createAddressCodec('cway').encode(VAULT.account)

/** What a test wants otherwise. */
export interface VaultHubOptions extends ArenaOptions {
  readonly params?: Record<string, JsonValue>
  readonly names?: readonly string[]
}

/** On; quotes of a tenth, since accounts are small and lots are not; requests wait for ten minutes. */
const TEST_PARAMS = { enabled: '1', sizeBps: '1000', delaySeconds: '600' }
/** What requests wait, in a test. */
export const DELAY = 600n

/** The hub, on, with everybody's tokens in cash. */
export function vaultHub({ params = {}, names = NAMES, ...options }: VaultHubOptions = {}) {
  const vault = { params: { ...TEST_PARAMS, ...params } }
  const world = arena(names, { ...options, genesis: { vault, ...options.genesis } })
  if (options.of === undefined) assert(world.fund(...names), 'everything becomes cash')
  return { ...world, ...readers(world), ...holders(world) }
}

/** A hub with a vault. */
export type VaultHub = ReturnType<typeof vaultHub>

function readers(world: Arena) {
  const { driver, of } = world
  const ask = (method: string, data: Uint8Array) => {
    const { code, value } = driver.query(`/causeway.vault.v1.Query/${method}`, data)
    assert(code === 0, `the vault can be asked: ${method}`)
    return value
  }
  return {
    vault: () => QueryVaultResponse.decode(ask('Vault', QueryVaultRequest.encode({}).finish())),
    worth: () =>
      BigInt(QueryVaultResponse.decode(ask('Vault', QueryVaultRequest.encode({}).finish())).worthE6),
    holding: (name: string) =>
      QueryHoldingResponse.decode(
        ask('Holding', QueryHoldingRequest.encode({ holder: of(name).address }).finish()),
      ),
    history: (fromHour = 0n, limit = 0) =>
      QueryHistoryResponse.decode(ask('History', QueryHistoryRequest.encode({ fromHour, limit }).finish()))
        .hours,
    results: (after = 0n, limit = 0) =>
      QueryResultsResponse.decode(ask('Results', QueryResultsRequest.encode({ after, limit }).finish()))
        .results,
    /** The vault's resting orders. */
    quotes() {
      const request = QueryOrdersRequest.fromPartial({ account: VAULT_ADDRESS })
      const { code, value } = driver.query(
        '/causeway.markets.v1.Query/Orders',
        QueryOrdersRequest.encode(request).finish(),
      )
      assert(code === 0, 'orders can be asked for')
      return QueryOrdersResponse.decode(value).orders
    },
    cash: (name: string) => cashOf(driver, of(name).address),
    worthOf: (name: string) => BigInt(portfolio(driver, of(name).address).equityE6),
    vaultFolio: () => portfolio(driver, VAULT_ADDRESS),
    /** Events of the vault in the last block. */
    events: (type: string) => {
      const { events, txResults } = driver.responses.at(-1)!
      return [...events, ...txResults.flatMap((each) => each.events)]
        .filter((event) => event.type === `causeway.vault.v1.${type}`)
        .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
    },
    /** Hashes of another node that executes the same blocks. */
    replay(): string[] {
      const follower = createHubApplication(hubOptions(createMemoryStorage(), { priceSource: () => [] }))
      new Driver(follower, driver.validators).initChain(world.state)
      return driver.requests.map((request) => {
        const { appHash } = follower.finalizeBlock(request)
        follower.commit()
        return toHex(appHash)
      })
    },
  }
}

function holders(world: Arena) {
  const { of, driver } = world
  const holder = (name: string) => of(name).address
  const deposit = (name: string, cash: bigint) => {
    const act = message('causeway.vault.v1.MsgDepositVault', {
      holder: holder(name),
      amountE6: `${cash * E6}`,
    })
    return world.act(name, act)
  }
  return {
    deposit,
    withdraw: (name: string, shares: bigint) =>
      world.act(
        name,
        message('causeway.vault.v1.MsgWithdrawVault', { holder: holder(name), shares: `${shares}` }),
      ),
    /** Blocks of so many seconds until some time is over; prices are fresh after 10 and less. */
    pass(seconds: bigint, step = 10n) {
      for (let left = seconds; left > 0n; left -= step) driver.block(left < step ? left : step)
    },
  }
}

/** Deposits, and waits until it is executed. */
export function fundVault(world: VaultHub, name: string, cash: bigint): bigint {
  assert(world.deposit(name, cash) === '0', 'the vault takes it')
  world.pass(DELAY + 60n, 60n)
  world.blocks(1)
  const { shares } = world.holding(name)
  assert(BigInt(shares) > 0n, 'there are shares')
  return BigInt(shares)
}
