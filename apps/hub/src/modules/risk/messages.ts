import { MsgOpenIsolated, MsgOpenIsolatedResponse } from '@causeway/protocol/causeway/risk/v1/tx'
import type { Context, ReadContext } from '../../block/context.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitIsolated } from './events.ts'
import { RISK_STORE, isIsolated, writeIsolated } from './state.ts'

/** What opening needs to know. */
export interface OpenPorts {
  readonly addresses: AddressCodec
  /** Whether a subaccount has no balance, cash, position or order. */
  isEmpty(context: ReadContext, holder: Holder): boolean
}

/** `MsgOpenIsolated`. */
export function messages({ addresses, isEmpty }: OpenPorts): readonly MessageType[] {
  return [
    defineMessage({
      typeName: 'causeway.risk.v1.MsgOpenIsolated',
      codec: MsgOpenIsolated,
      responseCodec: MsgOpenIsolatedResponse,
      lane: 4,
      signer: (message) => addresses.decodeHolder(message.holder).account,
      validate(message) {
        if (addresses.decodeHolder(message.holder).subaccount === 0) throw errors.notIsolable()
      },
      handle(context: Context, message) {
        const holder = addresses.decodeHolder(message.holder)
        const store = context.store(RISK_STORE)
        if (isIsolated(store, holder) || !isEmpty(context, holder)) throw errors.notIsolable()
        writeIsolated(store, holder)
        emitIsolated(context, addresses, holder)
        return {}
      },
    }),
  ]
}
