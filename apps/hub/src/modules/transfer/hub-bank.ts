// ICS-20 on a hub: tokens from elsewhere are lines, backed one for one by the other chain's escrow; native
// tokens are escrowed here.
import type { Bank, TokenMovement } from '@causeway/messaging'
import { assert } from '@causeway/primitives'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import { emitMovement } from './events.ts'
import { errors } from './errors.ts'
import { lockTokens, nativeAsset, unlockTokens } from './native-escrow.ts'
import type { HubBankPorts, TransferLine } from './ports.ts'
import { TRANSFER_STORE, takeOutgoing, writeOutgoing } from './state.ts'
import type { PayloadId } from './state.ts'

// A line keeps its path, and tells it with every change.
const PATH_CHARACTERS_MAX = 512

/** A bank that also hears when a transfer has arrived. */
export interface SettlingBank extends Bank<ChainMessagingContext> {
  /** A transfer that went out was taken at the other end. */
  settle(context: ChainMessagingContext, id: PayloadId): void
}

/** The bank of a hub. */
export interface HubBank extends SettlingBank {
  /** While it runs, what is sent leaves from what waits, and no sender is judged again. */
  sendWaiting<Result>(run: () => Result): Result
}

/** Makes the bank of a hub. */
export function createHubBank<Line extends TransferLine>(ports: HubBankPorts<Line>): HubBank {
  const { addresses, ledger, lines } = ports
  let isFromWaiting = false
  return {
    sendWaiting(run) {
      assert(!isFromWaiting, 'a withdrawal sends one packet')
      isFromWaiting = true
      try {
        return run()
      } finally {
        isFromWaiting = false
      }
    },
    escrow({ chain }, movement) {
      ports.requireSolvent(chain)
      const asset = nativeAsset(chain, ledger, movement.denomination)
      const from = addresses.decodeHolder(movement.account)
      lockTokens(chain, ledger, { movement, from, asset })
      ports.checkWithdrawal(chain, from)
      writeOutgoing(chain.store(TRANSFER_STORE), payloadOf(movement), { line: 0n, amount: movement.amount })
      emitMovement(chain, addresses, { movement, line: 0n, asset: asset.id })
    },
    release({ chain }, movement) {
      const asset = nativeAsset(chain, ledger, movement.denomination)
      if (movement.purpose !== 'receive') takeOutgoing(chain.store(TRANSFER_STORE), payloadOf(movement))
      unlockTokens(chain, ledger, { movement, to: addresses.decodeHolder(movement.account), asset })
      emitMovement(chain, addresses, { movement, line: 0n, asset: asset.id })
    },
    mint({ chain }, movement) {
      const to = addresses.decodeHolder(movement.account)
      if (movement.purpose === 'receive') {
        requireShortPath(movement.denomination)
        const line = lines.ensure(chain, movement.clientId, movement.denomination)
        lines.deposit(chain, line, to, movement.amount)
        emitMovement(chain, addresses, { movement, line: line.id, asset: line.asset })
        ports.deposited(chain, line, to, movement.amount)
        return
      }
      const { line } = takeOutgoing(chain.store(TRANSFER_STORE), payloadOf(movement))
      lines.refund(chain, line, to, movement.amount)
      const { asset } = lines.find(chain, movement.denomination)
      emitMovement(chain, addresses, { movement, line, asset })
    },
    burn({ chain }, movement) {
      if (!isFromWaiting) ports.requireSolvent(chain)
      const line = lines.find(chain, movement.denomination)
      const from = addresses.decodeHolder(movement.account)
      if (!isFromWaiting && ports.isWaiting(chain, line.id)) throw errors.othersWait({ denom: line.denom })
      lines.withdraw(chain, line, isFromWaiting ? ports.waiting : from, movement.amount)
      if (!isFromWaiting) ports.checkWithdrawal(chain, from)
      const record = { line: line.id, amount: movement.amount }
      writeOutgoing(chain.store(TRANSFER_STORE), payloadOf(movement), record)
      emitMovement(chain, addresses, { movement, line: line.id, asset: line.asset })
    },
    settle({ chain }, id) {
      const { line, amount } = takeOutgoing(chain.store(TRANSFER_STORE), id)
      if (line !== 0n) lines.settle(chain, line, amount)
    },
    spendable({ chain }, account, denomination) {
      const holder = addresses.decodeHolder(account)
      if (!denomination.includes('/')) {
        return ledger.balance(chain, holder, nativeAsset(chain, ledger, denomination).id)
      }
      const line = lines.find(chain, denomination)
      const free = BigInt(line.escrowed) - BigInt(line.inFlight)
      const held = ledger.balance(chain, holder, line.asset)
      return held < free ? held : free
    },
  }
}

function requireShortPath(denomination: string): void {
  if (denomination.length > PATH_CHARACTERS_MAX) throw errors.pathTooLong({ max: PATH_CHARACTERS_MAX })
}

function payloadOf({ clientId, sequence, payloadIndex }: TokenMovement): PayloadId {
  return { client: clientId, sequence, payloadIndex }
}
