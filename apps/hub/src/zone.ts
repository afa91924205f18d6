// A plain Cosmos zone of the same parts: accounts, balances, IBC, ICS-20 with vouchers and escrow accounts;
// no vote extensions.
import type { LightClient } from '@causeway/messaging'
import { CosmosApplication } from './application.ts'
import type { Composition } from './block/composition.ts'
import { composition, createBridge, createFoundation } from './compose.ts'
import { createAddressCodec } from './identifiers.ts'
import { stakingModule } from './modules/staking/module.ts'
import { createStaking } from './modules/staking/staking.ts'
import type { VoucherLedger } from './modules/transfer/ports.ts'
import { createZoneBank } from './modules/transfer/zone-bank.ts'
import { applicationOptions } from './node-options.ts'
import type { NodeOptions } from './node-options.ts'
import type { VerifySignatures } from './tx/signatures.ts'

/** What a zone is made with. */
export interface ZoneApplicationOptions extends NodeOptions {
  readonly name: string
  readonly bech32Prefix: string
}

/** Makes a zone over a storage: at its last committed block, or waiting for InitChain. */
export function createZoneApplication(options: ZoneApplicationOptions): CosmosApplication {
  const application = applicationOptions(options)
  const { name, bech32Prefix } = options
  return new CosmosApplication(zoneComposition({ ...application, name, bech32Prefix }), application)
}

/** A zone's modules, joined. */
export function zoneComposition(options: {
  readonly name: string
  readonly bech32Prefix: string
  readonly lightClients: readonly LightClient[]
  readonly verifySignatures: VerifySignatures
}): Composition {
  const foundation = createFoundation(createAddressCodec(options.bech32Prefix))
  const { addresses, ledger, transferLedger } = foundation
  const voucherLedger: VoucherLedger = {
    ...transferLedger,
    mint: ledger.mint,
    burn: ledger.burn,
    ensureVoucher: (context, denom) => ledger.ensureAsset(context, { denom, decimals: 0, native: false }),
  }
  const bank = createZoneBank({ addresses, ledger: voucherLedger })
  const checkWithdrawal = () => undefined
  const staking = createStaking()
  const { lightClients, verifySignatures } = options
  const modules = [
    ...createBridge(foundation, { lightClients, bank, checkWithdrawal, linking: { verifySignatures } })
      .modules,
    stakingModule(staking),
  ]
  return composition(foundation, { name: options.name, modules, validators: staking })
}
