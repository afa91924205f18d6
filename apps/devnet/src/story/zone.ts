import { CLIENTS, UNIT, USDZ, ZONE } from '../chains/facts.ts'
import type { Devnet } from '../devnet.ts'
import type { Collateral, CollateralChain } from './collateral-chain.ts'
import { cosmosProofHeight } from './proof-height.ts'
import { openTrader } from './trader.ts'

const TOKEN: Collateral = {
  name: USDZ.base,
  bridged: USDZ,
  deposit: 1_000n * UNIT,
  withdrawal: 500n * UNIT,
}

/** The Cosmos zone, with the trader on it. */
export async function openZone({ zone }: Devnet): Promise<CollateralChain> {
  const trader = await openTrader({ ...ZONE, rpcUrl: zone.rpcUrl })
  const client = CLIENTS.hubOnZone
  return {
    end: { chainId: ZONE.chainId, client, proofHeight: cosmosProofHeight(zone.rpcUrl) },
    part: 'zone',
    address: trader.address,
    collaterals: [TOKEN],
    balance: ({ name }) => trader.balance(name),
    deposit: ({ name, deposit }, receiver) =>
      trader.transfer({ client, denom: name, amount: deposit, receiver }),
    close: () => trader.close(),
  }
}
