import { ClearingPort, CollateralVault, HubClient, IbcCore, StandbyLines } from '@causeway/contracts-evm'
import { stringToHex } from 'viem'
import type { Hex } from 'viem'
import type { Deployer } from './deployer.ts'

/** A block of the hub that its client on Ethereum begins by trusting. */
export interface TrustedHub {
  readonly chainId: string
  /** Ethereum's client on the hub. */
  readonly clientId: string
  readonly attestation: {
    readonly height: bigint
    readonly timeSeconds: bigint
    readonly appHash: Hex
    readonly nextSetHash: Hex
  }
  /** Hash of the set that signed it. */
  readonly setHash: Hex
}

/** Uniswap's, at its address on every network; a devnet has none, and takes EIP-2612's permits. */
const PERMIT2 = '0x000000000022d473030f116ddee9f6b43ac78ba3'
/** In an hour a quarter of what is escrowed may leave, or what the floor says if that is more. */
const OUTFLOW = { shareBps: 2_500, windowSeconds: 3_600, floor: 10n ** 21n }
/** Where a Cosmos chain proves packets: the store's name, and the key under it. */
const HUB_MERKLE_PREFIX = [stringToHex('ibc'), '0x'] as const

/**
 * Creates the hub's light client, the vault, standby lines, the clearing port and, last, the core, which
 * checks the wiring and makes the hub its first client, `client-0`.
 */
export async function deployBridge(deployer: Deployer, hub: TrustedHub): Promise<void> {
  const { hubClient, vault, standbyLines, clearingPort, core, wrappedEther } = deployer.addresses
  const wiring = { core, clearingPort, standbyLines, wrappedEther, permit2: PERMIT2 }
  const counterparty = { clientId: hub.clientId, merklePrefix: HUB_MERKLE_PREFIX }
  await deployer.deploy([
    {
      name: 'hubClient',
      artifact: HubClient,
      arguments: [core, hub.chainId, hub.attestation, hub.setHash],
    },
    { name: 'vault', artifact: CollateralVault, arguments: [wiring, OUTFLOW, []] },
    { name: 'standbyLines', artifact: StandbyLines, arguments: [vault, clearingPort] },
    { name: 'clearingPort', artifact: ClearingPort, arguments: [core, vault, standbyLines] },
    {
      name: 'core',
      artifact: IbcCore,
      arguments: [vault, clearingPort, counterparty, hubClient],
    },
  ])
}
