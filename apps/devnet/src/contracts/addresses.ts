import { getContractAddress } from 'viem'
import type { Hex } from 'viem'

/** The contracts of a devnet, in the order in which the deployer creates them: their nonces name them. */
export const DEPLOYMENT_ORDER = [
  'usdc',
  'wrappedEther',
  'hubClient',
  'vault',
  'standbyLines',
  'clearingPort',
  'core',
] as const

/** One of the contracts. */
export type ContractName = (typeof DEPLOYMENT_ORDER)[number]
/** Addresses of all of them, lower-case. */
export type ContractAddresses = Readonly<Record<ContractName, Hex>>

/** Where a deployer that has sent nothing yet will create the contracts: known before they exist. */
export function contractAddresses(deployer: Hex): ContractAddresses {
  const at = (nonce: number) =>
    getContractAddress({ from: deployer, nonce: BigInt(nonce) }).toLowerCase() as Hex
  return Object.fromEntries(DEPLOYMENT_ORDER.map((name, nonce) => [name, at(nonce)])) as ContractAddresses
}
