// ICS-20 over IBC v2 on this chain: the application on port `transfer`.
import { createTransferApplication, isErrorAcknowledgement, vaultPeer } from '@causeway/messaging'
import type { Delivery, PacketApplication, TransferPorts } from '@causeway/messaging'
import { equalBytes } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { SettlingBank } from './hub-bank.ts'
import { TRANSFER_STORE } from './state.ts'

/** What transfers of this chain need. */
export interface TransferOptions {
  readonly addresses: AddressCodec
  readonly bank: SettlingBank
  /** Accounts of the chain itself, which take no transfers. */
  isBlocked(account: Uint8Array): boolean
  /** Is told of each transfer that has come in, and who relayed it. */
  delivered?(context: Context, delivery: Delivery, relayer: string): void
}

/** Transfers of one chain. */
export interface Transfer {
  readonly application: PacketApplication<ChainMessagingContext>
  readonly ports: TransferPorts<ChainMessagingContext>
  /** Throws `identifiers/…` or `transfer/1002` for what is no account that can receive. */
  requireReceiver(receiver: string): void
}

/** Makes the application. */
export function createTransfer(options: TransferOptions): Transfer {
  const { addresses, bank, isBlocked } = options
  const requireReceiver = (receiver: string): void => {
    if (isBlocked(addresses.decodeHolder(receiver).account)) throw errors.blockedReceiver({ receiver })
  }
  const ports: TransferPorts<ChainMessagingContext> = {
    bank,
    accounts: {
      requireReceiver: (_context, receiver) => requireReceiver(receiver),
      requireSender(_context, sender, signer) {
        const owner = addresses.decodeHolder(sender).account
        if (!equalBytes(owner, addresses.decodeHolder(signer).account))
          throw errors.senderNotSigner({ sender })
      },
    },
    denominations: ({ chain }) => chain.store(TRANSFER_STORE),
    peer: vaultPeer,
  }
  const application = createTransferApplication(ports)
  return {
    ports,
    requireReceiver,
    application: {
      ...application,
      onReceivePacket(context, delivery, relayer) {
        const result = application.onReceivePacket(context, delivery, relayer)
        options.delivered?.(context.chain, delivery, relayer)
        return result
      },
      onAcknowledgementPacket: acknowledgeAndSettle(application, bank),
    },
  }
}

/** A transfer that was taken at the other end is no longer in flight. */
function acknowledgeAndSettle(
  application: PacketApplication<ChainMessagingContext>,
  bank: SettlingBank,
): PacketApplication<ChainMessagingContext>['onAcknowledgementPacket'] {
  return (context, delivery, acknowledgement, relayer) => {
    application.onAcknowledgementPacket(context, delivery, acknowledgement, relayer)
    if (isErrorAcknowledgement([acknowledgement])) return
    const { sourceClient, sequence, payloadIndex } = delivery
    bank.settle(context, { client: sourceClient, sequence, payloadIndex })
  }
}
