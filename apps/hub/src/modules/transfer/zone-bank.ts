// ICS-20 as any Cosmos chain does it: vouchers minted and burned, everything else escrowed by client.
import { voucherOf } from '@causeway/messaging'
import { lockTokens, unlockTokens } from './native-escrow.ts'
import type { SettlingBank } from './hub-bank.ts'
import type { ZoneBankPorts } from './ports.ts'

/** Makes the bank of a plain zone. */
export function createZoneBank({ addresses, ledger }: ZoneBankPorts): SettlingBank {
  return {
    escrow({ chain }, movement) {
      const asset = ledger.asset(chain, voucherOf(movement.denomination))
      lockTokens(chain, ledger, { movement, from: addresses.decodeHolder(movement.account), asset })
    },
    release({ chain }, movement) {
      const asset = ledger.asset(chain, voucherOf(movement.denomination))
      unlockTokens(chain, ledger, { movement, to: addresses.decodeHolder(movement.account), asset })
    },
    mint({ chain }, movement) {
      const asset = ledger.ensureVoucher(chain, voucherOf(movement.denomination))
      ledger.mint(chain, addresses.decodeHolder(movement.account), asset, movement.amount)
    },
    burn({ chain }, movement) {
      const asset = ledger.asset(chain, voucherOf(movement.denomination))
      ledger.burn(chain, addresses.decodeHolder(movement.account), asset, movement.amount)
    },
    settle: () => undefined,
    spendable: ({ chain }, account, denomination) =>
      ledger.balance(chain, addresses.decodeHolder(account), ledger.asset(chain, voucherOf(denomination)).id),
  }
}
