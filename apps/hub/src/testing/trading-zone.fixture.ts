// A zone with one trade message, whose handler tells who signed: everything about transactions, without
// markets.
import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import type { JsonValue } from '@causeway/primitives'
import { MsgCancelAll, MsgCancelAllResponse } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Any } from '@causeway/protocol'
import { CosmosApplication } from '../application.ts'
import type { Composition } from '../block/composition.ts'
import { defineMessage } from '../block/module.ts'
import type { Module, Signer } from '../block/module.ts'
import { zoneAppState } from '../genesis/app-state.ts'
import { createAddressCodec } from '../identifiers.ts'
import { createAccounts } from '../modules/accounts/accounts.ts'
import { applicationOptions } from '../node-options.ts'
import type { NodeOptions } from '../node-options.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { zoneComposition } from '../zone.ts'
import { Driver } from './driver.fixture.ts'
import { testValidators } from './validators.fixture.ts'

const PREFIX = 'cway'
const CHAIN_ID = 'causeway-1'
const addresses = createAddressCodec(PREFIX)

/** A zone at its first block, and what a test changes and sees of it. */
export interface TradingZone {
  readonly zone: CosmosApplication
  readonly driver: Driver
  /** Who signed each trade message that was delivered, in order. */
  readonly traded: Signer[]
  /** Whether accounts are worth enough to trade for free, and how often that was asked. */
  readonly worth: { isEnough: boolean; asked: number }
}

/** Makes the zone; these holders own 10^9 ucway each. */
export function tradingZone(
  holders: readonly string[],
  options: Partial<NodeOptions> & { readonly storage?: Storage; readonly appState?: JsonValue } = {},
): TradingZone {
  const traded: Signer[] = []
  const worth = { isEnough: true, asked: 0 }
  const { appState, ...rest } = options
  const application = applicationOptions({
    chainId: CHAIN_ID,
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
    ...rest,
  })
  const composed = zoneComposition({ ...application, name: 'zone', bech32Prefix: PREFIX })
  const zone = new CosmosApplication(trading(composed, traded, worth), application)
  const driver = new Driver(zone, testValidators([10n]), { chainId: CHAIN_ID, extensions: false })
  const balances = holders.map((holder) => ({ holder, denom: 'ucway', amount: 1_000_000_000n }))
  const gasPrice = { denom: 'ucway', priceE9: 25_000_000n }
  driver.initChain(appState ?? zoneAppState({ denoms: ['ucway', 'uusd'], balances, gasPrice }), 0n)
  driver.block()
  return { zone, driver, traded, worth }
}

/** The trade message of the zone, for an account. */
export function trade(account: string, market = 0n): Any {
  const value = MsgCancelAll.encode({ signer: account, subaccount: 0, market }).finish()
  return { typeUrl: '/causeway.markets.v1.MsgCancelAll', value }
}

function trading(composed: Composition, traded: Signer[], worth: TradingZone['worth']): Composition {
  const accounts = createAccounts(addresses)
  const isWorthEnough = () => {
    worth.asked += 1
    return worth.isEnough
  }
  const module: Module = {
    name: 'probe',
    messages: [
      defineMessage({
        typeName: 'causeway.markets.v1.MsgCancelAll',
        codec: MsgCancelAll,
        responseCodec: MsgCancelAllResponse,
        lane: 3,
        permission: 'trade',
        signer: ({ signer }) => addresses.decode(signer),
        handle(_context, _message, signer) {
          traded.push(signer)
          return { count: 0 }
        },
      }),
    ],
    queries: [],
  }
  return {
    ...composed,
    modules: [...composed.modules, module],
    authentication: {
      ...composed.authentication,
      takeTokens: (context, account, tokens) => accounts.takeTokens(context, account, tokens, isWorthEnough),
    },
  }
}
