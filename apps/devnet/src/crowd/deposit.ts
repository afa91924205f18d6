import { testAddress } from '../chains/accounts.ts'
import type { CrowdRole } from '../chains/accounts.ts'
import { CLIENTS, HUB, UNIT, USDZ, ZONE } from '../chains/facts.ts'
import { openTrader } from '../story/trader.ts'
import type { SentTransfer } from '../story/trader.ts'

/** What each brings in from the zone, as anybody does: whole tokens. */
export const DEPOSITS: Readonly<Record<CrowdRole, bigint>> = {
  'maker-1': 400_000n,
  'maker-2': 400_000n,
  liquidator: 250_000n,
  'speculator-1': 10_000n,
  'speculator-2': 10_000n,
  'speculator-3': 10_000n,
}

/** Sends it; it becomes cash when it comes in, and makes the account. */
export async function sendDeposit(role: CrowdRole, zoneRpcUrl: string): Promise<SentTransfer> {
  const zone = await openTrader({ ...ZONE, rpcUrl: zoneRpcUrl }, role)
  try {
    const receiver = testAddress(role, HUB.prefix)
    const amount = DEPOSITS[role] * UNIT
    return await zone.transfer({ client: CLIENTS.hubOnZone, denom: USDZ.base, amount, receiver })
  } finally {
    zone.close()
  }
}
