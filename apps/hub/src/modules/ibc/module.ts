import { IBC_STORE_NAME, ibcQueries } from '@causeway/messaging'
import type { QueryHandler } from '@causeway/messaging'
import { messagingHeight } from '../../block/messaging-context.ts'
import type { Context } from '../../block/context.ts'
import type { Module, QueryMethod } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import type { Ibc } from './ibc.ts'
import { invariants } from './invariants.ts'
import { messages } from './messages.ts'
import type { ClientOpened } from './opened-client.ts'

/**
 * The module `ibc`. Its store has the keys that stock clients of other chains prove. `opened` is told when a
 * client's creator has registered its counterparty.
 */
export function ibcModule(ibc: Ibc, addresses: AddressCodec, opened: ClientOpened<Context>): Module {
  return {
    name: 'ibc',
    storeName: IBC_STORE_NAME,
    messages: messages(ibc, addresses, opened),
    queries: [...ibcQueries].map(([path, handler]) => queryMethod(ibc, path, handler)),
    initGenesis: (context, state) => initGenesis(context, state, ibc.lightClients),
    exportGenesis,
    invariants,
  }
}

function queryMethod(ibc: Ibc, path: string, handler: QueryHandler): QueryMethod {
  return {
    path,
    answer(context, request) {
      const { chainId, timeNanoseconds } = context
      const height = messagingHeight(chainId, context.height)
      const state = {
        ibc: context.store(IBC_STORE_NAME),
        height,
        timeNanoseconds,
        lightClients: ibc.lightClients,
      }
      return handler(state, request)
    },
  }
}
